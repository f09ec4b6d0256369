/** What tests of several parts of the model have in common. */
import assert from "node:assert/strict";
import { join } from "node:path";

/** Asserts that something is refused with an InputError of one line. */
export const refused = (work: () => unknown, message: RegExp) =>
  assert.rejects(Promise.try(work), (error: Error) => {
    assert.equal(error.name, "InputError", Deno.inspect(error));
    assert.match(error.message, message);
    assert(!error.message.includes("\n"));
    return true;
  });

/** Paths of all files below a folder, sorted. */
export const filesBelow = (dir: string): string[] =>
  [...Deno.readDirSync(dir)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(join(dir, name)).map((inner) => `${name}/${inner}`) : [name]
  ).sort();
