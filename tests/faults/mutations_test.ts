/** Whatever happens to a file, a command that reads it gives the same result as without the damage, or refuses the file in one line. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { MutationCase, MutationOutcome } from "./mutation_case.ts";
import { anyMutation } from "./mutations.ts";
import type { ReaderName } from "./readings.ts";
import { canConfine, inSandboxes } from "./sandbox.ts";
import type { Specimen } from "./specimens.ts";

const TABLES = ["interactions.parquet", "items.parquet", "users.parquet"];
const DATASET = ["checksums.json", "manifest.json", ...TABLES];
const RUN = ["checksums.json", "run.json"], LOCKED = [...RUN, ".lock"];
const MODEL = ["model/config.json", "model/weights.safetensors"];
const within = (files: string[]) => files.map((file) => `dataset/${file}`);
/** The files that a report is made from. */
const REPORTED = [
  "architecture.json",
  "data.json",
  "insights.json",
  "metrics.json",
  "search/history.jsonl",
  "train/history.jsonl",
];

/** The files of each specimen that each reader reads, including those that it reads before it replaces them. */
const READS: Record<Specimen, Partial<Record<ReaderName, string[]>>> = {
  dataset: {
    inspect: [...DATASET, "features.parquet", "negatives.parquet", "report.html"],
    export: [...DATASET, "negatives.parquet"],
    "export libsvm": [...DATASET, "features.parquet"],
    search: DATASET,
  },
  run: {
    retrain: [
      ...LOCKED,
      ...within(DATASET),
      "checkpoint/train.safetensors",
      ...MODEL,
      ...REPORTED,
      "report.html",
    ],
    evaluate: [
      ...[...LOCKED, ...within([...DATASET, "negatives.parquet"]), ...MODEL],
      ...[...REPORTED, "per_user.parquet", "report.html"],
    ],
    recommend: [...RUN, ...within(DATASET), ...MODEL],
    "export onnx": [...RUN, ...within(DATASET), ...MODEL],
    // The run is finished, so nothing is evaluated again.
    resume: [
      ...[...LOCKED, ...within(DATASET), "checkpoint/train.safetensors", ...MODEL],
      ...[...REPORTED, "per_user.parquet", "report.html"],
    ],
    compare: [
      ...RUN,
      "architecture.json",
      "model/config.json",
      "metrics.json",
      "per_user.parquet",
      "train/history.jsonl",
    ],
  },
  searching: {
    resume: [
      ...[...LOCKED, ...within([...DATASET, "negatives.parquet"])],
      ...["checkpoint/search.safetensors", "search/history.jsonl"],
    ],
  },
  trying: {
    resume: [
      ...[...LOCKED, ...within([...DATASET, "negatives.parquet"]), "checkpoint/search.safetensors"],
      ...["checkpoint/train.safetensors", "search/trials.jsonl", "train/history.jsonl"],
    ],
  },
};

/** Files that no reader above reads, and the command that comes nearest to reading them. */
const UNREAD: [Specimen, ReaderName, string[]][] = [
  ["dataset", "search", ["features.parquet", "negatives.parquet", "report.html"]],
  ["run", "recommend", ["report.html", "per_user.parquet", "checkpoint/search.safetensors"]],
  ["run", "resume", [
    "dataset/negatives.parquet",
    "dataset/features.parquet",
    "checkpoint/train.previous.safetensors",
  ]],
  ["run", "resume", ["checkpoint/search.safetensors", "checkpoint/search.previous.safetensors"]],
];

const pairs = Object.entries(READS).flatMap(([specimen, readers]) =>
  Object.entries(readers).map(([reader, files]) => ({
    specimen: specimen as Specimen,
    reader: reader as ReaderName,
    files,
  }))
);

/** Environment variables for a single case to try, as it was printed, and for the number of cases. */
const ALONE = "AUTOMLP_MUTATION_CASE", COUNT = "AUTOMLP_MUTATION_CASES";
const alone = Deno.env.get(ALONE);

/** Draws every file with every command that reads it in turn, repeatedly; files that are not read come once. */
function draw(seed: number, count: number): MutationCase[] {
  const read = pairs.flatMap(({ files, ...pair }) => files.map((file) => ({ ...pair, file })));
  const unread = UNREAD.flatMap(([specimen, reader, files]) =>
    files.map((file) => ({ specimen, reader, file }))
  );
  const mutations = fc.sample(anyMutation, { seed, numRuns: count });
  return mutations.map((mutation, i) => ({
    ...(unread[i] ?? read[(i - unread.length) % read.length]),
    mutation,
  }));
}

/** Tries cases; returns how many were done and how many refused. */
async function tryAll(cases: readonly MutationCase[]): Promise<{ done: number; refused: number }> {
  const works = cases.map((one) => ({ do: "mutation" as const, case: one }));
  const failures: string[] = [], ends = { done: 0, refused: 0 };
  await inSandboxes("mutations", works, ({ case: one }, outcome: MutationOutcome | Error) => {
    if (alone) console.log(outcome);
    const again = `${ALONE}='${JSON.stringify(one)}' deno test -P tests/faults/mutations_test.ts`;
    if (outcome instanceof Error) return void failures.push([outcome.message, again].join("\n    "));
    ends[outcome.code === 0 ? "done" : "refused"]++;
    if (outcome.problems.length > 0) failures.push([...outcome.problems, again].join("\n    "));
  }, SECONDS);
  assert(failures.length === 0, `${failures.length} of ${cases.length}:\n${failures.join("\n")}`);
  return ends;
}

/** A case that takes longer counts as hanging. */
const SECONDS = 20;

Deno.test({
  name:
    "what reads which file is known: a file that may not be read is missed by its readers, and by no other",
  ignore: !canConfine || alone !== undefined,
  fn: async () => {
    const works = pairs.map(({ specimen, reader }) => ({ do: "reads" as const, specimen, reader }));
    const found: string[] = [];
    await inSandboxes("mutations", works, ({ specimen, reader }, files: string[] | Error) => {
      if (files instanceof Error) throw files;
      const known = READS[specimen][reader]!;
      const more = files.filter((file) => !known.includes(file));
      const less = known.filter((file) => !files.includes(file));
      if (more.length + less.length === 0) return;
      found.push(`${reader} of ${specimen} reads ${more}; does not read ${less}`);
    }, 120);
    assert.deepEqual(found, []);
  },
});

Deno.test({
  name:
    "a damaged file changes nothing, or is refused in one line: no other result, no bug of the program, no waiting",
  ignore: !canConfine || alone !== undefined,
  fn: async () => {
    const cases = draw(1, Number(Deno.env.get(COUNT) ?? 500)), { done, refused } = await tryAll(cases);
    // If all of them were refused, or none, the cases would show nothing.
    assert(Math.min(done, refused) > cases.length / 20, `${done} done, ${refused} refused`);
  },
});

Deno.test({
  name: "a damaged file whose checksum is right, in a folder from elsewhere, is no bug of the program either",
  ignore: !canConfine || alone !== undefined,
  fn: async () => {
    const cases = draw(2, Number(Deno.env.get(COUNT) ?? 300)).map((one) => ({ ...one, signed: true }));
    const { done, refused } = await tryAll(cases);
    assert(Math.min(done, refused) > cases.length / 20, `${done} done, ${refused} refused`);
  },
});

Deno.test({
  name: "a case as it was printed",
  ignore: !canConfine || alone === undefined,
  fn: async () => void await tryAll([JSON.parse(alone!)]),
});
