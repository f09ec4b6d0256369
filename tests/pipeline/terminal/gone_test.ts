import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { checkConfig, commandOptions } from "../../../pipeline/terminal/config.ts";
import { gone } from "../../../pipeline/terminal/gone.ts";
import { helpText } from "../../../pipeline/terminal/help.ts";
import { parseCommandLine } from "../../../pipeline/terminal/options.ts";
import { optionsOf } from "../../../pipeline/terminal/schema_options.ts";
import { withFolder } from "../../folders.ts";
import { BREW } from "./spec.ts";

const shape = {
  maxMinutes: z.number().default(3).meta({ description: "how long" }),
  time: gone("it is maxMinutes now"),
};
const schema = z.strictObject(shape), spec = { ...BREW, options: optionsOf({ "What is brewed": shape }) };

const refused = (says: string) => (error: unknown) => {
  assert(error instanceof InputError);
  assert.equal(error.message, says);
  return true;
};

Deno.test("an option that is gone is refused with what to give instead: as a flag, as a key, as an argument", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run.yaml");
    Deno.writeTextFileSync(path, "time: 5\n");
    const flag = refused("Option --time is gone: it is maxMinutes now");
    assert.throws(() => parseCommandLine(["--time", "5"], spec), flag);
    assert.throws(() => checkConfig(schema, { time: 5 }), flag);
    const key = refused(`Key "time" in ${path} is gone: it is maxMinutes now`);
    await assert.rejects(commandOptions(schema, path, {}), key);
  }));

Deno.test("an option that is gone is not in the help, and asks for nothing", () => {
  assert.doesNotMatch(helpText(spec), /--time/);
  assert.match(helpText(spec), /--max-minutes/);
  assert.deepEqual(checkConfig(schema, {}), { maxMinutes: 3 });
});
