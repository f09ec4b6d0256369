import assert from "node:assert/strict";
import { join } from "node:path";
import { Interrupted, RunError } from "../../../../pipeline/contract/errors.ts";
import { resolveDataset } from "../../../../pipeline/readers/known/registry.ts";
import { listener } from "../../../listener.ts";
import { ARCHIVE, digest, entry, list, MOVIES, RATINGS, withServer } from "./tiny.ts";

Deno.test("an archive is downloaded, checked and unpacked once; afterwards the cache has it", async () => {
  await withServer(ARCHIVE, async (url, folder, requests) => {
    const cacheDir = join(folder, "cache"), entries = [entry(url)];
    const { progress, labels, warnings, remarks } = listener();
    const first = await resolveDataset("Tiny", { cache: cacheDir, entries, progress });
    assert.deepEqual(first.read, { format: "movielens", files: [join(cacheDir, "tiny", "ratings.dat")] });
    assert.deepEqual(first.items, {
      format: "movielens",
      encoding: "latin1",
      file: join(cacheDir, "tiny", "movies.dat"),
      key: "item",
    });
    assert.equal(first.users, undefined);
    assert.equal(Deno.readTextFileSync(first.read.files[0]), RATINGS);
    assert.equal(Deno.readTextFileSync(first.items!.file), MOVIES);
    assert.deepEqual([first.source!.from, first.source!.sha256], [url, digest(ARCHIVE)]);
    assert.deepEqual(labels, ["downloading tiny.zip", "unpacking tiny.zip"]);
    assert.deepEqual([remarks, warnings], [[`Tiny ratings: free; from ${url}`], []]);
    assert.deepEqual(list(cacheDir), ["tiny"]);
    assert.deepEqual(list(join(cacheDir, "tiny")), [
      "checksums.json",
      "movies.dat",
      "ratings.dat",
      "source.json",
    ]);

    assert.deepEqual(await resolveDataset("tiny", { cache: cacheDir, entries }), first);
    assert.equal(requests(), 1);
    const copy = join(cacheDir, "tiny"), found = await resolveDataset("tiny", { data: copy, entries });
    assert.deepEqual(found, await resolveDataset("tiny", { data: [copy], entries }));
    assert.deepEqual(found.read.files, first.read.files);

    Deno.writeTextFileSync(first.read.files[0], "damaged");
    await resolveDataset("tiny", { cache: cacheDir, entries });
    assert.equal(Deno.readTextFileSync(first.read.files[0]), RATINGS);
    assert.equal(requests(), 2);
  });
});

Deno.test("a download that fails leaves nothing in the cache and says what to do", async () => {
  await withServer(ARCHIVE, async (url, folder) => {
    const wrong = entry(url, { checksum: { sha256: "aa", publisher: "X" } });
    await assert.rejects(resolveDataset("tiny", { cache: folder, entries: [wrong] }), (error: Error) => {
      assert.ok(error instanceof RunError);
      assert.match(
        error.message,
        /that of X is aa; .*download tiny\.zip by hand from https:\/\/example\.org\/tiny and pass it with --data/,
      );
      return true;
    });
    assert.deepEqual(list(folder), []);

    const stop = new AbortController();
    stop.abort();
    await assert.rejects(
      resolveDataset("tiny", { cache: folder, entries: [entry(url)], signal: stop.signal }),
      Interrupted,
    );
    assert.deepEqual(list(folder), []);

    const lacking = entry(url, { users: { path: "tiny/users.dat", read: {} } });
    await assert.rejects(
      resolveDataset("tiny", { cache: folder, entries: [lacking] }),
      /has no member tiny\/users\.dat/,
    );
    assert.deepEqual(list(folder), []);
  });
});

Deno.test("without a published checksum the SHA-256 is reported and recorded; a plain file stays as it is", async () => {
  const gz = new Uint8Array([31, 139, 8, 1, 2, 3]);
  await withServer(gz, async (url, folder, requests) => {
    const plain = entry(url.replace("tiny.zip", "ratings.csv.gz"), {
      checksum: undefined,
      interactions: { path: "ratings.csv.gz", read: { format: "csv" } },
      items: undefined,
    });
    const { progress, warnings } = listener();
    const { read, source } = await resolveDataset("tiny", { cache: folder, entries: [plain], progress });
    assert.deepEqual(Deno.readFileSync(read.files[0]), gz);
    assert.match(warnings[0], new RegExp(`SHA-256 is ${digest(gz)}$`));
    assert.equal(source!.sha256, digest(gz));
    assert.equal(JSON.parse(Deno.readTextFileSync(join(folder, "tiny", "source.json"))).sha256, digest(gz));
    await resolveDataset("tiny", { cache: folder, entries: [plain] });
    assert.equal(requests(), 1);
  });
});
