import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { AutoMLPError, InputError, Interrupted, RunError } from "../../../pipeline/contract/errors.ts";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import { cacheFolder } from "../../../pipeline/contract/cache_folder.ts";
import {
  type DatasetEntry,
  datasetNames,
  DATASETS,
  findDataset,
  resolveDataset,
} from "../../../pipeline/readers/registry.ts";
import { withFolder } from "../../folders.ts";

const RATINGS = Array.from({ length: 5_000 }, (_, i) => `${i % 70}::${i % 90}::3::${1_000_000 + i}\n`).join(
  "",
);
const MOVIES = "1::Amélie::Comedy\n";
const ARCHIVE = zipSync({
  "tiny/README": strToU8("about"),
  "tiny/big.bin": new Uint8Array(400_000).map((_, i) => (i * i) % 253),
  "tiny/ratings.dat": strToU8(RATINGS),
  "tiny/movies.dat": [strToU8(MOVIES), { level: 0 }],
});
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const entry = (url: string, more: Partial<DatasetEntry> = {}): DatasetEntry => ({
  name: "tiny",
  title: "Tiny ratings",
  homepage: "https://example.org/tiny",
  url,
  checksum: { sha256: digest(ARCHIVE), publisher: "the test" },
  interactions: { path: "tiny/ratings.dat", read: { format: "movielens" } },
  items: { path: "tiny/movies.dat", read: { format: "movielens", encoding: "latin1" } },
  licence: "free",
  citation: "none",
  ...more,
});

const list = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const exists = (path: string | URL) => {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
};

