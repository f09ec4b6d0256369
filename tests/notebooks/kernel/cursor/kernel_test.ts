/** Documentation and completion in a real kernel, asked by Jupyter's own client (`tests/python/kernel_cursor.py`). */
import assert from "node:assert/strict";
import { FIRST, MODULES } from "../../../../notebooks/kernel/cursor/importable.ts";
import { MEASURES } from "../../../../model/records/evaluation.ts";
import { installSpec } from "../../../../notebooks/kernel/install.ts";
import { prefixFolder } from "../../../../notebooks/kernel/places.ts";
import { kernelSpec } from "../../../../notebooks/kernel/spec.ts";
import { plantedCsv } from "../../../../fixtures/planted.ts";
import { withFolder } from "../../../folders.ts";
import { hasModules, runPython } from "../../../pipeline/export/python.ts";

interface Seen {
  function: string;
  word: string;
  member: string;
  option: string;
  nothing: null;
  all: [matches: string[], replaced: string];
  modules: [matches: string[], replaced: string][];
  door: null;
  imports: [matches: string[], replaced: string];
  options: [matches: string[], replaced: string];
  nested: [matches: string[], replaced: string][];
  texts: [matches: string[], replaced: string][];
  text_option: string;
  nested_option: string;
  own: [matches: string[], replaced: string];
  tidy: [matches: string[], replaced: string];
  unknown: string;
  learnt: string;
  made: null;
  members: [matches: string[], replaced: string];
  begun_member: [matches: string[], replaced: string];
  next: [matches: string[], replaced: string];
  record: [matches: string[], replaced: string];
  dataset: [matches: string[], replaced: string];
  class: [matches: string[], replaced: string];
  renamed: [error: null, completion: [matches: string[], replaced: string]];
  foreign: [matches: string[], replaced: string];
  help: string[];
  after: string;
}

Deno.test({
  name:
    "Shift+Tab shows signature, options and an example; Tab knows our imports and options; the kernel does the rest",
  ignore: !hasModules("jupyter_client"),
  fn: () =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(dir);
      Deno.writeTextFileSync(`${dir}/log.csv`, plantedCsv({ users: 20, distance: 2, length: 12 }));
      await installSpec(jupyter, "automlp-test", kernelSpec());
      const seen = runPython<Seen>("kernel_cursor.py", jupyter, "automlp-test", dir);
      for (
        const part of [
          "**recommend**",
          "options: RecommendOptions = {},\n): Promise<DataFrame>",
          "- `k?: number` – Number of items for each user. Default: 10.",
          "- `signal?: AbortSignal`",
          "**Returns**",
          "- InputError ",
          '**Example**\n\n```ts\nimport { markov, prepare, recommend } from "automlp";',
        ]
      ) assert.ok(seen.function.includes(part), `${part} in ${seen.function}`);
      assert.doesNotMatch(seen.function, /\{@link/);
      assert.match(seen.word, /^\*\*Search\*\*/);
      assert.match(seen.member, /\*\*Search\.select\*\*/);
      assert.match(
        seen.option,
        /^```ts\nkeepSeen\?: boolean\n```\n\nWhether to recommend items from the user's own history/,
      );
      assert.equal(seen.nothing, null);
      assert.deepEqual(seen.imports, [
        ["prepare", "PrepareConfig", "Prepared", "PrepareInput"].filter((name) => name.startsWith("prep")),
        "prep",
      ]);
      assert.deepEqual(seen.all[0].slice(0, FIRST.length), FIRST);
      const [doors, model, other] = seen.modules;
      assert.deepEqual(doors, [MODULES, "au"]);
      assert.deepEqual(model, [["automlp/model"], "automlp/m"]);
      assert.deepEqual(other[0], []);
      assert.equal(seen.door, null);
      assert.deepEqual(seen.options, [["users"], "us"]);
      // What a model has is no option.
      assert.doesNotMatch(seen.function, /^- `readonly|^- `(name|items|length)/m);
      assert.deepEqual(seen.nested, [
        [["event", "item", "rating", "timestamp"], ""],
        [["id", "title"], ""],
        [["title"], "t"],
        [["timestamp"], "ti"],
        [["channelHidden", "dim", "longLayers", "sequenceHidden"], ""],
        [["dim"], "d"],
        [["channelHidden", "dim", "layers", "longLayers", "sequenceHidden"], ""],
        [["dim", "dropout"], "d"],
        [["epochs"], "epo"],
      ]);
      assert.deepEqual(seen.texts, [
        [["lstm-lstm"], "lstm"],
        [["bpr", "bpr-max"], "bp"],
        [["recbole"], "re"],
        [["validation", "test"], ""],
        [MEASURES.flatMap((measure) => [5, 10, 20].map((k) => `${measure}@${k}`)), ""],
        [["data/"], "da"],
        [["manifest.json"], "m"],
        [[], ""],
      ]);
      assert.match(seen.text_option, /^```ts\nsplit\?: "leave-one-out" \| "ratio" \| "global-time"/);
      assert.match(seen.nested_option, /^```ts\ntimestamp\?: string\n```\n\nThe column of times/);
      assert.deepEqual(seen.own, [["answer"], "answ"]);
      assert.deepEqual(seen.tidy[0].filter((word) => /__|constructor|hasOwn/.test(word)), []);
      assert.ok(seen.tidy[0].some((word) => word.endsWith("items")), `${seen.tidy[0]}`);
      // Of a variable that a cell made, its class is known; of others every class with such a member is shown.
      assert.match(seen.unknown, /\*\*Search\.cursor\*\*[^]*\*\*Training\.cursor\*\*/);
      assert.match(seen.learnt, /\*\*Search\.cursor\*\*/);
      assert.doesNotMatch(seen.learnt, /Training\.cursor/);
      assert.equal(seen.made, null);
      const words = ([matches]: [string[], string]) => matches.map((word) => word.split(".").at(-1)!);
      // By hand, of the documentation of Search and Session.
      const members =
        "alpha alphaRate candidates config cutShort dataset dispose done dropped engine epoch epochs evidence finished history judgedEvery " +
        "options pause probabilities rate restore run secondsLeft secondsPerStep select sizes specs state step steps toHtml toJSON toString with";
      assert.deepEqual(words(seen.members), members.split(" "));
      assert.deepEqual(
        words(seen.begun_member),
        members.split(" ").filter((name) => name.startsWith("s")),
      );
      assert.deepEqual(words(seen.next), members.split(" "), "of what a method makes");
      assert.deepEqual(
        words(seen.record),
        "alpha candidates clear entropy margin method probabilities rule shortTermLength".split(" "),
      );
      assert.ok(words(seen.dataset).includes("sequences"), "of what was taken out of something");
      assert.deepEqual(words(seen.class), ["create", "open"]);
      // Another object of the same name is no search any more.
      assert.deepEqual(seen.renamed[0], null);
      assert.deepEqual(words(seen.renamed[1]), ["cursor", "onEpoch"]);
      assert.deepEqual(
        words(seen.foreign).filter((word) => /^__|^(constructor|hasOwnProperty)$/.test(word)),
        [],
      );
      assert.ok(["get", "set", "size"].every((word) => words(seen.foreign).includes(word)));
      assert.deepEqual(seen.help, [seen.function], "help shows what Shift+Tab does");
      assert.equal(seen.after, "still here");
    }),
});
