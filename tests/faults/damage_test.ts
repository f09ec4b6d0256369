/** Whatever happens to a file of a dataset, reading it gives the same tables as before the damage, or is refused in one line. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { readDataset } from "../../pipeline/contract/dataset/store.ts";
import { TABLES } from "../../pipeline/contract/dataset/manifest.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { walk } from "../../pipeline/contract/files/readable.ts";
import { withFolder } from "../folders.ts";
import { makeDataset } from "../pipeline/export/dataset.ts";
import { makePipe } from "./tree.ts";
import { copy, writeFile } from "./world.ts";

type Damage = (path: string, bytes: Uint8Array, at: number, other: Uint8Array) => void;

/** What a disk, an interrupted copy or an editor does to a file, at a place in it. */
const DAMAGES: Record<string, Damage> = {
  flip: (path, bytes, at) => Deno.writeFileSync(path, bytes.map((byte, i) => i === at ? byte ^ 1 : byte)),
  cut: (path, bytes, at) => Deno.writeFileSync(path, bytes.subarray(0, at)),
  zero: (path, bytes, at) => Deno.writeFileSync(path, bytes.slice().fill(0, at)),
  append: (path, bytes, at) => Deno.writeFileSync(path, bytes.subarray(at), { append: true }),
  "another file": (path, _bytes, _at, other) => Deno.writeFileSync(path, other),
  gone: (path) => Deno.removeSync(path),
  folder: (path) => {
    Deno.removeSync(path);
    writeFile(join(path, "inside"), "chapter one");
  },
  pipe: (path) => {
    Deno.removeSync(path);
    makePipe(path);
  },
};

/** Reads everything of a dataset. */
async function tablesOf(folder: string): Promise<string> {
  const dataset = await readDataset(folder);
  return JSON.stringify([
    dataset.manifest.hash,
    ...TABLES.map((name) => dataset.scan(name).collectSync().rows()),
  ]);
}

Deno.test("a damaged file of a dataset is refused in one line, or makes no difference", () =>
  withFolder(async (dir) => {
    const { folder } = await makeDataset("made", {
      sequences: { u: ["a", "b", "c", "d"], v: ["b", "c", "a"] },
    });
    const right = await tablesOf(folder), ends = { same: 0, refused: 0 };
    const files = [...walk(folder)].filter(({ entry }) => entry.isFile).map(({ path }) => path);
    const anyFile = fc.constantFrom(...files), place = fc.noBias(fc.nat(999_999));
    await fc.assert(
      fc.asyncProperty(
        anyFile,
        fc.constantFrom(...Object.keys(DAMAGES)),
        place,
        anyFile,
        async (file, kind, share, other) => {
          const damaged = join(dir, crypto.randomUUID()), path = join(damaged, file);
          copy(folder, damaged);
          const bytes = Deno.readFileSync(path), at = Math.floor(share / 1e6 * bytes.length);
          DAMAGES[kind](path, bytes, at, Deno.readFileSync(join(folder, other)));
          try {
            assert.equal(await tablesOf(damaged), right);
            ends.same++;
          } catch (error) {
            assert(error instanceof InputError && !error.message.includes("\n"), String(error));
            ends.refused++;
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
    assert(ends.refused > 50 && ends.same > 0, JSON.stringify(ends));
  }));
