/**
 * What was asked for in the folder of a study, and whether the same is asked for again: what exists is resumed, never changed.
 *
 * @module
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { checkVersion } from "../../pipeline/contract/files/readable.ts";
import { differencesBetween } from "../experiment/begun.ts";
import { jsonText } from "../records/json.ts";
import { shortHash } from "../runs/dataset.ts";
import { headerSchema } from "../runs/place.ts";
import { readValue } from "../runs/read.ts";
import { type Cell, jobOfCell } from "./cell.ts";
import type { StudyFolder } from "./study_folder.ts";

/** What messages call the value of an option that a cell does not name. */
const MISSING = "the default";

const EXPERIMENT = "experiment.json", TUNING = "tuning.json";
/** The version of both files that this program writes, and the newest that it reads. */
const VERSION = 1;

const datasetSchema = z.object({ hash: z.string(), name: z.string() });
type AskedDataset = z.output<typeof datasetSchema>;

const experimentSchema = z.object({
  format: z.literal("automlp-experiment"),
  version: z.literal(VERSION),
  plan: z.string(),
  dataset: datasetSchema,
  /** The cells by id. */
  cells: z.record(
    z.string(),
    z.object({
      method: z.string(),
      options: z.record(z.string(), z.unknown()),
      seed: z.int().nonnegative(),
      until: z.literal("retrain").optional(),
    }),
  ),
});

const tuningSchema = z.object({
  format: z.literal("automlp-tuning"),
  version: z.literal(VERSION),
  dataset: datasetSchema,
  /** Everything that determines its trials. */
  asked: z.record(z.string(), z.unknown()),
});

/**
 * Records the cells of an experiment. New cells may be added to those of earlier calls, and cells without a run may have other options.
 *
 * @throws {InputError} if a cell was begun with other options, or on other data.
 */
export async function askForCells(
  folder: StudyFolder,
  plan: string,
  dataset: AskedDataset,
  cells: readonly Cell[],
): Promise<void> {
  const before = askedIn(folder.path, EXPERIMENT, "the experiment", experimentSchema),
    all = { ...before?.cells };
  if (before) checkSameData(folder, before.dataset, dataset);
  for (const { id, ...cell } of cells) {
    const run = folder.run({ id }); // without a run, nothing was begun, or somebody has removed it
    const [had, has] = run && Object.hasOwn(all, id) ? differing(all[id], cell) : [{}, {}];
    const [differs] = differencesBetween(had, has, MISSING);
    if (differs) {
      throw new InputError(
        `Cannot resume ${folder.path}: its cell ${id} was begun with other options (${differs}); ` +
          `give the same plan, or another folder with --out; or remove ${
            folder.runPath({ id })
          } to train it anew`,
      );
    }
    all[id] = cell;
  }
  await folder.write(
    EXPERIMENT,
    jsonText({ format: "automlp-experiment", version: VERSION, plan, dataset, cells: all }),
  );
}

/** What both cells are asked for, and their jobs; naming an option with its default makes no difference. */
function differing(before: Omit<Cell, "id">, now: Omit<Cell, "id">): Record<string, unknown>[] {
  const [had, has] = [before, now].map(({ seed, ...cell }): Record<string, unknown> => {
    const { sizes, ...job } = jobOfCell(cell);
    return { ...job, ...sizes, seed };
  });
  return [before, now].map(({ options, ...rest }) =>
    Object.fromEntries(
      Object.entries({ ...options, ...rest }).filter(([key]) => !isDeepStrictEqual(had[key], has[key])),
    )
  );
}

/**
 * Records everything that determines the trials of a tuning.
 *
 * @throws {InputError} if it was begun with something else, or on other data.
 */
export async function askForTrials(
  folder: StudyFolder,
  dataset: AskedDataset,
  asked: Record<string, unknown>,
): Promise<void> {
  const before = tuningIn(folder.path);
  if (before) {
    checkSameData(folder, before.dataset, dataset);
    const both = [before.asked, asked].map(({ options, ...others }) => ({ options: options ?? {}, others }));
    const cells = both.map(({ options }) =>
      ({ method: `${asked.method}`, options, seed: 0 }) as Omit<Cell, "id">
    );
    const [had, has] = differing(cells[0], cells[1]).map((named, i) => ({ ...both[i].others, ...named }));
    const [differs] = differencesBetween(had, has, MISSING);
    if (differs) {
      throw new InputError(
        `Cannot resume ${folder.path}: it was begun with something else (${differs}); give the same, or another folder with --out`,
      );
    }
  }
  await folder.write(TUNING, jsonText({ format: "automlp-tuning", version: VERSION, dataset, asked }));
}

/** The seed that a tuning was begun with; undefined if none was begun in the folder. */
export const begunSeed = (path: string): number | undefined =>
  tuningIn(path)?.asked.seed as number | undefined;

const tuningIn = (folder: string) => askedIn(folder, TUNING, "the tuning", tuningSchema);

/** @throws {InputError} if the file is damaged, or a newer version wrote it. */
function askedIn<T>(folder: string, path: string, what: string, schema: z.ZodType<T>): T | undefined {
  const header = readValue(folder, { path, schema: headerSchema });
  if (!header) return undefined;
  checkVersion(join(folder, path), what, header.version, VERSION);
  return readValue(folder, { path, schema });
}

function checkSameData({ path }: StudyFolder, before: AskedDataset, now: AskedDataset): void {
  if (before.hash === now.hash) return;
  throw new InputError(
    `Cannot resume ${path}: what is there is of other data, ${before.name} (${
      shortHash(before.hash)
    }); give another folder with --out`,
  );
}
