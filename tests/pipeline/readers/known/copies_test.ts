import assert from "node:assert/strict";
import { join } from "node:path";
import { strToU8 } from "fflate";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import { resolveDataset } from "../../../../pipeline/readers/known/registry.ts";
import { hasShared, sharedData } from "../../../paths.ts";
import { listener } from "../../../listener.ts";
import { ARCHIVE, digest, entry, exists, list, MOVIES, RATINGS } from "./tiny.ts";

Deno.test("copies: the archive, unpacked files plain and .gz, and folders", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const entries = [entry("http://127.0.0.1:9/tiny.zip")], cacheDir = join(folder, "cache");
    const archive = join(folder, "copy-of-tiny.zip");
    Deno.writeFileSync(archive, ARCHIVE);
    const unpacked = await resolveDataset("tiny", { data: [archive], cache: cacheDir, entries });
    assert.equal(Deno.readTextFileSync(unpacked.read.files[0]), RATINGS);
    assert.deepEqual([unpacked.source!.from, unpacked.source!.sha256], [archive, digest(ARCHIVE)]);
    // An archive with the published checksum is as good as a download.
    assert.deepEqual((await resolveDataset("tiny", { cache: cacheDir, entries })).read, unpacked.read);

    const flat = join(folder, "flat"), deep = join(folder, "deep"), zipped = join(folder, "zipped");
    for (const path of [flat, join(deep, "tiny"), zipped]) Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(join(flat, "ratings.dat.gz"), "");
    Deno.writeTextFileSync(join(deep, "tiny", "ratings.dat"), RATINGS);
    Deno.writeTextFileSync(join(deep, "tiny", "movies.dat"), MOVIES);
    Deno.writeFileSync(join(zipped, "tiny.zip"), ARCHIVE);
    const resolve = (...data: string[]) => resolveDataset("tiny", { data, cache: cacheDir, entries });
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

Deno.test("copies: the tables beside the interactions are taken under their own names, which is said; not those that others replace", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const known = entry("http://127.0.0.1:9/tiny.zip"), users = { path: "tiny/people.dat", read: {} };
    const resolve = async (name: string, without?: ("items" | "users")[]) => {
      const { progress, remarks } = listener(), data = [join(folder, name)];
      const found = await resolveDataset("tiny", { data, entries: [{ ...known, users }], without, progress });
      return [found.items?.file, found.users?.file, remarks.at(-1)];
    };
    for (const name of ["ratings.dat", "part.dat", "mine.dat.gz"]) {
      Deno.writeTextFileSync(join(folder, name), "");
    }
    assert.deepEqual(await resolve("ratings.dat"), [undefined, undefined, undefined]);
    const items = join(folder, "movies.dat.gz"), people = join(folder, "people.dat");
    for (const path of [items, people, join(folder, "movies.csv")]) Deno.writeTextFileSync(path, "");
    assert.deepEqual(await resolve("ratings.dat"), [
      items,
      people,
      `Beside ${join(folder, "ratings.dat")} lies more of tiny, which is read, too: ` +
      "movies.dat.gz as its table of items (--items FILE takes another), people.dat as its table of users (--users FILE takes another)",
    ]);
    assert.deepEqual((await resolve("part.dat")).slice(0, 2), [items, people]);
    const [, , said] = await resolve("ratings.dat", ["items"]);
    assert.match(String(said), /which is read, too: people\.dat as its table of users/);
    assert.deepEqual(await resolve("ratings.dat", ["items", "users"]), [undefined, undefined, undefined]);
    Deno.writeTextFileSync(join(folder, "movies.dat"), "");
    assert.equal(
      (await resolve("ratings.dat"))[0],
      join(folder, "movies.dat"),
      "the plain one first, as in folders",
    );
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
        /text\.zip: it is cut short, damaged or no zip archive; download it again/,
      ],
      [
        "unchecked",
        [path("half.zip", ARCHIVE.subarray(0, ARCHIVE.length / 2))],
        /it is cut short, damaged or no zip archive/,
      ],
    ];
    for (const [name, data, message] of cases) {
      const cacheDir = join(folder, "cache");
      await assert.rejects(
        resolveDataset(name, { data, cache: cacheDir, entries: [known, unchecked] }),
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
    assert.deepEqual(one, all, "what lies beside it is found");
    const part = join(sharedData, "ml-1m", "ratings_users_1-2999.dat.gz"),
      movies = join(sharedData, "ml-1m", "movies.dat.gz");
    const { read, items } = await resolveDataset("ml-1m", { data: [part, movies] });
    assert.deepEqual([read, items!.file], [{ format: "movielens", files: [part] }, movies]);
  },
});
