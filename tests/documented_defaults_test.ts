/** The documented defaults of options agree with the schemas: editors and `help` show the documentation, and schemas fill in the values. */
import assert from "node:assert/strict";
import type { z } from "zod";
import { jobShape } from "../model/experiment/options.ts";
import { DESCRIPTIONS } from "../model/methods/registry.ts";
import { searchShape } from "../model/search/options.ts";
import { trainingOptionsShape } from "../model/train/options.ts";
import { prepareSchema } from "../pipeline/config.ts";

type Shape = Readonly<Record<string, z.ZodType>>;

interface Property {
  name: string;
  jsDoc?: { doc?: string };
  tsType?: { repr?: string };
}
interface Declaration {
  def: { properties?: Property[]; extends?: unknown; tsType?: { value?: { properties?: Property[] } } };
}

/** What the library exports, as Deno reads it from the sources. */
const { stdout } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--quiet", "--json", new URL("../mod.ts", import.meta.url).href],
}).output();
const symbols = Object.values(JSON.parse(new TextDecoder().decode(stdout)).nodes)
  .flatMap((node) => (node as { symbols: { name: string; declarations: Declaration[] }[] }).symbols);
const declared = new Map(symbols.map(({ name, declarations }) => [name, declarations]));

/** The documented properties of a type: its own, then those of the types that it is made of. */
function properties(type: string): Property[] {
  return (declared.get(type) ?? []).flatMap(({ def }) => {
    const made = JSON.stringify([def.extends, def.tsType]).matchAll(/"typeName":"(\w+)"/g);
    return [
      ...def.properties ?? def.tsType?.value?.properties ?? [],
      ...[...made].flatMap(([, name]) => properties(name)),
    ];
  });
}

/** The type of each method's options, and their schemas. */
const methods = DESCRIPTIONS.map(({ name, shape }): [string, Shape] => {
  const type = properties("MethodOptions").find((method) => method.name === name)!.tsType!.repr!;
  assert(declared.has(type), `model/mod.ts does not export the type of the options of ${name}`);
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
    const own = properties(type).filter(({ name }, i, all) =>
      all.findIndex((one) => one.name === name) === i
    );
    const options = own.flatMap(({ name, jsDoc: { doc = "" } = {} }) => {
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
