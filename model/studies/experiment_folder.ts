/**
 * The folder of an experiment: what it consists of, the run folders of its cells, its tables and its page.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { claimKept, type KeptKind } from "../../pipeline/contract/files/place.ts";
import { FolderRecord } from "../../pipeline/contract/files/record.ts";
import { cannotWrite, makeFolder } from "../../pipeline/contract/files/system.ts";
import { jsonText } from "../records/json.ts";
import { lockRun } from "../runs/lock.ts";
import { readValue } from "../runs/read.ts";
import type { Cell } from "./cell.ts";

/** Milliseconds: between two looks at a lock, and in all. */
const LOOK = 100, LONGEST_WAIT = 20_000;

const CELLS = "cells", PLAN = "experiment.json";

const cellSchema = z.object({
  method: z.string(),
  options: z.record(z.string(), z.unknown()),
  seed: z.int().nonnegative(),
  until: z.literal("retrain").optional(),
});

/** What was asked for so far. */
const contentSchema = z.object({
  format: z.literal("automlp-experiment"),
  version: z.literal(1),
  plan: z.string(),
  dataset: z.object({ hash: z.string(), name: z.string() }),
  /** By id. */
  cells: z.record(z.string(), cellSchema),
});
type Content = Omit<z.output<typeof contentSchema>, "format" | "version">;

/** A folder of cells. Disposed of, it is free for another process. */
export class ExperimentFolder implements Disposable {
  readonly #record: FolderRecord;
  readonly #lock: Disposable;

  private constructor(readonly path: string) {
    this.#lock = lockRun(path);
    this.#record = FolderRecord.read(path)!;
  }

  /**
   * A folder to write an experiment to: a new one, or one that was begun.
   *
   * @param inputs Files that it is made of: they may not lie in it.
   * @throws {InputError} if something else is there, another process is at work on it, or it cannot be made.
   */
  static create(
    path: string,
    inputs: readonly string[] = [],
    kind: KeptKind = "experiment",
  ): ExperimentFolder {
    const place = claimKept(path, kind, { what: `the ${kind}`, inputs });
    if (!place.begun) {
      try {
        makeFolder(place.path);
        FolderRecord.begin(path, kind).saveSync();
      } catch (error) {
        throw cannotWrite(path, error);
      }
    }
    return new ExperimentFolder(path);
  }

  /**
   * Notes what is asked for. Cells that were asked for before stay as they are; others may come to them.
   *
   * @throws {InputError} if a cell was begun with other options, or on other data.
   */
  async enter(plan: string, dataset: { hash: string; name: string }, cells: readonly Cell[]): Promise<void> {
    const before = readValue(this.path, { path: PLAN, schema: contentSchema });
    if (before && before.dataset.hash !== dataset.hash) {
      throw new InputError(
        `Cannot go on in ${this.path}: its cells are of other data, ${before.dataset.name} (${
          before.dataset.hash.slice(0, 8)
        }); give another folder with --out`,
      );
    }
    const all: Content["cells"] = { ...before?.cells };
    for (const { id, ...cell } of cells) {
      const known = Object.hasOwn(all, id) ? all[id] : undefined,
        differs = known && differenceOf(known, cell);
      if (differs) {
        throw new InputError(
          `Cannot go on in ${this.path}: its cell ${id} was begun with other options (${differs}); give the same plan, or another folder with --out`,
        );
      }
      all[id] = cell;
    }
    const content = { format: "automlp-experiment", version: 1, plan, dataset, cells: all };
    await this.write(PLAN, jsonText(content));
    makeFolder(join(this.path, CELLS));
  }

  /** Where the run of a cell is, or will be. */
  runPath({ id }: Pick<Cell, "id">): string {
    return join(this.path, CELLS, id);
  }

  /**
   * Waits until nobody is at work on a cell: the processes of a call that was killed stop by themselves, after their step. One that does not is left
   * to be told of by who trains the cell.
   */
  async waitForOthers(cells: readonly Cell[]): Promise<void> {
    const paths = cells.map((cell) => this.runPath(cell)).filter((path) => existsSync(path));
    for (let waited = 0; waited < LONGEST_WAIT && paths.some(isLocked); waited += LOOK) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** Writes a file of its own. */
  write(path: string, text: string): Promise<void> {
    return this.#record.put(path, (part) => Deno.writeTextFileSync(part, text));
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}

function isLocked(run: string): boolean {
  try {
    lockRun(run)[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

/** What is not the same, as in `epochs 2, now 3`. */
function differenceOf(before: Omit<Cell, "id">, now: Omit<Cell, "id">): string | undefined {
  const flat = ({ options, ...rest }: Omit<Cell, "id">): Record<string, unknown> => ({ ...options, ...rest });
  const [old, own] = [flat(before), flat(now)],
    said = (value: unknown) => JSON.stringify(value) ?? "the default";
  const key = [...new Set([...Object.keys(old), ...Object.keys(own)])].find((key) =>
    said(old[key]) !== said(own[key])
  );
  return key && `${key} ${said(old[key])}, now ${said(own[key])}`;
}
