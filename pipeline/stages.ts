/**
 * The stages of a preparation, in order.
 *
 * @module
 */
import pl from "nodejs-polars";
import { freeFrames } from "./contract/machine/free_frames.ts";
import type { DataFrame, Rows } from "./contract/frame.ts";
import type { PrepareConfig } from "./prepare_options.ts";
import type { contextOf } from "./contract/context.ts";
import { checkInterrupt } from "./contract/errors.ts";
import type { SourceInfo } from "./contract/dataset/manifest.ts";
import type { Progress } from "./contract/progress.ts";
import { StageReport } from "./contract/stage/report.ts";
import type { StageResult } from "./contract/stage.ts";
import { parseFeatureSpec } from "./features.ts";
import { filterInteractions } from "./filter.ts";
import { filesOf, type Inputs } from "./inputs.ts";
import { type NegativesResult, sampleNegatives } from "./negatives.ts";
import { drawToDisk, evaluatedOf, fitInMemory } from "./negatives/on_disk.ts";
import { targetCounts } from "./negatives/popularity.ts";
import {
  readInteractions,
  type ReadResult,
  readSideTable,
  type SideTableOptions,
  type SideTableResult,
  type SourceFile,
} from "./readers/mod.ts";
import { checkSchema, type SchemaResult } from "./schema.ts";
import { type InScratch, Scratch } from "./scratch.ts";
import { splitInteractions, type SplitResult } from "./split.ts";
import type { DateUnit } from "./contract/values/date_units.ts";
import { asGiven } from "./tables/input.ts";
import type { SourceCheck } from "./unchanged.ts";
import { buildVocabulary, type Known, type VocabularyResult } from "./vocabulary.ts";
import { yieldToEventLoop } from "./contract/machine/event_loop.ts";

/** What every stage receives. */
export interface Work {
  config: PrepareConfig;
  inputs: Inputs;
  progress: Progress;
  signal?: AbortSignal;
}

/** What stages receive that keep tables in memory as long as they fit. */
export interface MemoryWork extends Work {
  /** A folder for tables that do not fit into memory. */
  room: string;
  /** See {@link fitInMemory}. */
  negativesInMemory?: number;
}

/** The results of the stages, by name. */
export interface Results {
  read: ReadResult & { items?: SideTableResult; users?: SideTableResult };
  schema: SchemaResult;
  filter: StageResult;
  vocabulary: VocabularyResult;
  split: SplitResult;
  negatives: Omit<NegativesResult, "frame"> & { frame: Rows };
}

/** The part of the stages' results that a dataset is made from; the same for every engine. */
export interface Outcome {
  sources: SourceInfo[];
  rejected: DataFrame;
  timeUnit?: DateUnit;
  vocabulary: Pick<VocabularyResult, "users" | "items" | "features" | "featureInfo">;
  split: Pick<SplitResult, "split" | "pairs" | "report"> & { frame: Rows };
  negatives: Pick<NegativesResult, "popularity" | "count" | "protocols" | "lowered"> & { frame: Rows };
  /** In the order of the stages. */
  reports: StageReport[];
}

/** The progress and signal of a preparation. */
export type Context = ReturnType<typeof contextOf>;

/** A place where the stages run. Everything that differs between places is here; the result does not. */
export interface Site {
  inputs: Inputs;
  /** Versions of everything that took part in the work, for the manifest. */
  versions: Record<string, string>;
  /** Checks whether the sources, as this place sees them, are still those of a dataset. */
  changed: SourceCheck;
  /** Runs the stages. */
  run(): Promise<Outcome & InScratch>;
}

interface Stage<R> {
  /** Its label in the progress; omitted if the stage reports its own progress. */
  doing?: string;
  /** @param done Results of the stages before it. */
  run(done: Results, work: MemoryWork): R | Promise<R>;
}

const STAGES: { [Name in keyof Results]: Stage<Results[Name]> } = {
  read: {
    run: (_none, work) => readAll(work),
  },
  schema: {
    doing: "checking rows",
    run: ({ read: { frame, locate, columnName } }, { config, signal }) =>
      checkSchema(frame, { ...config, locate, columnName, signal }),
  },
  filter: {
    doing: "filtering",
    run: ({ schema }, { config, signal }) => filterInteractions(schema.frame, { ...config, signal }),
  },
  vocabulary: {
    doing: "numbering users and items",
    run: ({ filter, read: { items, users } }, { config, signal }) =>
      buildVocabulary(filter.frame, {
        ...knownOf({ items, users }),
        features: config.features?.map(parseFeatureSpec),
        signal,
      }),
  },
  split: {
    doing: "splitting",
    run: ({ vocabulary: { frame, users }, schema: { timeUnit } }, { config }) =>
      splitInteractions(frame, { ...config, users, timeUnit }),
  },
  negatives: {
    run: async ({ split: { frame, report }, vocabulary: { items, users } }, work) => {
      const { config, progress, signal } = work, evaluated = evaluatedOf(report);
      if (fitInMemory(evaluated, config, work.negativesInMemory)) {
        return await sampleNegatives(frame, { ...config, items, users, progress, signal });
      }
      const popularity = targetCounts(frame, items.height);
      return await drawToDisk(work.room, { ...work, frame, users, popularity, evaluated });
    },
  },
};

