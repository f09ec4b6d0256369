/** Files and shorthands for the tests of readers. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { readInteractions, type ReadOptions, type ReadResult } from "../../../pipeline/readers/mod.ts";
import { withFolder } from "../../folders.ts";

/** The contents of a file: text (UTF-8) or bytes. */
export type Contents = string | Uint8Array;

export const bytesOf = (contents: Contents) =>
  typeof contents === "string" ? new TextEncoder().encode(contents) : contents;

/** `contents` as a gzip file. */
export const gzip = (contents: Contents): Uint8Array => new Uint8Array(gzipSync(bytesOf(contents)));

/** `text` in Latin-1. */
export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Writes files into a new folder and passes its path, which ends with a slash, to `test`. */
export function withFiles(
  files: Record<string, Contents>,
  test: (dir: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (dir) => {
    for (const [name, contents] of Object.entries(files)) {
      Deno.writeFileSync(`${dir}/${name}`, bytesOf(contents));
    }
    await test(`${dir}/`);
  });
}

/** Reads one file with these contents. */
export async function read(
  name: string,
  contents: Contents,
  options: Omit<ReadOptions, "files"> = {},
): Promise<ReadResult> {
  let result: ReadResult | undefined;
  await withFiles({ [name]: contents }, async (dir) => {
    result = await readInteractions({ files: [dir + name], ...options });
  });
  return result!;
}

/** Returns the rows of a file with these contents. */
export async function rows(name: string, contents: Contents, options: Omit<ReadOptions, "files"> = {}) {
  return (await read(name, contents, options)).frame.rows();
}

/** Asserts that `work` fails with one clear line that contains all of `parts`, without the folder `dir`. */
export async function assertInputError(
  work: () => Promise<unknown>,
  parts: string[],
  dir = "",
): Promise<void> {
  const error = await work().then(() => undefined, (error) => error);
  assert(error instanceof InputError, `expected an InputError, got ${error?.stack ?? "none"}`);
  const message = error.message.replaceAll(dir, "");
  assert(!message.includes("\n"), `more than one line: ${message}`);
  assert.match(message, /^Cannot /);
  for (const part of parts) assert(message.includes(part), `"${part}" is not in: ${message}`);
}

/** Asserts that reading a file with these contents fails like this. */
export function assertUnreadable(
  name: string,
  contents: Contents,
  parts: string[],
  options: Omit<ReadOptions, "files"> = {},
): Promise<void> {
  return withFiles(
    { [name]: contents },
    (dir) => assertInputError(() => readInteractions({ files: [dir + name], ...options }), parts, dir),
  );
}
