import assert from "node:assert/strict";
import { jobOf, presetFor } from "../../../model/experiment/method_options.ts";
import { optionsOfPreset, PRESET_NAMES, type PresetName, presetOf } from "../../../model/presets/presets.ts";

Deno.test("each preset is options that its method takes, and says where it is from", () => {
  for (const preset of PRESET_NAMES) {
    const text = Deno.readTextFileSync(new URL(`../../../model/presets/${preset}.json`, import.meta.url));
    for (const [method, { origin }] of Object.entries<{ origin: string }>(JSON.parse(text))) {
      jobOf(method, optionsOfPreset(preset, method));
      assert.match(origin, /^\S+ on .*(by hand|on validation)/);
    }
  }
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
