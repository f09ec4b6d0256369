/** The presets in the library are those of the YAML files, with options that their methods have. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { jobOf, presetFor } from "../../../model/experiment/method_options.ts";
import { optionsOfPreset, type PresetName, presetOf } from "../../../model/presets/presets.ts";
import { PRESETS } from "../../../model/presets/values.ts";
import { fromFileUrl } from "../../paths.ts";

const folder = fromFileUrl(new URL("../../../model/presets/", import.meta.url));
const inOrder = (names: Iterable<Deno.DirEntry>) => [...names].map(({ name }) => name).sort();

/** [preset][method] → options; and the sources, from the files' first lines. */
function ofFiles() {
  const presets: Record<string, Record<string, Record<string, unknown>>> = {}, sources: string[] = [];
  for (const preset of inOrder(Deno.readDirSync(folder).filter(({ isDirectory }) => isDirectory))) {
    for (const file of inOrder(Deno.readDirSync(`${folder}${preset}`))) {
      const text = Deno.readTextFileSync(`${folder}${preset}/${file}`);
      const { method, ...options } = parse(text) as Record<string, unknown>;
      assert.equal(file, `${method}.yaml`);
      (presets[preset] ??= {})[method as string] = options;
      sources.push(text.split("\n")[0]);
    }
  }
  return { presets, sources };
}

Deno.test("values.ts holds what the YAML files say (UPDATE_SNAPSHOTS=1 writes it)", async () => {
  const { presets } = ofFiles();
  if (Deno.env.get("UPDATE_SNAPSHOTS")) {
    const file = `${folder}values.ts`;
    Deno.writeTextFileSync(
      file,
      "/**\n * The presets, made of the YAML files beside this by the test `values_test.ts`: edit those.\n *\n * @module\n */\n\n" +
        `/** By preset and method. */\nexport const PRESETS = ${JSON.stringify(presets)} as const;\n`,
    );
    await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", file] }).output();
    return;
  }
  assert.deepEqual(PRESETS, presets, "write model/presets/values.ts with UPDATE_SNAPSHOTS=1");
});

Deno.test("each preset is options that its method takes, and each file says where it is from", () => {
  const { presets, sources } = ofFiles();
  for (const [preset, methods] of Object.entries(presets)) {
    for (const method of Object.keys(methods)) jobOf(method, optionsOfPreset(preset as PresetName, method));
  }
  for (const source of sources) assert.match(source, /^# \S+ on .*(by hand|on validation)/);
});

Deno.test("a preset that is not there, or says nothing of a method, is refused in a line", () => {
  assert.throws(() => presetFor("ml-100" as PresetName, "sasrec"), {
    name: "InputError",
    message: /^There is no preset ml-100 \(did you mean "ml-100k"\?\); there are beauty, demo, ml-100k/,
  });
  assert.throws(() => presetFor("demo", "sasrec"), {
    name: "InputError",
    message: "The preset demo says nothing of sasrec; it has options of automlp",
  });
  assert.equal(presetOf("demo", "sasrec"), undefined);
  assert.equal(presetOf(undefined, "automlp"), undefined);
});