/** Runs `test` with a folder and a server of `body`; `requests` counts what reaches the server. */
async function withServer(
  body: Uint8Array<ArrayBuffer>,
  test: (url: string, folder: string, requests: () => number) => Promise<void>,
): Promise<void> {
  let count = 0;
  const folder = Deno.makeTempDirSync();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    count++;
    return new Response(body);
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}/tiny.zip`, folder, () => count);
  } finally {
    await server.shutdown();
    Deno.removeSync(folder, { recursive: true });
  }
}

function listener(): { progress: Progress; labels: string[]; warnings: string[] } {
  const labels: string[] = [], warnings: string[] = [];
  const progress: Progress = {
    start(label) {
      labels.push(label);
      return { advance() {}, end() {} };
    },
    warn: (message) => void warnings.push(message),
  };
  return { progress, labels, warnings };
}

Deno.test("an archive is downloaded, checked and unpacked once; afterwards the cache has it", async () => {
  await withServer(ARCHIVE, async (url, folder, requests) => {
    const cacheDir = join(folder, "cache"), entries = [entry(url)];
    const { progress, labels, warnings } = listener();
    const first = await resolveDataset("Tiny", { cacheDir, entries, progress });
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
    assert.deepEqual(warnings, ["Tiny ratings: free"]);
    assert.deepEqual(list(cacheDir), ["tiny"]);
    assert.deepEqual(list(join(cacheDir, "tiny")), [
      "checksums.json",
      "movies.dat",
      "ratings.dat",
      "source.json",
    ]);

    assert.deepEqual(await resolveDataset("tiny", { cacheDir, entries }), first);
    assert.equal(requests(), 1);

    Deno.writeTextFileSync(first.read.files[0], "damaged");
    await resolveDataset("tiny", { cacheDir, entries });
    assert.equal(Deno.readTextFileSync(first.read.files[0]), RATINGS);
    assert.equal(requests(), 2);
  });
});

Deno.test("a download that fails leaves nothing in the cache and says what to do", async () => {
  await withServer(ARCHIVE, async (url, folder) => {
    const wrong = entry(url, { checksum: { sha256: "aa", publisher: "X" } });
    await assert.rejects(resolveDataset("tiny", { cacheDir: folder, entries: [wrong] }), (error: Error) => {
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
      resolveDataset("tiny", { cacheDir: folder, entries: [entry(url)], signal: stop.signal }),
      Interrupted,
    );
    assert.deepEqual(list(folder), []);

    const lacking = entry(url, { users: { path: "tiny/users.dat", read: {} } });
    await assert.rejects(
      resolveDataset("tiny", { cacheDir: folder, entries: [lacking] }),
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
    const { read, source } = await resolveDataset("tiny", { cacheDir: folder, entries: [plain], progress });
    assert.deepEqual(Deno.readFileSync(read.files[0]), gz);
    assert.match(warnings[1], new RegExp(`SHA-256 is ${digest(gz)}$`));
    assert.equal(source!.sha256, digest(gz));
    assert.equal(JSON.parse(Deno.readTextFileSync(join(folder, "tiny", "source.json"))).sha256, digest(gz));
    await resolveDataset("tiny", { cacheDir: folder, entries: [plain] });
    assert.equal(requests(), 1);
  });
});

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

Deno.test("a data set that is generated, and one whose generator fails", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const demo = entry("", {
      name: "demo",
      url: undefined,
      interactions: { path: "interactions.csv", read: { format: "csv" } },
      items: undefined,
      generate: async (to, { users }) => {
        await Deno.writeTextFile(join(to, "interactions.csv"), `users ${users}`);
        if (users === 0) throw new InputError("Cannot make a shop without users");
      },
    });
    const make = (users: number) =>
      resolveDataset("demo", { cacheDir: folder, entries: [demo], generate: { users } });
    const three = await make(3), four = await make(4);
    assert.equal(Deno.readTextFileSync(three.read.files[0]), "users 3");
    assert.equal(Deno.readTextFileSync(four.read.files[0]), "users 4");
    assert.deepEqual((await make(3)).read, three.read);
    await assert.rejects(make(0), /without users/);
    assert.equal(list(folder).length, 2);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a cache that cannot be written is an error of one line", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    await assert.rejects(
      resolveDataset("tiny", { cacheDir: file, entries: [entry("http://127.0.0.1:9/tiny.zip")] }),
      (error: Error) => error instanceof AutoMLPError && /set AUTOMLP_CACHE/.test(error.message),
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the cache's folder: one's own, else the platform's", () => {
  const folder = (os: typeof Deno.build.os, env: Record<string, string>) =>
    cacheFolder((name) => env[name], os);
  assert.equal(folder("linux", { AUTOMLP_CACHE: "/mine", HOME: "/home/a" }), "/mine");
  assert.equal(folder("linux", { HOME: "/home/a" }), "/home/a/.cache/automlp");
  assert.equal(folder("linux", { HOME: "/home/a", XDG_CACHE_HOME: "/fast" }), "/fast/automlp");
  assert.equal(folder("darwin", { HOME: "/Users/a" }), "/Users/a/Library/Caches/automlp");
  assert.throws(
    () => folder("linux", {}),
    (error: Error) => error instanceof InputError && /AUTOMLP_CACHE/.test(error.message),
  );
});

Deno.test("the registry: names, nearest names, and entries that are complete", async () => {
  for (const name of ["ml-100k", "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-latest-small", "amazon-beauty"]) {
    assert.ok(datasetNames().includes(name), name);
  }
  assert.equal(new Set(datasetNames()).size, DATASETS.length);
  assert.throws(() => findDataset("ml-1mm"), /Cannot find a data set "ml-1mm" \(did you mean "ml-1m"\?\)/);
  assert.throws(() => findDataset("qqqqqqqqqqqq"), /the known ones are demo, ml-100k, /);
  await withFolder((dir) => {
    Deno.writeTextFileSync(join(dir, "manifest.json"), "{}");
    assert.throws(() => findDataset(dir), /it is a dataset folder, prepared already/);
  });
  for (const { name, url, checksum, licence, citation, homepage, interactions, generate } of DATASETS) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.ok(!url !== !generate, `${name} is either downloaded or generated`);
    assert.ok(licence && citation && interactions.path && interactions.read.format, name);
    if (generate) continue;
    for (const address of [url!, homepage]) assert.equal(new URL(address).protocol, "https:", name);
    assert.match(checksum!.sha256, /^[0-9a-f]{64}$/, name);
  }
});

const DATA = new URL("../../../../shared/data/", import.meta.url).pathname;

Deno.test({
  name: "real copies: MovieLens-100K as a folder and as one file, part of MovieLens-1M",
  ignore: !exists(DATA),
  async fn() {
    const folder = join(DATA, "ml-100k");
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
    const part = join(DATA, "ml-1m", "ratings_users_1-2999.dat.gz"),
      movies = join(DATA, "ml-1m", "movies.dat.gz");
    const { read, items } = await resolveDataset("ml-1m", { data: [part, movies] });
    assert.deepEqual([read, items!.file], [{ format: "movielens", files: [part] }, movies]);
  },
});
