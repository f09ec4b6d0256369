/** One file, read as a user would read it, and the result. */
import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { checkPreparation, prepareSchema } from "../../pipeline/config.ts";
import { InputError, shownMessage } from "../../pipeline/contract/errors.ts";
import {
  readInteractions,
  type ReadOptions,
  readSideTable,
  type SideTableOptions,
} from "../../pipeline/readers/mod.ts";
import { unzipMembers } from "../../pipeline/readers/known/archive.ts";
import { checkSchema, type SchemaOptions } from "../../pipeline/schema.ts";
import { commandOptions } from "../../pipeline/terminal/config.ts";
import { COMPANION, MEMBER, type Reader } from "./reader_seeds.ts";

/** How a file is read, besides its name. */
export interface Wishes {
  options: Omit<ReadOptions & SideTableOptions, "file" | "files" | "key">;
  schema: Pick<SchemaOptions, "onBadRow" | "duplicates" | "ties">;
}

/** Seconds of computing time in which a small file must be read or refused, independent of the machine's load. */
const PATIENCE = 8;
/** Maximum number of characters in a message. */
const LONGEST = 3000;

/**
 * Reads a file, and everything in the result.
 *
 * @returns `read`, or what was wrong.
 */
export async function readCase(
  reader: Reader,
  name: string,
  bytes: Uint8Array,
  wishes: Wishes,
  dir: string,
): Promise<string> {
  const path = join(dir, name);
  Deno.writeFileSync(path, bytes);
  let { outcome, seconds } = await readOnce(reader, path, wishes, dir);
  // After some ten thousand frames the garbage collector takes seconds, in any case: a slow file is slow twice.
  if (seconds > PATIENCE) ({ seconds } = await readOnce(reader, path, wishes, dir));
  assert(seconds < PATIENCE, `${seconds} seconds for ${bytes.length} bytes`);
  return outcome;
}

async function readOnce(reader: Reader, path: string, wishes: Wishes, dir: string) {
  const before = process.cpuUsage(), outcome = await whatComes(reader, path, wishes, dir);
  const { user, system } = process.cpuUsage(before);
  return { outcome, seconds: (user + system) / 1e6 };
}

/** Returns `read`, or the line of the error. */
async function whatComes(
  reader: Reader,
  path: string,
  { options, schema }: Wishes,
  dir: string,
): Promise<string> {
  try {
    await READERS[reader](path, options, schema, dir);
    return "read";
  } catch (error) {
    assert(error instanceof InputError, `another error than bad input: ${(error as Error).stack}`);
    const message = shownMessage(error);
    assert(
      !message.includes("\n") && message.length <= LONGEST,
      `no line for a person: ${message.slice(0, 500)}`,
    );
    assert.match(message, /^(Cannot|Unknown|Key|Option|Nothing|Where)/);
    return message;
  }
}

type Work = (
  path: string,
  options: Wishes["options"],
  schema: Wishes["schema"],
  dir: string,
) => Promise<unknown> | unknown;

const READERS: Record<Reader, Work> = {
  interactions: (path, options, schema) => checked({ files: [path], ...options } as ReadOptions, schema),
  times: (path, options, schema, dir) => {
    const sequences = join(dir, "sequences of the times.txt");
    Deno.writeTextFileSync(sequences, COMPANION);
    return checked({ ...options, format: "sequences", files: [sequences], sequenceTimestamps: path }, schema);
  },
  items: async (path, { columns: _, ...options }) => {
    const { frame } = await readSideTable({ file: path, key: "item", ...options } as SideTableOptions);
    return frame.rows();
  },
  archive: (path, _options, _schema, dir) => {
    const out = Deno.makeTempDirSync({ dir });
    return unzipMembers(path, [MEMBER], out);
  },
  configuration: async (path) => checkPreparation(await commandOptions(prepareSchema, path, { out: "made" })),
};

async function checked(options: ReadOptions, schema: Wishes["schema"]): Promise<unknown> {
  const { frame, locate, columnName } = await readInteractions(options);
  const result = await checkSchema(frame, { ...schema, locate, columnName });
  return [result.frame.rows(), result.rejected.rows()];
}
