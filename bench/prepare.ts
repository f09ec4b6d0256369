/**
 * `deno task bench prepare`: time and memory from a CSV to a written dataset with negatives, run as people run it: in a
 * process of its own, including its start.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pipeline } from "node:stream/promises";
import { createReadStream, createWriteStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { checkInterrupt, InputError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { countRows, writeLog } from "./logs.ts";
import {
  findPython,
  inTurn,
  median,
  medianRun,
  type ProcessRequest,
  type ProcessRun,
  rounded,
  runMeasured,
} from "./measure.ts";
import { workFolder } from "./work_folder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** The figures that the peer's script reports. */
interface PeerReport {
  totalSeconds: number;
  peakBytes: number;
}

/** A peer that can run, or why not. */
type Peer = { request: (data: string) => ProcessRequest } | { absent: string };

/**
 * Looks for the peer: a Python with RecBole (`AUTOMLP_PYTHON`, else `python3`) and the script that drives it.
 *
 * @param script A Python script that takes the path of a CSV and prints `total N s, peak N MiB`.
 */
export async function findPeer(script: string): Promise<Peer> {
  const found = await findPython(script, "recbole", "RecBole");
  if ("absent" in found) return found;
  return { request: (data) => ({ command: [found.python, script, data] }) };
}

/** Returns the figures in the peer's output; undefined if they are missing. */
export function parsePeerReport(stdout: string): PeerReport | undefined {
  const found = stdout.match(/total ([\d.]+) s, peak ([\d.]+) MiB/);
  return found ? { totalSeconds: Number(found[1]), peakBytes: Number(found[2]) * 2 ** 20 } : undefined;
}

/** Returns the command that turns the CSV `data` into a dataset in the folder `out`. */
export type PrepareCommand = (data: string, out: string) => ProcessRequest;

const prepareTask: PrepareCommand = (data, out) => ({
  command: [Deno.execPath(), "task", "prepare", "--data", data, "--out", out, "--quiet"],
  cwd: REPOSITORY,
});

/** Measurements of one data set. */
interface Measured {
  name: string;
  rows: number;
  bytes: number;
  runs: ProcessRun[];
  /** Runs of the peer, in turn with ours. */
  peerRuns?: ProcessRun[];
}

/** The options of `bench prepare`: what is measured, and how. */
export interface PreparePlan {
  /** Numbers of rows to generate; empty if `data` is given. */
  rows: number[];
  /** A CSV, plain or gzip, of `user,item,timestamp` with a header. */
  data?: string;
  runs: number;
  seed: number;
  /** Folder for generated data and datasets, each of which is removed when it is not needed any more. */
  work?: string;
  peer?: Peer;
  command?: PrepareCommand;
}

