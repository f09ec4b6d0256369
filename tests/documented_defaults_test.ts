/** The documented defaults of options agree with the schemas: editors and `help` show the documentation, and schemas fill in the values. */
import assert from "node:assert/strict";
import type { z } from "zod";
import { jobShape } from "../model/experiment/options.ts";
import { DESCRIPTIONS } from "../model/methods/registry.ts";
import { searchShape } from "../model/search/options.ts";
import { trainingOptionsShape } from "../model/train/options.ts";
import { prepareSchema } from "../pipeline/config.ts";
import { Api } from "../pipeline/notebook/documentation/api.ts";

type Shape = Readonly<Record<string, z.ZodType>>;

const api = await Api.of(new URL("../mod.ts", import.meta.url).href);

/** The type of each method's options, and their schemas. */
const methods = DESCRIPTIONS.map(({ name, shape }): [string, Shape] => {
  const [type] = api.properties("MethodOptions").find((method) => method.name === name)!.types;
  assert(type !== undefined, `model/mod.ts does not export the type of the options of ${name}`);
  return [type, shape];
});
const TYPES: readonly [type: string, shape: Shape][] = [
  ...methods,
  ["AutomlpJobInput", jobShape],
  ["TrainingOptions", trainingOptionsShape],
  ["SearchOptions", { ...trainingOptionsShape, ...searchShape }],
  ["PrepareInput", prepareSchema.shape],
];

/** The default of an option; undefined if that depends on something else. */
function defaultOf(schema: z.ZodType | undefined): unknown {
  const parsed = schema?.safeParse(undefined);
  return parsed?.success ? parsed.data : undefined;
}

for (const [type, shape] of TYPES) {
  Deno.test(`the defaults of ${type} are those that its documentation says`, () => {
    const options = api.properties(type).flatMap(({ name, doc }) => {
      const value = defaultOf(shape[name]);
      return value === undefined ? [] : [{ name, value, doc }];
    });
    assert(options.length >= 2);
    const wrong = options.filter(({ value, doc }) => {
      const words = String(value).replaceAll(",", ", ").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const said = new RegExp(`Default:?\\s\`?${words}\`?(?![\\w-]|\\.\\d)|\`${words}\`,? \\(?the default`);
      return !said.test(doc) && !(Array.isArray(value) && / Default: all /.test(doc));
    });
    assert.deepEqual(wrong, []);
  });
}
