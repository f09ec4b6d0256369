/** What the compiler accepts and refuses in a program that uses the library, from any source. */
import assert from "node:assert/strict";
import { join } from "node:path";

/** The lines before each program's own; `LIBRARY` is the library's name. */
const BEFORE = `import {
  automlp, AutoMLP, beginTraining, compare, compareRuns, evaluate, exhaustiveSearch, exportDataset, exportModel, forDataset, itemKnn, live, loadModel,
  markov, networkFor, openEngine, PLANS, planOf, plotBars, popularity, prepare, presetFor, recommend, refit, runJob, Search, show, splitInteractions,
  sampleNegatives, terminalProgress, train, Training, tune,
} from "LIBRARY";
import type { Evaluation, JobInput, MethodName, Recommender, SequenceDataset, TrainOptions } from "LIBRARY";
declare const dataset: SequenceDataset, model: Recommender, evaluation: Evaluation;
`;

/** Correct lines, each checked by itself. */
export const TAKEN: readonly string[] = [
  `await train("sasrec", dataset);`,
  `await train("sasrec", dataset, { heads: 2, layers: 3, epochs: 5, loss: "bce", seed: 1, signal: AbortSignal.timeout(9) });`,
  `await train("automlp", dataset, { lengths: [5], features: ["genres"], epochs: 5 });`,
  `await train("nextitnet", dataset, { kernel: 3, period: 2, tied: true });`,
  `for (const method of ["gru4rec", "lstm-lstm"] as const) await train(method, dataset, { hidden: 8, epochs: 1 });`,
  `const method: MethodName = "fpmc"; await train(method, dataset, { dim: 8 });`,
  `const options = { dim: 8, hidden: 8, rate: 0.01 }; await train("gru4rec", dataset, { ...options, epochs: 1 });`,
  `const options: TrainOptions<"bert4rec"> = { hidden: 0.3 }; await train("bert4rec", dataset, options);`,
  `const loss: number = (await beginTraining("gru4rec", dataset, { hidden: 16 })).step();`,
  `await runJob(dataset, { lengths: [3, 5], search: "exhaustive", dim: 8, epochs: 1 }, { out: "run" });`,
  `await runJob(dataset, { method: "sasrec", heads: 2, dim: 8, epochs: 1 }, { out: "run" });`,
  `const methods = ["fpmc", "nextitnet"] as const; for (const method of methods) await runJob(dataset, { method }, { out: method });`,
  `const job: JobInput = { method: "gru4rec", tied: false, until: "retrain" }; await runJob(dataset, job, { out: "run" });`,
  `await automlp({ data: "log.csv", methods: ["automlp", "sasrec"], preset: "ml-1m", metric: "HR@10" });`,
  `new AutoMLP({ lengths: [3, 5], epochs: 1, seed: 1 });`,
  `await train("sasrec", dataset, { ...presetFor("ml-100k", "sasrec"), epochs: 1 });`,
  `planOf({ name: "mine", methods: ["automlp", { method: "gru4rec", label: "wide", hidden: 256, loss: "bce" }], common: { heads: 2 } });`,
  `tune("gru4rec", dataset, { out: "t", space: { rate: { min: 1e-4, max: 1e-2, scale: "log" }, hidden: [32, 64] }, options: { epochs: 9 } });`,
  `const best = tune("sasrec", dataset, { out: "t" }).bestOptions; if (best) await train("sasrec", dataset, best);`,
  `PLANS.table2.make({ methods: ["sasrec"], common: { epochs: 1 } });`,
  `await train("sasrec", dataset, { metric: "HR@20", protocol: "recbole", schedule: "cosine" });`,
  `const { metrics } = await evaluate(model, dataset, { protocols: ["full"], ks: [3] }); const hits: number = metrics.full["HR@3"];`,
  `for (const protocol of evaluation.protocols) console.log(evaluation.metrics[protocol]["NDCG@10"].toFixed(4));`,
  `const [{ metric, mean }] = evaluation.figures(); console.log(metric.split("@"), mean + 1);`,
  `const options = { lengths: [5], features: ["genres"], metric: "HR@10", epochs: 5 } as const; await train("automlp", dataset, options);`,
  `const job = { search: "shared", lengths: [3, 5], ks: [5] } as const; await runJob(dataset, job, { out: "run" });`,
  `const input = { data: ["a.csv", "b.csv"], columns: ["user", "item"], ratios: [0.8, 0.1, 0.1], protocols: ["strict"], out: "data" } as const; await prepare(input);`,
  `interface Row { user: string; item: number; at?: Date | null } const rows: readonly Row[] = []; await prepare({ data: rows, items: { file: rows, id: "item" }, out: "data" });`,
  `{ using training = await beginTraining("fpmc", dataset); training.step(); }`,
  `{ using model = await train("fpmc", dataset); console.log(await evaluate(model, dataset)); }`,
  `{ using progress = terminalProgress(); await train("fpmc", dataset, { progress }); }`,
  `const training = await beginTraining("sasrec", dataset, { epochs: 9 }); training.with({ network: { layers: training.config.heads }, rate: 0.01 });`,
  `const training = new Training(await openEngine(), dataset, networkFor(dataset)); training.with({ dataset, network: { features: ["genres"], dim: 8 } });`,
  `compare(evaluation, evaluation, "MRR@7", { protocol: "strict" }).p.toFixed(3);`,
  `for await (const { epoch, metrics } of await beginTraining("fpmc", dataset)) console.log(epoch, metrics["NDCG@10"]);`,
  `const old = await loadModel("old", dataset); await train("sasrec", dataset, { startFrom: { model: old.model, dataset }, epochs: 1 });`,
  `const { run } = await refit("runs/mine", { out: "runs/serve", epochs: 3, budget: "1m" }); console.log(run.hasModel);`,
  `planOf({ name: "mine", methods: ["fpmc"], tune: 5 }); planOf({ name: "mine", methods: ["fpmc"], tune: { trials: 5, tuner: "random" } });`,
  `tune("fpmc", dataset, { out: "t", budget: "1h", memory: "2GiB" }); tune("fpmc", dataset, { out: "t", budget: 3600, memory: 2 ** 31 });`,
  `await runJob(dataset, { method: "sasrec", startFrom: "runs/old" }, { out: "run" }); new AutoMLP({ startFrom: "runs/old" });`,
];

