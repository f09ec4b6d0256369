/**
 * Snapshots that people can review: text is compared with a file under `tests/snapshots`.
 *
 * `UPDATE_SNAPSHOTS=1` rewrites them. A new one is written and passes on a developer's machine; if `CI` is set, a missing snapshot fails.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Compares `text` with the snapshot `name`, a file name with its extension. */
export function assertSnapshot(text: string, name: string): void {
  const file = new URL(`./snapshots/${name}`, import.meta.url);
  const known = Deno.env.get("UPDATE_SNAPSHOTS") ? undefined : read(file);
  if (known !== undefined) return assert.equal(text, known, `the snapshot ${name} differs`);
  if (Deno.env.get("CI")) assert.fail(`the snapshot ${name} is missing; write it with UPDATE_SNAPSHOTS=1`);
  Deno.mkdirSync(new URL(".", file), { recursive: true });
  Deno.writeTextFileSync(file, text);
}

function read(file: URL): string | undefined {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
