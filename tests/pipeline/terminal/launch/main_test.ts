/** What `deno task help` shows: the same as the installed program, with the commands as tasks of a clone. */
import assert from "node:assert/strict";
import { COMMANDS } from "../../../../pipeline/terminal/launch/commands.ts";
import { task } from "../../../command.ts";

Deno.test("deno task help has all commands, deno task help COMMAND all options of one", async () => {
  const { code, stdout, stderr } = await task("help", []);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Usage: deno task COMMAND \[options\]$/m);
  assert.doesNotMatch(stdout, /automlp /);
  for (const name of Object.keys(COMMANDS)) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  assert.deepEqual(await task("help", ["--help"]), { code, stdout, stderr });
  for (const [name, option] of [["retrain", "--help"], ["search", "--help-all"]]) {
    assert.deepEqual(await task("help", [name]), await task(name, [option]));
  }
  assert.match(
    (await task("help", ["nothing"])).stderr,
    /^error: There is no command "nothing"; see deno task help$/m,
  );
});