/**
 * Runs the stages one after the other.
 *
 * @throws {InputError} for data that a stage cannot use; {@link Interrupted} if `signal` is aborted.
 */
export function runStages(work: Omit<MemoryWork, "room">): Promise<Outcome & InScratch> {
  const { config, inputs } = work;
  return Scratch.during(
    config,
    filesOf(inputs),
    async (room) => {
      const done = await runAll({ ...work, room });
      return outcomeOf(done, fileFacts(done.read.sources), done.read);
    },
  );
}

/**
 * Selects what the dataset is made from, out of the stages' results on any engine.
 *
 * @param done Results by the names of the stages, in order.
 * @param interactions The files that the interactions were read from.
 */
export function outcomeOf(
  done: Pick<Outcome, "vocabulary" | "split" | "negatives"> & {
    schema: Pick<Outcome, "rejected" | "timeUnit">;
  } & { [Name in keyof Results]: { report: StageReport } },
  interactions: readonly SourceInfo[],
  { items, users }: Sides,
): Outcome {
  const { schema: { rejected, timeUnit }, vocabulary, split, negatives } = done;
  return {
    vocabulary,
    split,
    negatives,
    rejected,
    timeUnit,
    sources: [...interactions, ...[items, users].flatMap((side) => fileFacts(side?.sources ?? []))],
    reports: Object.values(done).map(({ report }) => report),
  };
}

async function runAll(work: MemoryWork): Promise<Results> {
  const done = {} as Results; // filled in the order of the stages: each one finds the results of those before it
  let before: keyof Results | undefined;
  for (const name of Object.keys(STAGES) as (keyof Results)[]) {
    await runStage(name, done, work);
    if (before !== undefined && before !== "split") release(before, done);
    before = name;
  }
  return done;
}

/** Number of rows from which freeing a frame's memory is worth a pause of JavaScript. */
const LARGE = 4_000_000;

/** Releases a stage's frame, about 16 bytes a row, once the next stage has made its own frame from it. */
function release<Name extends keyof Results>(name: Name, done: Results): void {
  const { height } = done[name].frame;
  done[name] = { ...done[name], frame: pl.DataFrame({}) };
  if (height >= LARGE) freeFrames();
}

/** The manifest's facts about files that were read on this machine. */
export const fileFacts = (files: readonly SourceFile[]): SourceInfo[] =>
  files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));

async function runStage<Name extends keyof Results>(
  name: Name,
  done: Results,
  work: MemoryWork,
): Promise<void> {
  const { doing, run } = STAGES[name], { progress, signal } = work;
  const result = doing === undefined
    ? await run(done, work)
    : await announced(doing, progress, () => run(done, work));
  result.report.warnings.forEach((warning) => progress.warn(warning));
  checkInterrupt(signal, "preparing the dataset");
  done[name] = result;
}

async function announced<R>(doing: string, progress: Progress, work: () => R | Promise<R>): Promise<R> {
  const task = progress.start(doing);
  // Polars computes on the calling thread, so what was drawn before needs time to appear.
  await yieldToEventLoop();
  try {
    return await work();
  } finally {
    task.end();
  }
}

/** Reads the interactions and their side tables. */
async function readAll(work: Work): Promise<Results["read"]> {
  const { inputs, progress, signal } = work;
  const read = await readInteractions({ ...inputs.interactions, progress, signal });
  const side = await readSides(work);
  return { ...read, report: withSides(read.report, side), ...side };
}

/** The side tables of the interactions. */
export interface Sides {
  items?: SideTableResult;
  users?: SideTableResult;
}

/** Reads the tables of items and users, if there are any. */
export async function readSides({ inputs, progress, signal }: Omit<Work, "config">): Promise<Sides> {
  const side = (options: SideTableOptions | undefined) =>
    options && readSideTable({ ...options, progress, signal });
  return { items: await side(inputs.items), users: await side(inputs.users) };
}

/** Returns what the vocabulary takes of the side tables. */
export const knownOf = ({ items, users }: Sides): Known => ({
  items: items?.frame,
  itemTypes: items?.report.columns?.items?.types,
  users: users?.frame,
});

/** Adds the side tables' warnings and the meaning of their columns to the report of reading. */
export const withSides = (report: StageReport, { items, users }: Sides): StageReport =>
  new StageReport({
    ...report,
    warnings: [report, items?.report, users?.report].flatMap((report) =>
      report?.written().warnings.map(asGiven) ?? []
    ),
    columns: { ...report.columns, ...items?.report.columns, ...users?.report.columns },
  });
