/**
 * The content of a folder, for comparing two of them byte by byte: everything counts except what differs between two uninterrupted
 * runs of a command, which is times and anything derived from them.
 *
 * @module
 */
import { basename, join } from "node:path";
import { hashOf } from "../../pipeline/contract/files/hash.ts";
import { RECORD } from "../../pipeline/contract/files/record.ts";
import { entryAt } from "../../pipeline/contract/files/system.ts";
import { walk } from "../../pipeline/contract/files/walk.ts";

/** By path below the folder: "folder", "link to …", or a checksum of the parts of the file that count. */
export type Snapshot = Map<string, string>;

/** A snapshot of a folder, or of a file under the name "". Empty if nothing is there. */
export function snapshotOf(path: string): Snapshot {
  const entry = entryAt(path);
  if (!entry) return new Map();
  if (!entry.isDirectory) return new Map([["", contentOf(path, basename(path), entry)]]);
  return new Map(
    Array.from(walk(path), ({ path: below, entry }) => [below, contentOf(join(path, below), below, entry)]),
  );
}

/** The part of a snapshot at or below a path. */
export function partOf(snapshot: Snapshot, path: string): Snapshot {
  return new Map([...snapshot].filter(([name]) => name === path || name.startsWith(`${path}/`)));
}

/** Returns the differences between two snapshots, one per line. */
export function differences(found: Snapshot, expected: Snapshot): string[] {
  const left = [...found.keys()].filter((path) => !expected.has(path)).map((path) => `${path} is left over`);
  const lost = [...expected.keys()].filter((path) => !found.has(path)).map((path) => `${path} is missing`);
  const other = [...found].filter(([path, content]) => (expected.get(path) ?? content) !== content)
    .map(([path]) => `${path} is different`);
  return [...left, ...lost, ...other];
}

function contentOf(path: string, name: string, entry: Deno.FileInfo): string {
  if (entry.isDirectory) return "folder";
  if (entry.isSymlink) return `link to ${Deno.readLinkSync(path)}`;
  if (!entry.isFile) return "something else";
  const bytes = Deno.readFileSync(path);
  const [, counted] = COUNTED.find(([pattern]) => pattern.test(name)) ?? [];
  try {
    return hashOf(counted ? counted(bytes) : bytes);
  } catch {
    return `damaged ${hashOf(bytes)}`;
  }
}

/** The parts that count of files that contain times; of all others every byte counts. */
const COUNTED: [RegExp, (bytes: Uint8Array) => string][] = [
  // The names: the checksums themselves are compared with the files, see found.ts.
  [new RegExp(`(^|/)${RECORD.replace(".", "\\.")}$`), (bytes) => {
    const { kind, files } = JSON.parse(textOf(bytes));
    return JSON.stringify([kind, Object.keys(files).sort()]);
  }],
  [/(^|\/)run\.json$/, (bytes) => {
    const run = JSON.parse(textOf(bytes));
    const {
      command: _,
      sessions: _s,
      times: _t,
      peakMemoryBytes: _p,
      peakMemory: _m,
      config: { resume: _r, ...config },
      ...rest
    } = run;
    return JSON.stringify({ ...rest, config });
  }],
  [/(^|\/)(manifest|insights)\.json$/, (bytes) => timeless(textOf(bytes))],
  [/\/(history|trials)\.jsonl$/, (bytes) => textOf(bytes).trimEnd().split("\n").map(timeless).join("\n")],
  [/\/checkpoint\/.*\.safetensors$/, (bytes) => {
    const length = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const { __metadata__: { state, ...metadata }, ...tensors } = JSON.parse(
      textOf(bytes.subarray(8, length)),
    );
    return JSON.stringify([timeless(state), metadata, tensors, hashOf(bytes.subarray(length))]);
  }],
  // A run's report: it has durations, shares of time, speed, memory, when it began, and the commands.
  [
    /^run\/report\.html$/,
    (bytes) =>
      textOf(bytes).replace(
        /<figure(?:(?!<\/figure>).)*by (?:minutes|seconds) of training(?:(?!<\/figure>).)*<\/figure>/gs,
        "",
      ).replace(
        /[\d.,]+ (s|ms|min|%|MB|GB|examples a second)|\d+:\d\d/g,
        "",
      ).replace(
        /<pre>[^<]*<\/pre>/g,
        "",
      ).replace(/ · [\d-]{10} +UTC/g, "").replace(
        /<tr>(?:(?!<\/tr>).)*[\d-]{10} +UTC(?:(?!<\/tr>).)*<\/tr>/gs,
        "",
      ),
  ],
];

const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

const TIMES = ["seconds", "examplesPerSecond", "millisecondsPerHistory"];

/** JSON without times. */
const timeless = (text: string): string =>
  JSON.stringify(JSON.parse(text, (key, value) => TIMES.includes(key) ? undefined : value));
