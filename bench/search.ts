/**
 * `deno task bench search --truth`: checks whether the search's answers hold. Each data set and seed gets a search, and a complete training of
 * each candidate with the same seed.
 *
 * @module
 */
import { z } from "zod";
import { checkInterrupt, InputError } from "../pipeline/contract/errors.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { optionsOf } from "../pipeline/terminal/schema_options.ts";
import { openEngine, SEARCHES } from "../mod.ts";
import type { SearchOptions } from "../model/search/state.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { median } from "./measure.ts";
import { exhaust } from "./truth/exhaustive.ts";
import { find, indistinguishable, judge, type Trial } from "./truth/trial.ts";
import { demoWorld, fileWorld, plantedWorld, shopWorld, type World } from "./truth/worlds.ts";

const whole = z.coerce.number().int().positive();

const shape = {
  truth: z.boolean().default(true).meta({
    description: "compare selections with a training of every candidate",
  }),
  planted: z.array(z.coerce.number().int().nonnegative()).default([3, 5, 10, 20])
    .meta({ title: "K,K,…", description: "planted distances; 0 for none", fallback: "3,5,10,20" }),
  shop: z.boolean().default(true)
    .meta({ description: "a small shop, whose networks learn on to the end; on unless --no-shop" }),
  demo: z.boolean().default(true).meta({ description: "the demonstration data; on unless --no-demo" }),
  data: z.array(z.string()).default([]).meta({ title: "FILE,…", description: "files of interactions" }),
  minUser: whole.optional().meta({ title: "N", description: "with --data: least interactions of a user" }),
  seeds: z.int().positive().default(10).meta({
    title: "N",
    description: "number of trials on each data set",
  }),
  search: z.enum(SEARCHES).optional().meta({ title: "NAME", description: "how to search" }),
  searchEpochs: whole.optional().meta({ title: "N", description: "maximum number of epochs of the search" }),
  results: z.string().optional().meta({
    title: "FILE",
    description:
      "keep finished trials in this file, and take from it what it has; trainings are kept apart from searches",
  }),
};
const schema = z.strictObject(shape);
/** The plan of `bench search --truth`. */
export type TruthPlan = z.output<typeof schema>;

/** Identifies a part of a trial. */
interface Key {
  world: string;
  seed: number;
  /** Options of the search; undefined for the trainings. */
  options?: string;
}
/** Lines of the results file. */
type Line = Key & ({ kind: "truth"; value: Trial["truth"] } | { kind: "found"; value: Trial["found"] });
type Value<K extends Line["kind"]> = Extract<Line, { kind: K }>["value"];

/** Finished parts of trials, kept in a file of JSON lines if one is given. */
class Results {
  readonly #lines: Line[] = [];