/** Runs the plan's measurements. */
export async function benchPrepare(plan: PreparePlan, context: StageContext = {}): Promise<BenchResult> {
  const work = await workFolder(plan.work);
  const results: Measured[] = [];
  try {
    if (plan.data !== undefined) {
      const path = await plainCopy(resolve(plan.data), work);
      const { size } = await Deno.stat(path);
      const subject = { name: basename(plan.data), rows: await countRows(path), bytes: size, path };
      results.push(await measure(subject, plan, work, context));
    }
    for (const rows of plan.rows) {
      const path = join(work, `log-${rows}.csv`);
      checkInterrupt(context.signal, "measuring");
      const task = (context.progress ?? silent).start("generating a log", rows, "rows");
      const { bytes } = writeLog(path, rows, plan.seed, (written) => task.advance(written));
      task.end();
      results.push(await measure({ name: "generated", rows, bytes, path }, plan, work, context));
      await Deno.remove(path);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  const peerAbsent = plan.peer && "absent" in plan.peer ? [`The peer did not run: ${plan.peer.absent}.`] : [];
  return {
    tables: [ownTable(results, plan.runs), ...results.flatMap(peerTable)],
    notes: [...flatness(results), ...peerAbsent],
    data: { bench: "prepare", runs: plan.runs, seed: plan.seed, results },
  };
}

async function plainCopy(path: string, work: string): Promise<string> {
  try {
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw new InputError(`Cannot measure ${path}: it is no file; name a CSV file`);
    if (!path.endsWith(".gz")) return path;
    const copy = join(work, basename(path, ".gz"));
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(copy));
    return copy;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const state = error instanceof Deno.errors.NotFound ? "there is no such file" : (error as Error).message;
    throw new InputError(`Cannot measure ${path}: ${state}`);
  }
}

async function measure(
  { path, ...subject }: { name: string; rows: number; bytes: number; path: string },
  plan: PreparePlan,
  work: string,
  { progress = silent, signal }: StageContext,
): Promise<Measured> {
  const { command = prepareTask, peer, runs } = plan;
  const measured = async (who: string, run: number, request: ProcessRequest) => {
    const task = progress.start(`${subject.name}, ${subject.rows} rows: ${who}, run ${run + 1} of ${runs}`);
    const result = await runMeasured(request, signal);
    task.end();
    return result;
  };
  const ours = async (run: number) => {
    const out = join(work, "dataset"); // a new folder each time: an up-to-date dataset would not be made again
    const result = await measured("prepare", run, command(path, out));
    await Deno.remove(out, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    return result;
  };
  if (!peer || "absent" in peer) return { ...subject, runs: (await inTurn(runs, { ours })).ours };
  const theirs = (run: number) => measured("peer", run, peer.request(path));
  const both = await inTurn(runs, { ours, theirs });
  return { ...subject, runs: both.ours, peerRuns: both.theirs };
}

const MIB = 2 ** 20;

function ownTable(results: Measured[], runs: number): Table {
  return {
    caption: `prepare: CSV to dataset with negatives, whole process, median of ${runs}`,
    columns: ["data", "rows", "wall s", "CPU s", "rows/s", "µs/row", "peak MiB", "bytes/row"],
    rows: results.map(({ name, rows, runs }) => {
      const { wallSeconds, cpuSeconds, peakBytes } = medianRun(runs);
      return [
        name,
        rows,
        rounded(wallSeconds, 2),
        rounded(cpuSeconds, 2),
        Math.round(rows / wallSeconds),
        rounded(wallSeconds * 1e6 / rows, 3),
        Math.round(peakBytes / MIB),
        Math.round(peakBytes / rows),
      ];
    }),
  };
}

/** How time and memory per row change from the smallest to the largest generated log. */
function flatness(results: Measured[]): string[] {
  const sizes = results.filter(({ name }) => name === "generated").sort((a, b) => a.rows - b.rows);
  if (sizes.length < 2) return [];
  const [small, large] = [sizes[0], sizes[sizes.length - 1]];
  const a = medianRun(small.runs), b = medianRun(large.runs), grown = large.rows / small.rows;
  return [
    `From ${small.rows} to ${large.rows} rows, a row takes ${
      (b.wallSeconds / a.wallSeconds / grown).toFixed(2)
    } of the time and ${(b.peakBytes / a.peakBytes / grown).toFixed(2)} of the memory.`,
  ];
}

function peerTable({ name, runs, peerRuns }: Measured): Table[] {
  if (!peerRuns) return [];
  const own = medianRun(runs), peer = medianRun(peerRuns);
  const reports = peerRuns.map(({ stdout }) => parsePeerReport(stdout));
  const known = reports.filter((report) => report !== undefined);
  const row = (what: string, ours: number, theirs: number, digits: number) => [
    what,
    rounded(ours, digits),
    rounded(theirs, digits),
    rounded(theirs / ours, 2),
  ];
  return [{
    caption: `${name}: against the peer, in turn, medians of ${runs.length}`,
    columns: ["", "ours", "peer", "peer / ours"],
    rows: [
      row("wall s, whole process", own.wallSeconds, peer.wallSeconds, 2),
      row("CPU s, whole process", own.cpuSeconds, peer.cpuSeconds, 2),
      row("peak MiB, whole process", own.peakBytes / MIB, peer.peakBytes / MIB, 0),
      ...(known.length === 0 ? [] : [
        row(
          "wall s, ours whole, peer's own total",
          own.wallSeconds,
          median(known.map((r) => r.totalSeconds)),
          2,
        ),
        row(
          "peak MiB, ours whole, peer's own",
          own.peakBytes / MIB,
          median(known.map((r) => r.peakBytes)) / MIB,
          0,
        ),
      ]),
    ],
  }];
}

const DEFAULT_ROWS = [1_000_000, 5_000_000, 20_000_000, 50_000_000];

const schema = z.strictObject({
  rows: z.array(z.coerce.number().int().min(1)).optional(),
  data: z.string().optional(),
  runs: z.number().int().min(1).default(3),
  seed: z.number().int().min(0).default(1),
  work: z.string().optional(),
  peer: z.boolean().optional(),
  peerScript: z.string().default("../shared/peer/recbole_prepare.py"),
});

async function run(values: Record<string, unknown>, context: StageContext): Promise<BenchResult> {
  const { rows, data, peer, peerScript, ...plan } = checkConfig(schema, values, "the options");
  return await benchPrepare({
    ...plan,
    data,
    rows: rows ?? (data === undefined ? DEFAULT_ROWS : []),
    // RecBole takes minutes and tens of GiB for the larger generated logs: there it runs only when asked to.
    peer: peer ?? data !== undefined ? await findPeer(resolve(peerScript)) : undefined,
  }, context);
}

/** The subcommand that measures `deno task prepare`. */
export const prepareBench: Bench = {
  spec: {
    name: "bench prepare",
    summary: "Time and memory from a CSV to a written dataset, by number of rows and against RecBole.",
    options: {
      "What is measured": {
        rows: {
          kind: "list",
          value: "N,N,…",
          help: "numbers of rows of the generated logs",
          fallback: `${DEFAULT_ROWS.join(",")}; none with --data`,
        },
        data: {
          kind: "text",
          value: "FILE",
          help: "a CSV file of user,item,timestamp with a header, plain or .gz",
        },
        runs: {
          kind: "number",
          value: "N",
          help: "number of runs of each; medians are shown",
          fallback: "3",
        },
        seed: { kind: "number", value: "N", help: "seed of the generated logs", fallback: "1" },
        work: {
          kind: "text",
          value: "DIR",
          help: "folder for generated logs and datasets while they are needed",
          fallback: "the system's temporary folder",
        },
      },
      "What it is compared with": {
        peer: {
          kind: "flag",
          help: "run the peer in turn",
          fallback: "yes with --data, else no; --no-peer turns it off",
        },
        peerScript: {
          kind: "text",
          value: "FILE",
          help: "script that drives the peer, run by the Python that AUTOMLP_PYTHON names",
          fallback: "../shared/peer/recbole_prepare.py",
        },
      },
    },
    examples: [
      "deno task bench prepare",
      "deno task bench prepare --data ratings.csv --runs 5",
      "deno task bench prepare --rows 1000000 --peer --json",
    ],
  },
  run,
};