/** Wrong lines, each with what the compiler says about it. */
export const REFUSED: readonly (readonly [line: string, says: RegExp])[] = [
  [`await train("sasrek", dataset);`, /'"sasrek"' is not assignable to parameter of type 'MethodName'/],
  [
    `await train("sasrec", dataset, { epoch: 1 });`,
    /'epoch' does not exist .* Did you mean to write 'epochs'\?/,
  ],
  [
    `await train("sasrec", dataset, { hidden: 64 });`,
    /'hidden' does not exist in type 'TrainOptions<"sasrec">'/,
  ],
  [
    `await train("sasrec", dataset, { startFrom: "runs/old" });`,
    /'string' is not assignable to type 'StartFrom'/,
  ],
  [`await train("fpmc", dataset, { layers: 2 });`, /'layers' does not exist in type 'TrainOptions<"fpmc">'/],
  [`await train("sasrec", dataset, { heads: "2" });`, /'string' is not assignable to type 'number'/],
  [
    `await train("automlp", dataset, { lengths: 5 });`,
    /'number' is not assignable to type '[^']*number\[\]'/,
  ],
  [
    `await train("automlp", dataset, { short: 5 });`,
    /'short' does not exist in type 'TrainOptions<"automlp">'/,
  ],
  [`await train("gru4rec", dataset, { loss: "bpr_max" });`, /'"bpr_max"' .* Did you mean '"bpr-max"'\?/],
  [
    `await train("gru4rec", dataset, { examples: "all" });`,
    /'"all"' is not assignable to type '.*"last"/,
  ],
  [
    `await beginTraining("gru4rec", dataset, { rates: 1 });`,
    /'rates' does not exist .* Did you mean to write 'rate'\?/,
  ],
  [
    `await runJob(dataset, { method: "sasrec", lengths: 3 }, { out: "run" });`,
    /'lengths' does not exist in type /,
  ],
  [
    `await runJob(dataset, { method: "sasrec", hidden: 8 }, { out: "run" });`,
    /'hidden' does not exist in type /,
  ],
  [
    `await runJob(dataset, { heads: 2 }, { out: "run" });`,
    /'heads' does not exist in type 'AutomlpJobInput'|Property 'method' is missing/,
  ],
  [
    `await runJob(dataset, { search: "gradient" }, { out: "run" });`,
    /'"gradient"' is not assignable to type /,
  ],
  [
    `await runJob(dataset, { until: "train" }, { out: "run" });`,
    /'"train"' is not assignable to type 'Phase \| undefined'/,
  ],
  [`await automlp({ methods: ["automlp", "sasrek"] });`, /'"sasrek"' is not assignable to type 'MethodName'/],
  [`await automlp({ preset: "ml-10m" });`, /'"ml-10m"' is not assignable to type 'PresetName \| undefined'/],
  [
    `new AutoMLP({ epoch: 1 });`,
    /'epoch' does not exist in type 'AutomlpOptions'. Did you mean to write 'epochs'\?/,
  ],
  [`new AutoMLP({ method: "sasrec" });`, /'method' does not exist in type 'AutomlpOptions'/],
  [`presetFor("ml-1m", "sasrek");`, /'"sasrek"' is not assignable to parameter of type 'MethodName'/],
  [
    `planOf({ name: "x", methods: ["sasrek"] });`,
    /'"sasrek"' is not assignable .* Did you mean '"sasrec"'\?/,
  ],
  [
    `planOf({ name: "x", methods: [{ method: "gru4rec", hiden: 3 }] });`,
    /'hiden' does not exist .* Did you mean to write 'hidden'\?/,
  ],
  [
    `planOf({ name: "x", methods: ["gru4rec"], common: { epoch: 1 } });`,
    /'epoch' does not exist in type 'CommonOptions'. Did you mean to write 'epochs'\?/,
  ],
  [`tune("gru4rec", dataset, { trials: 5 });`, /Property 'out' is missing/],
  [
    `tune("gru4rec", dataset, { out: "t", tuner: "bayes" });`,
    /'"bayes"' is not assignable to type 'Tuner \| undefined'/,
  ],
  [
    `tune("gru4rec", dataset, { out: "t", space: { heads: [1, 2] } });`,
    /'heads' does not exist in type 'SearchSpace<"gru4rec">'/,
  ],
  [
    `tune("gru4rec", dataset, { out: "t", space: { hidden: ["64"] } });`,
    /'string' is not assignable to type 'number'/,
  ],
  [
    `tune("gru4rec", dataset, { out: "t", space: { epochs: [1, 2] } });`,
    /'epochs' does not exist in type 'SearchSpace<"gru4rec">'/,
  ],
  [
    `tune("gru4rec", dataset, { out: "t", options: { heads: 2 } });`,
    /'heads' does not exist in type 'MethodJobOptions<"gru4rec">'/,
  ],
  [`await train("sasrec", dataset, { metric: "NDGC@10" });`, /'"NDGC@10"' is not assignable to type '`HR@/],
  [`await train("sasrec", dataset, { metric: "NDCG" });`, /'"NDCG"' is not assignable to type '`HR@/],
  [
    `await train("sasrec", dataset, { protocol: "all" });`,
    /'"all"' is not assignable to type 'RankingProtocol \| undefined'/,
  ],
  [`new AutoMLP({ metric: "HR10" });`, /'"HR10"' is not assignable to type '`HR@/],
  [`await evaluate(model, dataset, { protocols: ["recbol"] });`, /'"recbol"' .* Did you mean '"recbole"'\?/],
  [
    `await evaluate(model, dataset, { protocol: "full" });`,
    /'protocol' does not exist .* Did you mean to write 'protocols'\?/,
  ],
  [
    `await evaluate(model, dataset, { split: "train" });`,
    /'"train"' is not assignable to type '"(test|validation)" \| "(test|validation)" \| undefined'/,
  ],
  [
    `await evaluate(model, dataset, { logitAdjustment: { fulll: 1 } });`,
    /'fulll' does not exist .* Did you mean to write 'full'\?/,
  ],
  [`evaluation.metrics.ful["HR@10"];`, /'ful' does not exist .* Did you mean 'full'\?/],
  [`evaluation.metrics.full["HR10"];`, /HR10/],
  [`evaluation.unadjusted.full["HR@10"];`, /possibly 'undefined'/],
  [`compare(evaluation, evaluation, "NDCG10");`, /'"NDCG10"' is not assignable to parameter of type '`HR@/],
  [
    `compareRuns(["runs/a"], { metrics: "HR@5" });`,
    /'metrics' does not exist .* Did you mean to write 'metric'\?/,
  ],
  [
    `await prepare({ data: "log.csv", out: "data", minUsers: 5 });`,
    /'minUsers' does not exist .* Did you mean to write 'minUser'\?/,
  ],
  [
    `await prepare({ data: "log.csv", out: "data", split: "last" });`,
    /'"last"' is not assignable to type '"/,
  ],
  [
    `await prepare({ data: "log.csv", out: "data", protocols: ["recbol"] });`,
    /'"recbol"' is not assignable to type 'Protocol'/,
  ],
  [
    `await prepare({ data: "log.csv", out: "data", columns: { user: "u", itm: "i" } });`,
    /'itm' does not exist/,
  ],
  [`await prepare({ data: "log.csv" });`, /Property 'out' is missing/],
  [
    `await exportDataset(dataset, { to: "recbol", out: "x" });`,
    /'"recbol"' is not assignable to type 'ExportFormat'/,
  ],
  [
    `await recommend(model, dataset, { users: ["u1"], k: "5" });`,
    /'string' is not assignable to type 'number'/,
  ],
  [
    `await recommend(model, dataset, { user: "u1" });`,
    /'user' does not exist .* Did you mean to write 'users'\?/,
  ],
  [
    `await recommend(model, dataset, { onUnknown: "ignore" });`,
    /'"ignore"' is not assignable to type 'OnUnknown \| undefined'/,
  ],
  [`await openEngine({ engine: "gpu" });`, /'"gpu"' is not assignable to type 'EngineName \| undefined'/],
  [`await markov.fit(dataset, { smooth: 1 });`, /'smooth' does not exist/],
  [
    `await itemKnn.fit(dataset, { neighbors: 5 });`,
    /'neighbors' does not exist .* Did you mean to write 'neighbours'\?/,
  ],
  [`await popularity.fit(dataset, { smoothing: 1 });`, /'smoothing' does not exist/],
  [`await evaluate(markov, dataset);`, /is not assignable to parameter of type 'Recommender'/],
  [
    `await evaluate(markov.fit(dataset), dataset);`,
    /Promise<Recommender>.* is not assignable|missing the following properties/,
  ],
  [
    `networkFor(dataset, { lenghts: [3] });`,
    /'lenghts' does not exist .* Did you mean to write 'lengths'\?/,
  ],
  [
    `new Search(await openEngine(), dataset, networkFor(dataset), { search: "share" });`,
    /'"share"' is not assignable to type 'SearchMethod \| undefined'/,
  ],
  [
    `(await beginTraining("fpmc", dataset)).with({ epoch: 3 });`,
    /'epoch' does not exist .* Did you mean to write 'epochs'\?/,
  ],
  [`(await beginTraining("fpmc", dataset)).with({ network: { layers: 3 } });`, /'layers' does not exist/],
  [`splitInteractions(dataset.table("interactions"), { split: "loo" });`, /'"loo"' is not assignable/],
  [
    `dataset.table("interaction");`,
    /'"interaction"' .* Did you mean '"interactions"'\?|is not assignable to parameter of type 'TableName'/,
  ],
  [`show(dataset.table("users"), { row: 3 });`, /'row' does not exist .* Did you mean to write 'rows'\?/],
  [`dataset.negatives("full", "test");`, /'"full"' is not assignable to parameter of type 'Protocol'/],
  [
    `(await beginTraining("fpmc", dataset)).history = [];`,
    /Cannot assign to 'history' because it is a read-only property/,
  ],
  [
    `(await beginTraining("fpmc", dataset)).history.pop();`,
    /Property 'pop' does not exist on type 'readonly TrainRecord\[\]'/,
  ],
  [`dataset.negatives("strict", "train");`, /'"train"' is not assignable to parameter/],
  [`PLANS.tabel2.make({});`, /Property 'tabel2' does not exist on type .* Did you mean 'table2'\?/],
];

/** An error of the compiler: its text, and the file that it is about. */
const ERROR = /^TS\d+ \[ERROR\]: (.*(?:\n(?! {4}at )(?!TS\d).*)*)\n {4}at file:\/\/\S+\/(\w+)\.ts:/gm;

/**
 * Checks all lines in one run of the compiler.
 *
 * @param library The specifier that it is imported by.
 * @param options Options of `deno check`.
 */
export async function checkTypes(dir: string, library: string, ...options: string[]): Promise<void> {
  const lines = [...TAKEN, ...REFUSED.map(([line]) => line)], names = lines.map((_, i) => `line${i}`);
  for (const [i, line] of lines.entries()) {
    Deno.writeTextFileSync(
      join(dir, `${names[i]}.ts`),
      `${BEFORE.replaceAll("LIBRARY", library)}${line}\nexport {};\n`,
    );
  }
  const args = ["check", "--quiet", ...options, ...names.map((name) => `${name}.ts`)];
  const ran = await new Deno.Command(Deno.execPath(), { args, cwd: dir, env: { NO_COLOR: "1" } }).output();
  const said = new TextDecoder().decode(ran.stderr), errors = new Map<string, string[]>();
  for (const [, message, name] of said.matchAll(ERROR)) {
    errors.set(name, [...errors.get(name) ?? [], message]);
  }
  assert.equal([...errors.values()].flat().length, Number(/^Found (\d+) errors/m.exec(said)?.[1]), said);
  const faults = lines.filter((_, i) => {
    const found = errors.get(names[i]) ?? [], wrong = REFUSED[i - TAKEN.length];
    return wrong ? found.length !== 1 || !wrong[1].test(found[0]) : found.length > 0;
  });
  const told = faults.map((line) =>
    [line, ...errors.get(names[lines.indexOf(line)]) ?? ["is taken"]].join("\n")
  );
  assert.equal(told.join("\n\n"), "");
}
