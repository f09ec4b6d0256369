/** Completion and documentation at the cursor in a real kernel, asked by Jupyter's own client (`tests/python/kernel_cursor.py`). */
import assert from "node:assert/strict";
import { METHODS } from "../../../model/methods/registry.ts";
import { installSpec, kernelSpec, prefixFolder } from "../../../notebooks/kernel/install.ts";
import { plantedCsv } from "../../../fixtures/planted.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

const CELLS = [
  'import { networkFor, openEngine, prepare, RunFolder, Search, train, tune } from "automlp"; import pl from "nodejs-polars";',
  "import * as library from \"automlp\";\nimport { own } from './own.ts';",
  "const frame = new Map();",
  'const frame = pl.DataFrame({ a: [1, 2], "b": ["x", "y"] });\nconst answer = 42, answers = new Map([["a", 1]]);',
  'const rows = JSON.parse(\'{ "first": 1, "second": 2 }\');',
  'const { dataset: data } = await prepare({ data: "log.csv", out: "data", evalNegatives: 5 });',
  "let lengths = new Search(await openEngine({ engine: 'cpu' }), data, networkFor(data, { lengths: [1, 2], length: 6, dim: 4 }));",
  "const broken = (1;",
];

/** Words at the bar in a cell's code, by themselves in an array; else some that are offered first, some that are there, and some that are not. */
type Offered = string[] | { first?: string[]; with?: string[]; without?: string[] };
type Tab = [code: string, replaced: string, offered: Offered];

const IMPORTS: Tab[] = [
  ['import { prep| } from "automlp"', "prep", ["prepare"]],
  ["import { prep|", "prep", ["prepare"]],
  ["const a = 1;\nimport { prepare, Search| } from 'automlp';\na", "Search", {
    first: ["Search"],
    with: ["SearchOptions"],
  }],
  ['import { | } from "automlp"', "", { first: ["automlp"], with: ["train", "Search"] }],
  ['import { prepare } from "automlp/|"', "automlp/", [
    "automlp/pipeline",
    "automlp/model",
    "automlp/notebook",
  ]],
  ["await import('nodejs-p|", "nodejs-p", ["nodejs-polars"]],
];

const OPTIONS: Tab[] = [
  ["prepare({ |", "", { first: ["out"], with: ["data", "columns", "minUser"], without: ["abstract"] }],
  ['await prepare({ out: "x", min|', "min", ["minItem", "minRating", "minUser"]],
  ["prepare({ data: 'log.csv', columns: { user: 'u', |", "", ["event", "item", "rating", "timestamp"]],
  ["prepare({ items: { file: 'items.csv', t|", "t", { with: ["title"] }],
  ['train("nextitnet", data, { |', "", { with: ["kernel", "epochs"], without: ["heads", "lengths"] }],
  ["tune('sasrec', data, { out: 'x', space: { rate: [1, 2], d|", "d", { with: ["dim", "dropout"] }],
  ['prepare({ split: "|', "", ["global-time", "leave-one-out", "ratio"]],
  ['prepare({ split: "ra|" })', "ra", ["ratio"]],
  ['train("|', "", METHODS.toSorted()],
  ['"é" + train("lstm|")', "lstm", ["lstm-lstm"]],
  ['prepare({ dataset: "ml-1|', "ml-1", ["ml-100k", "ml-10m", "ml-1m"]],
  ["data.negatives('recbole', '|", "", ["test", "validation"]],
];

/** Polars' members and ours; of what was declared twice those of the last. */
const MEMBERS: Tab[] = [
  ["frame.|", "", { with: ["filter", "groupBy", "shape"], without: ["_df", "constructor", "set"] }],
  ["frame.filter(pl.col('a').|", "", { with: ["gt", "isNull"] }],
  ["pl.readC|", "readC", ["readCSV", "readCSVStream"]],
  ["data.|", "", { with: ["sequences", "negatives", "users"], without: ["constructor", "__proto__"] }],
  ["lengths.s|", "s", { with: ["select", "step", "steps"], without: ["alpha"] }],
  ["RunFolder.|", "", { with: ["create", "open"], without: ["prototype.x"] }],
  ["library.compareA|", "compareA", ["compareAll"]],
  ["own.|", "", ["deep"]],
  ["answ|", "answ", ["answer", "answers"]],
  ["answers.|", "", { with: ["get", "set", "size"], without: ["constructor", "Symbol"] }],
  ["const answer = 'a';\nanswer.|", "", { with: ["toUpperCase"], without: ["toFixed"] }],
  ['"a/b".replace(/"/g, "."); lengths.sel|', "sel", ["select"]],
  // What only the kernel knows; and what nobody does.
  ["rows.|", "", ["first", "second"]],
  ["nowhere.|", "", []],
  ["// frame.|", "", []],
];

