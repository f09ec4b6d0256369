import assert from "node:assert/strict";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { isArchive, unzipMembers } from "../../../pipeline/readers/known/archive.ts";
import { withFolder } from "../../folders.ts";

const TEXT = "1::2::3::4\n".repeat(20_000);
const ARCHIVE = zipSync({
  "set/README": strToU8("about"),
  "set/ratings.dat": strToU8(TEXT),
  "set/stored.dat": [strToU8("stored"), { level: 0 }],
  "set/empty.dat": new Uint8Array(),
});

/** Unpacks the members; returns the written files by name, and checks that there are no others. */
async function unzip(archive: Uint8Array, members: string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  await withFolder(async (dir) => {
    const out = join(dir, "out");
    Deno.mkdirSync(out);
    Deno.writeFileSync(join(dir, "a.zip"), archive);
    try {
      await unzipMembers(join(dir, "a.zip"), members, out);
    } catch (error) {
      (error as Error).message = (error as Error).message.replaceAll(dir + "/", "");
      throw error;
    } finally {
      assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), ["a.zip", "out"]);
    }
    for (const { name } of Deno.readDirSync(out)) files[name] = Deno.readTextFileSync(join(out, name));
  });
  return files;
}

const refused = (archive: Uint8Array, state: string, members = ["set/ratings.dat"]) =>
  assert.rejects(unzip(archive, members), {
    name: "InputError",
    message: `Cannot unpack a.zip: ${state}; download it again`,
  });

Deno.test("zip: members, packed, stored and empty", async () => {
  assert.deepEqual(await unzip(ARCHIVE, ["set/stored.dat", "set/ratings.dat", "set/empty.dat"]), {
    "ratings.dat": TEXT,
    "stored.dat": "stored",
    "empty.dat": "",
  });
  assert.deepEqual([isArchive("a.ZIP"), isArchive("a.gz")], [true, false]);
});

Deno.test("zip: a comment behind the directory", async () => {
  const comment = strToU8("PK\x05\x06 is what an end looks like");
  const archive = Uint8Array.from([...ARCHIVE, ...comment]);
  new DataView(archive.buffer).setUint16(ARCHIVE.length - 2, comment.length, true);
  assert.deepEqual(await unzip(archive, ["set/stored.dat"]), { "stored.dat": "stored" });
});

Deno.test("zip: a name that leads out of the folder leads nowhere", async () => {
  const archive = zipSync({ "../../evil": strToU8("x"), "/etc/evil": strToU8("y") });
  assert.deepEqual(await unzip(archive, ["../../evil"]), { evil: "x" });
  await refused(archive, "it has no member evil", ["evil"]);
});

/** Where a member's entry begins in the directory, and its local header. */
function placesOf(archive: Uint8Array, name: string): { entry: number; local: number } {
  const view = new DataView(archive.buffer);
  const found = (mark: number, size: number) => {
    for (let at = 0; at + size + name.length <= archive.length; at++) {
      const text = new TextDecoder().decode(archive.subarray(at + size, at + size + name.length));
      if (view.getUint32(at, true) === mark && text === name) return at;
    }
    throw new Error(`no ${name}`);
  };
  return { entry: found(0x02014b50, 46), local: found(0x04034b50, 30) };
}

/** The archive with changed numbers in the directory's entry for the ratings. */
function withEntry(change: (entry: DataView) => void, name = "set/ratings.dat"): Uint8Array {
  const archive = ARCHIVE.slice();
  change(new DataView(archive.buffer, placesOf(archive, name).entry));
  return archive;
}

const CRC = 16, PACKED = 20, SIZE = 24, METHOD = 10, FLAGS = 8, OFFSET = 42;

Deno.test("zip: content that is not what the directory says", async () => {
  const damaged = "its member set/ratings.dat is damaged";
  await refused(withEntry((entry) => entry.setUint32(CRC, 1, true)), damaged);
  await refused(withEntry((entry) => entry.setUint32(SIZE, TEXT.length + 1, true)), damaged);
  await refused(
    withEntry((entry) => entry.setUint32(SIZE, 100, true)),
    "its member set/ratings.dat is larger than it says",
  );
  const flipped = ARCHIVE.slice();
  flipped[placesOf(flipped, "set/ratings.dat").local + 30 + "set/ratings.dat".length + 20] ^= 0xff;
  await refused(flipped, damaged);
  const stored = ARCHIVE.slice();
  stored[placesOf(stored, "set/stored.dat").local + 30 + "set/stored.dat".length] ^= 1;
  await refused(stored, "its member set/stored.dat is damaged", ["set/stored.dat"]);
  await refused(withEntry((entry) => entry.setUint32(OFFSET, 7, true)), damaged);
  await refused(withEntry((entry) => entry.setUint32(PACKED, 1 << 30, true)), damaged);
});

Deno.test("zip: a bomb is stopped where it is larger than it says", async () => {
  const bomb = zipSync({ "set/ratings.dat": new Uint8Array(1 << 23) });
  new DataView(bomb.buffer).setUint32(placesOf(bomb, "set/ratings.dat").entry + SIZE, 1 << 18, true);
  await withFolder(async (dir) => {
    Deno.writeFileSync(join(dir, "a.zip"), bomb);
    await assert.rejects(unzipMembers(join(dir, "a.zip"), ["set/ratings.dat"], dir), /larger than it says/);
    assert(Deno.statSync(join(dir, "ratings.dat")).size <= 1 << 18);
  });
});

Deno.test("zip: what is not read", async () => {
  await refused(
    withEntry((entry) => entry.setUint16(FLAGS, 1, true)),
    "its member set/ratings.dat is encrypted",
  );
  await refused(
    withEntry((entry) => entry.setUint16(METHOD, 12, true)),
    "its member set/ratings.dat is packed in the unknown way 12",
  );
  await refused(
    withEntry((entry) => entry.setUint32(SIZE, 0xffffffff, true)),
    "its member set/ratings.dat is larger than 4 GiB",
  );
  const large = ARCHIVE.slice();
  new DataView(large.buffer).setUint32(large.length - 6, 0xffffffff, true);
  await refused(large, "it is larger than 4 GiB");
});

Deno.test("zip: a member that is there twice, or not at all", async () => {
  const twice = zipSync({ "set/ratings.dat": strToU8("one"), "set/rxtings.dat": strToU8("two") });
  twice[placesOf(twice, "set/rxtings.dat").entry + 46 + "set/r".length] = "a".charCodeAt(0);
  await refused(twice, "it has two members set/ratings.dat");
  await refused(ARCHIVE, "it has no member set/users.dat", ["set/users.dat"]);
});

Deno.test("zip: cut short anywhere, it is refused", async () => {
  for (const end of [0, 10, 21, 22, 100, ARCHIVE.length - 22, ARCHIVE.length - 1]) {
    await refused(ARCHIVE.subarray(0, end), "it is cut short or no zip archive");
  }
  const directory = ARCHIVE.slice();
  new DataView(directory.buffer).setUint32(directory.length - 6, 5, true);
  await refused(directory, "its directory is damaged");
});

Deno.test("zip: it stops on request, and says what is no archive", () =>
  withFolder(async (dir) => {
    Deno.writeFileSync(join(dir, "a.zip"), ARCHIVE);
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(
      unzipMembers(join(dir, "a.zip"), ["set/ratings.dat"], dir, { signal: stop.signal }),
      Interrupted,
    );
    await assert.rejects(
      unzipMembers("/dev/zero", ["a"], dir),
      /Cannot read \/dev\/zero: it is no regular file/,
    );
  }));