  constructor(readonly file?: string) {
    if (!file) return;
    try {
      const lines = Deno.readTextFileSync(file).split("\n").filter((line) => line !== "");
      this.#lines = lines.map((line) => JSON.parse(line));
    } catch (error) {
      if (error instanceof SyntaxError) throw new InputError(`Cannot read ${file}: a line is no JSON`);
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Returns the part that is there, or makes it with `make` and keeps it. */
  async of<K extends Line["kind"]>(kind: K, key: Key, make: () => Promise<Value<K>>): Promise<Value<K>> {
    const same = (line: Line) =>
      line.kind === kind && line.world === key.world && line.seed === key.seed &&
      line.options === key.options;
    const known = this.#lines.find(same);
    if (known) return known.value as Value<K>;
    const value = await make(), line = { kind, ...key, value } as Line;
    this.#lines.push(line);
    if (this.file) Deno.writeTextFileSync(this.file, `${JSON.stringify(line)}\n`, { append: true });
    return value;
  }
}

function worldsOf({ planted, shop, demo, data, minUser }: TruthPlan): World[] {
  return [
    ...planted.filter((k) => k > 0).flatMap((k) => [plantedWorld(k, 0), plantedWorld(k, 1)]),
    ...(shop ? [shopWorld] : []),
    ...(demo ? [demoWorld] : []),
    ...data.map((file) => fileWorld(file, minUser)),
  ];
}

/** Settings that were given for the search; the rest come from each data set's settings. */
export const searchOptions = (
  { search, searchEpochs: epochs }: Pick<TruthPlan, "search" | "searchEpochs">,
): Partial<SearchOptions> => ({
  ...(search && { search }),
  ...(epochs && { epochs }),
});

/** Runs all trials. */
export async function benchTruth(plan: TruthPlan, { progress, signal }: StageContext): Promise<BenchResult> {
  const worlds = worldsOf(plan), results = new Results(plan.results);
  const options = searchOptions(plan), key = JSON.stringify(options), engine = await openEngine({ progress });
  const dir = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  const task = progress?.start("searches beside the truth", worlds.length * plan.seeds, "trials");
  const trials: Trial[] = [];
  try {
    for (const [i, world] of worlds.entries()) {
      const dataset = await world.make(`${dir}/${i}`);
      for (let seed = 1; seed <= plan.seeds; seed++) {
        const of = { world: world.name, seed };
        const found = await results.of(
          "found",
          { ...of, options: key },
          () => find(engine, dataset, world, seed, options, { signal }),
        );
        checkInterrupt(signal, "comparing searches with the truth");
        const truth = await results.of("truth", of, () => exhaust(engine, dataset, world, seed, { signal }));
        checkInterrupt(signal, "comparing searches with the truth");
        trials.push({ ...of, found, truth });
        task?.advance(1);
      }
    }
  } finally {
    task?.end();
    await Deno.remove(dir, { recursive: true });
  }
  const rows = worlds.map((world) => rowOf(world, trials.filter((trial) => trial.world === world.name)));
  return {
    tables: [{
      caption: `What the search selects, beside a training of each candidate; ${plan.seeds} seeds each`,
      columns: [
        "data",
        "selected",
        "below the planted",
        "within one standard error of the best",
        "farthest behind",
        "called clear",
        "of these wrong",
        "pairs of seeds alike",
        "time / exhaustive",
        "steps of those allowed",
      ],
      rows: rows.map(({ cells }) => cells),
    }],
    notes: [
      `Within one standard error of the best: ${total(rows, "within")} of ${trials.length} trials. Clear: ${
        total(rows, "clear")
      }, of these wrong (another is better by more than two paired standard errors): ${
        total(rows, "wrong")
      }. Pairs of seeds with the same or an indistinguishable length: ${total(rows, "alike")} of ${
        total(rows, "pairs")
      }.`,
      engine.explanation,
    ],
    data: { bench: "search --truth", plan, trials },
  };
}

const total = <K extends string>(rows: Record<K, number>[], key: K) =>
  rows.reduce((sum, row) => sum + row[key], 0);

function rowOf({ name, lengths, planted }: World, trials: Trial[]) {
  const verdicts = trials.map(({ truth, found }) => judge(lengths, truth, found.selected));
  const selected = trials.map(({ found }) => found.selected);
  const clear = trials.filter(({ found }) => found.clear).length;
  const wrong = trials.filter(({ found }, i) => found.clear && verdicts[i].beaten).length;
  const within = verdicts.filter((verdict) => verdict.within).length;
  const pairs = trials.flatMap((a, i) => trials.slice(i + 1).map((b) => indistinguishable(lengths, a, b)));
  const alike = pairs.filter((pair) => pair).length;
  const count = (k: number) => `${k} × ${selected.filter((length) => length === k).length}`;
  return {
    clear,
    wrong,
    within,
    alike,
    pairs: pairs.length,
    cells: [
      name,
      [...new Set(selected)].sort((a, b) => a - b).map(count).join(", "),
      planted === undefined ? "–" : selected.filter((k) => k < planted).length,
      `${within} of ${trials.length}`,
      Math.min(...verdicts.map(({ behind }) => behind)).toFixed(4),
      clear,
      wrong,
      `${alike} of ${pairs.length}`,
      median(trials.map(({ found, truth }) => found.seconds / truth.seconds)).toFixed(2),
      median(trials.map(({ found }) => found.steps / found.allowed)).toFixed(2),
    ],
  };
}

/** Whether the search's answers hold. */
export const searchBench: Bench = {
  spec: {
    name: "bench search",
    summary: "Whether the search's answers hold: what it selects beside a training of every candidate.",
    options: optionsOf({ "What is compared": shape }),
    examples: ["deno task bench search --truth --results trials.jsonl"],
  },
  run: async (values, context) => await benchTruth(checkConfig(schema, values), context),
};
