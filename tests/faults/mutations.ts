/** Damage to files, as done by a disk, an interrupted copy, or an editor. */
import { join } from "node:path";
import fc from "fast-check";
import { makePipe } from "./tree.ts";
import { writeFile } from "./world.ts";

/** A change to a file. Places and lengths are shares of it, so that one mutation fits any file. */
export interface Mutation {
  kind: typeof KINDS[number];
  at: number;
  length: number;
  bit: number;
  /** Which of the folder's other files is also used, as a share of their list. */
  other: number;
}

const KINDS = [
  ...["flip", "cut", "zero", "swap", "splice", "duplicate", "append"] as const,
  // The same file of another folder, undamaged; and things that are not files.
  ...["foreign", "folder", "pipe"] as const,
];

/** From 0 to just below 1, evenly. */
const anyShare = fc.nat(999_999).map((n) => n / 1_000_000);

/** Any mutation; those of single bytes are most frequent. */
export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant("flip" as const) },
    { weight: 7, arbitrary: fc.constantFrom(...KINDS) },
  ),
  at: anyShare,
  length: anyShare.map((share) => share ** 3),
  bit: fc.nat(7),
  other: anyShare,
});

/** The files that a mutation works with. */
export interface Damaged {
  folder: string;
  /** Path below the folder. */
  file: string;
  /** All files of the folder. */
  files: string[];
  /** A folder of the same kind with other content. */
  foreign: string;
}

/** Damages a file. */
export function mutate(
  { kind, at, length, bit, other }: Mutation,
  { folder, file, files, foreign }: Damaged,
): void {
  const path = join(folder, file), bytes = Deno.readFileSync(path);
  const begin = Math.floor(at * bytes.length);
  const end = Math.min(bytes.length, begin + Math.max(1, Math.floor(length * bytes.length)));
  const part = bytes.slice(begin, end);
  const others = files.filter((name) => name !== file),
    second = join(folder, others[Math.floor(other * others.length)]);
  const write = (...parts: Uint8Array[]) => Deno.writeFileSync(path, concatenated(parts));
  switch (kind) {
    case "flip":
      if (bytes.length > 0) bytes[begin] ^= 1 << bit;
      return write(bytes);
    case "cut":
      return write(bytes.subarray(0, begin));
    case "zero":
      return write(bytes.fill(0, begin, end));
    case "swap":
      write(Deno.readFileSync(second));
      return Deno.writeFileSync(second, bytes);
    case "splice": {
      const from = Deno.readFileSync(second), start = Math.floor(at * from.length);
      return write(bytes.subarray(0, begin), from.subarray(start, start + end - begin), bytes.subarray(end));
    }
    case "duplicate":
      return write(bytes.subarray(0, end), part, bytes.subarray(end));
    case "append":
      return write(bytes, part);
    case "foreign":
      return Deno.copyFileSync(join(foreign, file), path);
    case "folder":
      Deno.removeSync(path);
      return writeFile(join(path, "inside"), "chapter one");
    case "pipe":
      Deno.removeSync(path);
      return makePipe(path);
  }
}

function concatenated(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
