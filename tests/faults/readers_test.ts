/**
 * Readers on damaged files: each gives a table, or one line that says what is wrong; nothing else, and within a short time.
 *
 * `FUZZ_SECONDS=600 deno test -P tests/faults/readers_test.ts` continues with other damage for that long; FUZZ_SEED takes a seed that was
 * printed before a file ended the process.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";
import { damaged } from "./damage.ts";
import { readCase, type Wishes } from "./reader_case.ts";
import { type Reader, seeds } from "./reader_seeds.ts";

const wishes: fc.Arbitrary<Wishes> = fc.record({
  options: fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record({
        format: fc.constantFrom(
          "auto",
          "csv",
          "tsv",
          "movielens",
          "recbole",
          "amazon",
          "jsonl",
          "sequences",
          "parquet",
        ),
        delimiter: fc.constantFrom(",", "\t", "::", ";", " ", "ab"),
        header: fc.boolean(),
        columns: fc.constantFrom(["user", "item", "rating", "timestamp"], ["user=user", "item=item"], [
          "_",
          "user",
          "item",
        ]),
        encoding: fc.constantFrom("utf-8", "latin1"),
      }, { requiredKeys: [] }),
    },
  ) as fc.Arbitrary<Wishes["options"]>,
  schema: fc.record({
    onBadRow: fc.constantFrom("error", "skip"),
    duplicates: fc.constantFrom("keep", "first", "last", "error"),
    ties: fc.constantFrom("file", "item"),
  }),
});

/** Bytes that reading small files may leave in memory, whatever is in them. */
const MEMORY = 2 ** 30;

// Polars may panic on a damaged file, which is caught; looking up the lines of a backtrace would take seconds.
Deno.env.set("RUST_BACKTRACE", "0");

/** Damages and reads `runs` files; returns how often each result occurred. */
async function damageAndRead(seed: number, runs: number): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const before = Deno.memoryUsage().rss;
  await withFolder((dir) =>
    fc.assert(
      fc.asyncProperty(damaged(seeds()), wishes, async ({ seed, name, bytes }, wish) => {
        const outcome = await readCase(seed.reader, name, bytes, wish, dir).catch((error) => {
          // When shrinking ends, the smallest file of its kind is kept.
          const kept = join(tmpdir(), `${seed.reader} ${name}`);
          Deno.writeFileSync(kept, bytes);
          throw new Error(`${error.message} (kept as ${kept})`, { cause: error });
        });
        const kind = outcome.replaceAll(dir, "").replace(/"[^"]*"|\d+/g, "…").slice(0, 80);
        outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
      }),
      { seed, numRuns: runs, endOnFailure: false },
    )
  );
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < MEMORY, `${grown} bytes more in memory`);
  return outcomes;
}

Deno.test("readers: damaged files become a table or one line", async () => {
  const outcomes = await damageAndRead(20_240_521, 300);
  assert(outcomes.get("read")! > 40, "some are read");
  assert(outcomes.size > 25, "many things are wrong with the others");
});

const FUZZ_SECONDS = Number(Deno.env.get("FUZZ_SECONDS") ?? 0);

Deno.test({
  name: "readers: damaged files, for as long as asked",
  ignore: FUZZ_SECONDS === 0,
  async fn() {
    const start = performance.now(), all = new Map<string, number>();
    let cases = 0;
    const first = Number(Deno.env.get("FUZZ_SEED") ?? Math.floor(Math.random() * 2 ** 31));
    for (let seed = first; performance.now() - start < 1000 * FUZZ_SECONDS; seed++) {
      console.log(`seed ${seed}, ${cases} cases in ${((performance.now() - start) / 1000).toFixed(0)} s`);
      for (const [kind, times] of await damageAndRead(seed, 1000)) {
        all.set(kind, (all.get(kind) ?? 0) + times);
      }
      cases += 1000;
    }
    console.log(`${cases} cases`);
    for (const [kind, times] of [...all].sort(([, a], [, b]) => b - a)) console.log(times, kind);
  },
});

/** Files that once caused a failure, each named `READER what.ending`. */
const CORPUS = `${root}tests/faults/corpus/`;

for (const { name } of [...Deno.readDirSync(CORPUS)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  const [reader] = name.split(" ") as [Reader];
  Deno.test(`readers: ${name}`, () =>
    withFolder(async (dir) => {
      const bytes = Deno.readFileSync(CORPUS + name);
      await readCase(reader, name, bytes, {
        options: {},
        schema: { onBadRow: "error", duplicates: "keep", ties: "file" },
      }, dir);
    }));
}
