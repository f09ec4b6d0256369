/** The layout of folders is the architecture: it determines which file may import which. */
import assert from "node:assert/strict";
import { DOCUMENTS, fromFileUrl, root } from "./paths.ts";

interface Module {
  specifier: string;
  dependencies?: { specifier: string; code?: { specifier: string }; type?: { specifier: string } }[];
}

/** Every program and library of the repository; a file that none of them reaches is dead. */
const ENTRIES = [
  "mod.ts",
  ...filesIn("pipeline/commands"),
  ...filesIn("model/commands"),
  ...filesIn("notebooks/commands"),
  "automlp.ts",
  "fixtures/main.ts",
  "bench/main.ts",
  "bench/child.ts",
  "model/backend/provision/probe.ts",
  "model/studies/worker.ts",
  "notebooks/kernel/program.ts",
].filter((path) => exists(path));

/** The folders of the model that each may use, lowest first. Training and everything below it name no method. */
const MODEL: Record<string, string[]> = {
  backend: [],
  ops: ["backend"],
  layers: ["ops", "backend"],
  records: ["backend"],
  views: ["records", "backend"],
  evaluate: ["views", "records", "recommender", "popularity", "titles", "trained_on"],
  recommend: ["evaluate", "recommender", "popularity", "titles", "trained_on", "vocabularies"],
  train: [
    "views",
    "records",
    "evaluate",
    "layers",
    "ops",
    "backend",
    "recommender",
    "popularity",
    "seen_bias",
    "trained_on",
    "vocabularies",
  ],
  memory: ["train", "evaluate", "layers", "backend"],
  runs: ["views", "records"],
  tensorboard: ["records"],
  methods: [
    "views",
    "history_lengths",
    "memory",
    "train",
    "runs",
    "evaluate",
    "recommender",
    "popularity",
    "seen_bias",
    "records",
    "layers",
    "ops",
    "backend",
    "data_defaults",
    "trained_on",
  ],
  search: [
    "methods",
    "memory",
    "train",
    "views",
    "records",
    "layers",
    "ops",
    "backend",
    "data_defaults",
  ],
  onnx: [
    "methods",
    "train",
    "records",
    "layers",
    "ops",
    "backend",
    "popularity",
    "titles",
    "trained_on",
  ],
  report: ["runs", "views", "records", "evaluate"],
  presets: [],
  experiment: [
    ...[
      "report",
      "methods",
      "presets",
      "search",
      "runs",
      "tensorboard",
      "train",
      "evaluate",
      "recommend",
      "views",
      "records",
    ],
    ...["backend", "recommender", "data_defaults", "history_lengths", "seen_bias"],
  ],
  studies: [
    "experiment",
    "presets",
    "report",
    "memory",
    "methods",
    "train",
    "runs",
    "evaluate",
    "data_defaults",
    "history_lengths",
    "views",
    "records",
    "backend",
    "titles",
  ],
};

/** SQL and the stages that send it to an engine. */
const SCALE_STAGES = new RegExp(
  "^pipeline/(scale/(stages/|(engine|dialect)\\.ts)|contract/|times/|" +
    "(prepare_options|features|vocabulary)\\.ts|(schema|filter|split|negatives)(\\.ts|/))",
);

