/** Helpers for the tests of several parts of the model. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readSafetensors, type SavedTensor } from "../../model/records/safetensors.ts";
import { stepOf } from "../../model/tensorboard/event.ts";
import { unframe } from "../../model/tensorboard/records.ts";

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

/** Sequences of users who walk around the items in a circle, each from a different start and by steps of one, two or three. */
export const walks = (users: number, length: number, items: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    Array.from({ length: users }, (_, u) => [
      `u${u}`,
      Array.from({ length }, (_, n) => items[(u + n * (1 + u % 3)) % items.length]),
    ]),
  );

/** The value of a JSON file. */
// deno-lint-ignore no-explicit-any -- a test says what it expects of it
export const json = (path: string): any => JSON.parse(Deno.readTextFileSync(path));

/** Steps of the events in a folder, file by file. */
export const eventSteps = (folder: string): number[][] =>
  [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name).sort().map((name) =>
    Array.from(unframe(Deno.readFileSync(join(folder, name))), stepOf).filter((step) => step !== undefined)
  );

/** The weights of a run's model. */
export async function weightsOf(run: string): Promise<ReadonlyMap<string, SavedTensor>> {
  return (await readSafetensors(join(run, "model", "weights.safetensors"))).tensors;
}