const FILES: Tab[] = [
  ['readDataset("da|"', "da", ["data/"]],
  ['readDataset("data/man|', "man", ["manifest.json"]],
  ['Deno.readTextFile("none/|', "", []],
  ['rows["|', "", []],
];

/** Parts of the help that Shift+Tab shows at the bar; none: nothing is shown. */
type Help = [code: string, ...parts: (string | RegExp)[]];

const HELPS: Help[] = [
  [
    "library.recommend(model, data, |",
    "Returns the k items that the method scores highest",
    "- `k?: number` – Number of items for each user. Default: 10.",
    "*@throws* — {InputError}",
    '*@example*\n```ts\nimport { markov, prepare, recommend } from "automlp";',
  ],
  ["prepare({ data: 'x', |", "Prepares a dataset folder", "- `out: string` – ", "- `columns?: "],
  ["await pre|pare()", "- `out: string` – ", /function prepare\(|prepare\(input/],
  ["prepare({ min|User: 5 })", "minUser?: number", "Users with fewer interactions are dropped. Default: 10."],
  [
    "lengths.sel|ect()",
    "Search.select(",
    "Selects the length: with `shared` the shortest within one standard error",
  ],
  ["new Search(|", "Starts with fresh weights"],
  ["frame.filter(|", "DataFrame<", "Filter the rows in the DataFrame based on a predicate expression."],
  ["pl.readCSV(|", "Read a CSV file or string into a Dataframe."],
  ["1 + |1"],
  ["nowhere.fil|ter"],
];

/** Seconds that half of the answers may take at most, on machines with other work; alone it is a sixth of one. */
const USUAL = 1;

Deno.test({
  name: "Tab and Shift+Tab know imports, options, values, files, and the members of what cells made",
  ignore: !hasModules("jupyter_client"),
  fn: (t) =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(`${dir}/prefix`), folder = `${dir}/notebook`;
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(`${folder}/log.csv`, plantedCsv({ users: 20, distance: 2, length: 12 }));
      Deno.writeTextFileSync(`${folder}/own.ts`, "export const own = { deep: 42 };\n");
      await installSpec(jupyter, "automlp-test", kernelSpec());
      const tabs = [...OPTIONS, ...MEMBERS, ...FILES, ...IMPORTS];
      const questions = [
        ...CELLS.map((code) => ["run", code]),
        ["ready", "prepare({ |"],
        ...tabs.map(([code]) => ["tab", code]),
        ...HELPS.map(([code]) => ["help", code]),
        ["ends", 'const { help } = await import("automlp"); help(prepare)'],
        ["run", "throw new Error('still here')"],
      ];
      const seen = runPython<unknown[]>(
        ...["kernel_cursor.py", jupyter, "automlp-test", folder, JSON.stringify(questions)] as const,
      );
      const answers = (kind: string) => seen.filter((_, i) => questions[i][0] === kind);
      const completions = answers("tab") as [matches: string[], replaced: string, seconds: number][];
      for (const [i, tab] of tabs.entries()) {
        await t.step(`Tab: ${tab[0]}`, () => assertTab(tab, completions[i]));
      }
      for (const [i, help] of HELPS.entries()) {
        await t.step(`Shift+Tab: ${help[0]}`, () => assertHelp(help, answers("help")[i] as string | null));
      }
      await t.step("an answer comes soon; nothing stops the kernel", () => {
        const seconds = completions.map(([, , seconds]) => seconds).sort((a, b) => a - b);
        assert(seconds[seconds.length >> 1] < USUAL, `${seconds}`);
        assert.match(answers("ends")[0] as string, /function prepare\(/);
        assert.equal(answers("run").at(-1), "still here");
      });
    }),
});

function assertTab([, begun, offered]: Tab, [matches, replaced]: [string[], string, number]): void {
  assert.equal(replaced, begun);
  if (Array.isArray(offered)) return assert.deepEqual(matches, offered);
  const { first = [], with: there = [], without = [] } = offered;
  assert.deepEqual(matches.slice(0, first.length), first);
  assert.deepEqual(there.filter((word) => !matches.includes(word)), [], `not offered among ${matches}`);
  assert.deepEqual(without.filter((word) => matches.includes(word)), []);
}

function assertHelp([, ...parts]: Help, shown: string | null): void {
  if (parts.length === 0) return assert.equal(shown, null);
  for (const part of parts) {
    assert(typeof part === "string" ? shown!.includes(part) : part.test(shown!), `${part} in ${shown}`);
  }
  assert.doesNotMatch(shown!, /\(file:/, "a machine's path");
}