/** Which files a file may import; the first match applies. Paths are relative to the repository's root. */
const ARROWS: [from: RegExp, to: RegExp][] = [
  [
    /^mod\.ts$/,
    /^((pipeline|model)\/mod|pipeline\/notebook\/mod|model\/whole_job\/(automlp|estimator))\.ts$/,
  ],
  [/^pipeline\/notebook\//, /^pipeline\/(notebook|contract|display)\//],
  [
    /^pipeline\/display\//,
    /^pipeline\/(display\/|contract\/(progress|frame|options\/(arguments|known)|values\/polars_type|errors\/classes)\.ts)/,
  ],
  [/^pipeline\/contract\//, /^pipeline\/(contract|display)\//],
  [/^pipeline\/std\//, /^pipeline\/std\//],
  [/^pipeline\/terminal\//, /^pipeline\/(terminal|contract|display|std)\//],
  [/^pipeline\/readers\/known\/demo\.ts$/, /^(pipeline\/(readers|contract)\/|fixtures\/)/],
  [/^pipeline\/readers\//, /^pipeline\/((readers|contract|std)\/|display\/text\/units\.ts)/],
  [/^pipeline\/export\//, /^pipeline\/(export|contract|display)\//],
  [/^pipeline\/inspect\//, /^pipeline\/((inspect|contract|display)\/|times\/units\.ts)/],
  // A stage and its parts import the contract, but no other stage.
  [/^pipeline\/schema(\.ts|\/)/, /^pipeline\/(schema|times|contract)\//],
  [/^pipeline\/filter(\.ts|\/)/, /^pipeline\/(filter|contract)\//],
  [/^pipeline\/vocabulary\.ts$/, /^pipeline\/(features\.ts|contract\/)/],
  [/^pipeline\/features(\.ts|\/)/, /^pipeline\/(features|times|contract)\//],
  [/^pipeline\/split(\.ts|\/)/, /^pipeline\/(split|times|contract)\//],
  [
    /^pipeline\/negatives\/on_disk\.ts$/,
    /^pipeline\/(negatives(\.ts|\/)|prepare_options\.ts|contract\/)/,
  ],
  [/^pipeline\/negatives(\.ts|\/)/, /^pipeline\/(negatives|contract)\//],
  [/^pipeline\/times\//, /^pipeline\/(times|contract)\//],
  [
    /^pipeline\/prepare_options\.ts$/,
    /^pipeline\/(negatives\/protocols\.ts|readers\/(types|known\/names)\.ts|times\/|contract\/)/,
  ],
  // Only an engine's own files know which engine it is, and only the site loads them.
  [/^pipeline\/scale\/(stages\/|prepare\.ts|engine\.ts|dialect\.ts)/, SCALE_STAGES],
  [/^pipeline\/scale\/duckdb\//, /^pipeline\/(?!scale\/spark\/)/],
  [/^pipeline\/scale\/spark\//, /^pipeline\/(?!scale\/duckdb\/)/],
  [/^pipeline\/scale\/options\.ts$/, /^pipeline\/(?!scale\/)/],
  [
    /^pipeline\/(tables\/|(mod|run|site|scratch|stages|unchanged|inputs|config|dropped_users)\.ts$)/,
    /^pipeline\//,
  ],
  [/^pipeline\/commands\//, /^pipeline\//],
  // A command may combine the pipeline and the model, and so may the whole job.
  [/^model\/(commands|whole_job)\//, /^(model|pipeline)\//],
  // Users that a dataset dropped are looked up in the files that it was made from.
  [
    /^model\/recommend\/requests\.ts$/,
    /^(model\/(recommend\/|recommender\.ts$)|pipeline\/(dropped_users\.ts$|contract\/|display\/))/,
  ],
  // A model's export is a folder like those of dataset exports.
  [
    /^model\/onnx\/(export|texts)\.ts$/,
    /^(model\/(onnx|train)\/|model\/titles\.ts$|pipeline\/(contract|export)\/)/,
  ],
  ...Object.entries(MODEL).map(([folder, below]): [RegExp, RegExp] => [
    new RegExp(`^model/${folder}/`),
    // From the pipeline, models import the contract, the displays, and the inspection of a dataset.
    new RegExp(
      `^(model/(${
        [folder, ...below].join("|")
      })(/|\\.ts$)|pipeline/(contract|display|terminal|std|inspect)/)`,
    ),
  ]),
  [
    /^model\/(history_lengths|recommender|popularity|titles|trained_on|vocabularies)\.ts$/,
    /^pipeline\/(contract|display)\//,
  ],
  [/^model\/seen_bias\.ts$/, /^(model\/(recommender|popularity)\.ts$|pipeline\/contract\/)/],
  [
    /^model\/data_defaults\.ts$/,
    /^(model\/(history_lengths|layers\/(dropout|item_vectors)|popularity|seen_bias)\.ts$|pipeline\/contract\/)/,
  ],
  [/^model\/mod\.ts$/, /^(model\/|pipeline\/((contract|inspect)\/|display\/shown\.ts$))/],
  // Code that starts kernels and notebooks does not import what runs in them.
  [
    /^notebooks\//,
    /^(notebooks\/|model\/backend\/(provision\/|engine_first\.ts)|pipeline\/(contract|display|terminal|notebook)\/)/,
  ],
  [/^automlp\.ts$/, /^(model\/commands\/mod\.ts$|pipeline\/(contract|display|terminal)\/)/],
  [/^fixtures\//, /^(fixtures\/|pipeline\/(contract|display|terminal)\/)/],
  [/^bench\//, /^((bench|fixtures|model|pipeline\/(contract|display|terminal))\/|mod\.ts$)/],
];

function exists(path: string): boolean {
  try {
    return Deno.statSync(root + path).isFile;
  } catch {
    return false;
  }
}

function filesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(root + folder)].filter(({ name }) => name.endsWith(".ts"))
      .map(({ name }) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

function* allFiles(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(root + folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* allFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** Map from each file to the files it imports, types included, from Deno's own module graph. */
async function importGraph(): Promise<Map<string, string[]>> {
  const graph = new Map<string, string[]>();
  const local = (specifier: string) =>
    specifier.startsWith("file:") && !specifier.includes("/node_modules/")
      ? fromFileUrl(specifier).slice(root.length)
      : undefined;
  await Promise.all(ENTRIES.map(async (entry) => {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", root + entry],
      stderr: "null",
    }).output();
    assert(success, `deno info ${entry}`);
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
    for (const { specifier, dependencies = [] } of modules) {
      const from = local(specifier);
      if (from === undefined) continue;
      const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
        .filter((target) => target !== undefined);
      graph.set(from, [...new Set(targets.map(local).filter((path) => path !== undefined))]);
      for (const target of targets) {
        if (/tensorflow/.test(target)) {
          assert.match(from, /^model\/backend\//, `${from} names a tensor engine: only model/backend may`);
        }
        if (/duckdb\/node-api|duckdb\+node-api/.test(target)) {
          assert.match(
            from,
            /^pipeline\/scale\/duckdb\//,
            `${from} names DuckDB: only pipeline/scale/duckdb may`,
          );
        }
        if (/grpc/.test(target)) {
          assert.match(
            from,
            /^pipeline\/scale\/spark\//,
            `${from} speaks gRPC: only pipeline/scale/spark may`,
          );
        }
      }
    }
  }));
  return graph;
}

Deno.test("imports", async (t) => {
  const graph = await importGraph();

  await t.step("go only where the architecture lets them", () => {
    const wrong: string[] = [];
    for (const [from, targets] of graph) {
      const rule = ARROWS.find(([pattern]) => pattern.test(from));
      assert(rule, `no rule says what ${from} may import: add one to ARROWS`);
      wrong.push(...targets.filter((to) => !rule[1].test(to)).map((to) => `${from} → ${to}`));
    }
    assert.deepEqual(wrong, []);
  });

  await t.step("make no cycle", () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]) => {
      assert(!path.includes(file), `cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
  });

  await t.step("make no cycle of folders within the model", () => {
    const order = Object.keys(MODEL), upward: string[] = [];
    for (const [folder, below] of Object.entries(MODEL)) {
      const above = below.filter((other) =>
        order.includes(other) && order.indexOf(other) > order.indexOf(folder)
      );
      upward.push(...above.map((other) => `${folder} → ${other}`));
    }
    assert.deepEqual(upward, [], "each folder is listed behind those that it uses");
    const folders = [...Deno.readDirSync(`${root}model`)].filter(({ isDirectory }) => isDirectory);
    const listed = new Set([...order, "commands", "whole_job"]);
    assert.deepEqual(folders.map(({ name }) => name).filter((name) => !listed.has(name)), []);
  });

  await t.step("reach every file", () => {
    const folders = ["pipeline", "model", "notebooks", "fixtures", "bench"].filter((folder) => {
      try {
        return Deno.statSync(root + folder).isDirectory;
      } catch {
        return false;
      }
    });
    const unreached = folders.flatMap((folder) => [...allFiles(folder)]).filter((file) =>
      !graph.has(file) && !/^pipeline\/std\//.test(file)
    );
    assert.deepEqual(unreached, []);
  });
});

Deno.test("the documents can be read in an afternoon: they have at most 220 KiB", () => {
  const documents = DOCUMENTS.filter((path) => !path.startsWith("fixtures/"));
  const bytes = documents.reduce((sum, path) => sum + Deno.statSync(root + path).size, 0);
  assert(bytes <= 220 * 1024, `${bytes} bytes: a longer page says in place of what it stands`);
});
