/**
 * The header of a safetensors file: JSON with the type and shape of each tensor, and where its numbers are.
 *
 * @module
 */
import { z } from "zod";
import { sizeOf } from "../backend/tensor.ts";

/** Where the numbers of a tensor are, in bytes from the end of the header. */
export interface Place {
  name: string;
  shape: number[];
  begin: number;
  end: number;
}

/** The contents of a header. */
export interface Header {
  /** Places of the tensors, in the order of their bytes. */
  places: Place[];
  metadata: Record<string, string>;
}

/** Why a header is refused, and what to do. */
export class HeaderProblem extends Error {
  constructor(readonly state: string, readonly wish: string) {
    super(state);
  }
}

/** The problem that the bytes are something else. */
export const notSafetensors = (): HeaderProblem =>
  new HeaderProblem(
    "it is not a safetensors file",
    "give weights that automlp or a safetensors library wrote",
  );

const METADATA = "__metadata__";
const FLOAT_BYTES = 4;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** Returns the text of a header for tensors that are written in this order. */
export function headerText(
  tensors: readonly { name: string; shape: readonly number[] }[],
  metadata: Record<string, string>,
): string {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let offset = 0;
  for (const { name, shape } of tensors) {
    if (name === METADATA) throw new Error(`A tensor cannot be called ${METADATA}`);
    const data_offsets = [offset, offset += sizeOf(shape) * FLOAT_BYTES];
    entries.push([name, { dtype: "F32", shape, data_offsets }]);
  }
  return JSON.stringify(Object.fromEntries(entries));
}

/**
 * Parses a header. Its tensors must be 32-bit floats that cover the data exactly, each byte once.
 *
 * @param dataBytes Number of bytes of the file after the header.
 * @throws {HeaderProblem}
 */
export function parseHeader(text: string, dataBytes: number): Header {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notSafetensors();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notSafetensors();
  const twice = repeatedName(text);
  if (twice !== undefined) {
    throw new HeaderProblem(`its header names "${twice}" twice`, "save the weights again");
  }
  const places: Place[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (name === METADATA) metadata = textByName(entry);
    else places.push(placeOf(name, entry));
  }
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(places, dataBytes);
  return { places, metadata };
}

const damaged = (name: string, problem: string) =>
  new HeaderProblem(`tensor "${name}" is damaged (${problem})`, "copy or save the file again");

/** Checks metadata, which may have any names, including those with a meaning in JavaScript. */
function textByName(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.entries(value);
  if (!entries || entries.some(([, text]) => typeof text !== "string")) {
    throw new HeaderProblem("its metadata are not text by name", "save the weights again");
  }
  return Object.fromEntries(entries);
}

function placeOf(name: string, entry: unknown): Place {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(name, `${issue.path.join(".") || "entry"}: ${issue.message}`);
  }
  const { dtype, shape, data_offsets: [begin, end] } = parsed.data;
  if (dtype !== "F32") {
    throw new HeaderProblem(
      `tensor "${name}" has numbers of type ${dtype}`,
      "save it with 32-bit floats (F32)",
    );
  }
  if (end - begin !== sizeOf(shape) * FLOAT_BYTES) {
    throw damaged(name, `shape ${shape.join(" × ")} does not fit in ${end - begin} bytes`);
  }
  return { name, shape, begin, end };
}

/** @param places Places in the order of their bytes. */
function checkCover(places: readonly Place[], dataBytes: number): void {
  let at = 0;
  for (const { name, begin, end } of places) {
    if (begin !== at) throw damaged(name, `it begins at byte ${begin}, the one before ends at ${at}`);
    at = end;
  }
  if (at === dataBytes) return;
  throw new HeaderProblem(
    `${
      dataBytes < at ? "it is cut off" : "it is too long"
    }: its tensors take ${at} bytes, there are ${dataBytes}`,
    "copy it again",
  );
}

/**
 * Finds the first name that an object in a JSON text has twice: different readers could take different entries.
 *
 * @param json Valid JSON.
 */
function repeatedName(json: string): string | undefined {
  /** For each object or list around the current place, the names so far; lists have none. */
  const around: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    if (json[i] === "{" || json[i] === "[") around.push(new Set());
    else if (json[i] === "}" || json[i] === "]") around.pop();
    else if (json[i] === '"') {
      const begin = i;
      for (i++; json[i] !== '"'; i++) if (json[i] === "\\") i++;
      if (!isName(json, i + 1)) continue;
      const name = JSON.parse(json.slice(begin, i + 1)) as string, names = around.at(-1)!;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

/** Whether a colon follows. */
function isName(json: string, at: number): boolean {
  while (" \t\r\n".includes(json[at])) at++;
  return json[at] === ":";
}
