import assert from "node:assert/strict";
import { join } from "node:path";
import { strToU8 } from "fflate";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import { resolveDataset } from "../../../../pipeline/readers/registry.ts";
import { hasShared, sharedData } from "../../../paths.ts";
import { ARCHIVE, digest, entry, exists, list, listener, MOVIES, RATINGS } from "./tiny.ts";

Deno.test("copies: the archive, unpacked files plain and .gz, and folders", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const entries = [entry("http://127.0.0.1:9/tiny.zip")], cacheDir = join(folder, "cache");
    const archive = join(folder, "copy-of-tiny.zip");
    Deno.writeFileSync(archive, ARCHIVE);
    const unpacked = await resolveDataset("tiny", { data: [archive], cacheDir, entries });
    assert.equal(Deno.readTextFileSync(unpacked.read.files[0]), RATINGS);
    assert.deepEqual([unpacked.source!.from, unpacked.source!.sha256], [archive, digest(ARCHIVE)]);
    // An archive that agrees with the published checksum is as good as a download.
    assert.deepEqual((await resolveDataset("tiny", { cacheDir, entries })).read, unpacked.read);

    const flat = join(folder, "flat"), deep = join(folder, "deep"), zipped = join(folder, "zipped");
    for (const path of [flat, join(deep, "tiny"), zipped]) Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(join(flat, "ratings.dat.gz"), "");
    Deno.writeTextFileSync(join(deep, "tiny", "ratings.dat"), RATINGS);
    Deno.writeTextFileSync(join(deep, "tiny", "movies.dat"), MOVIES);
    Deno.writeFileSync(join(zipped, "tiny.zip"), ARCHIVE);
    const resolve = (...data: string[]) => resolveDataset("tiny", { data, cacheDir, entries });
    assert.deepEqual((await resolve(flat)).read.files, [join(flat, "ratings.dat.gz")]);
    assert.equal((await resolve(flat)).items, undefined);
    assert.deepEqual((await resolve(deep)).items!.file, join(deep, "tiny", "movies.dat"));
    assert.deepEqual((await resolve(zipped)).read, unpacked.read);
    const both = await resolve(join(deep, "tiny", "movies.dat"), join(flat, "ratings.dat.gz"));
    assert.deepEqual([both.read.files, both.items!.file], [
      [join(flat, "ratings.dat.gz")],
      join(deep, "tiny", "movies.dat"),
    ]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("copies: one file of another name is the interactions, with a warning; its kind decides the format", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const entries = [entry("http://127.0.0.1:9/tiny.zip")];
    for (const [name, read] of [["part.dat.gz", { format: "movielens" }], ["mine.csv", {}]] as const) {
      const file = join(folder, name);
      Deno.writeTextFileSync(file, "");
      const { progress, warnings } = listener();
      const resolved = await resolveDataset("tiny", { data: [file], entries, progress });
      assert.deepEqual(resolved.read, { ...read, files: [file] });
      assert.match(warnings[0], new RegExp(`${name} is not called ratings.dat`));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("copies that are not those of the data set are errors of one line", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = (name: string, content: string | Uint8Array = "") => {
      const file = join(folder, name);
      Deno.writeFileSync(file, typeof content === "string" ? strToU8(content) : content);
      return file;
    };
    const known = entry("http://127.0.0.1:9/tiny.zip");
    const unchecked = { ...known, name: "unchecked", checksum: undefined };
    const empty = join(folder, "empty");
    Deno.mkdirSync(empty);
    const ratings = path("ratings.dat", RATINGS), whole = path("whole.zip", ARCHIVE);
    const cases: [string, string[], RegExp][] = [
      ["tiny", [join(folder, "absent.dat")], /Cannot read .*absent\.dat: no such file$/],
      ["tiny", ["/dev/zero"], /Cannot read \/dev\/zero: it is no regular file/],
      [
        "tiny",
        [empty],
        /ratings\.dat is not among them; its files are ratings\.dat, movies\.dat, plain or \.gz, or all of them in tiny\.zip/,
      ],
      ["tiny", [path("movies.dat")], /ratings\.dat is not among them/],
      ["tiny", [ratings, path("other.txt")], /other\.txt is no file of it/],
      ["tiny", [ratings, whole], /one archive alone/],
      [
        "tiny",
        [path("old.zip", "PK not this one")],
        /its SHA-256 is .*that of the test is .*or pass the unpacked files/,
      ],
      [
        "unchecked",
        [path("text.zip", "this is no archive at all, but text of some length")],
        /text\.zip: it is cut short or no zip archive; download it again/,
      ],
      [
        "unchecked",
        [path("half.zip", ARCHIVE.subarray(0, ARCHIVE.length / 2))],
        /it is cut short or no zip archive/,
      ],
    ];
    for (const [name, data, message] of cases) {
      const cacheDir = join(folder, "cache");
      await assert.rejects(
        resolveDataset(name, { data, cacheDir, entries: [known, unchecked] }),
        (error: Error) => {
          assert.ok(error instanceof InputError, `${error.constructor.name}: ${error.message}`);
          assert.match(error.message, message);
          assert.ok(!error.message.includes("\n"));
          return true;
        },
      );
      assert.ok(!exists(cacheDir) || list(cacheDir).length === 0);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test({
  name: "real copies: MovieLens-100K as a folder and as one file, part of MovieLens-1M",
  ignore: !hasShared("ml-100k"),
  async fn() {
    const folder = join(sharedData, "ml-100k");
    const all = await resolveDataset("ml-100k", { data: [folder] });
    assert.deepEqual([all.read.files, all.items!.file, all.users!.file], [
      [join(folder, "u.data.gz")],
      join(folder, "u.item.gz"),
      join(folder, "u.user.gz"),
    ]);
    const one = await resolveDataset("ml-100k", { data: [join(folder, "u.data.gz")] });
    assert.deepEqual([one.read, one.items], [
      { format: "movielens", files: [join(folder, "u.data.gz")] },
      undefined,
    ]);
    const part = join(sharedData, "ml-1m", "ratings_users_1-2999.dat.gz"),
      movies = join(sharedData, "ml-1m", "movies.dat.gz");
    const { read, items } = await resolveDataset("ml-1m", { data: [part, movies] });
    assert.deepEqual([read, items!.file], [{ format: "movielens", files: [part] }, movies]);
  },
});
