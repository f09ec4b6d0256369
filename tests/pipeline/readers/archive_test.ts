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

Deno.test("zip: a name that leads out of the folder leads nowhere", async () => {
  const archive = zipSync({ "../../evil": strToU8("x"), "/etc/evil": strToU8("y") });
  assert.deepEqual(await unzip(archive, ["../../evil"]), { evil: "x" });
  await refused(archive, "it has no member evil", ["evil"]);
});

Deno.test("zip: an archive that is cut short, damaged or none, or lacks a member", async () => {
  const damaged = ARCHIVE.map((byte, i) => i > 130 && i < 160 ? byte ^ 0x55 : byte);
  await refused(damaged, "its member set/ratings.dat is damaged");
  await refused(ARCHIVE.subarray(0, 100), "it is cut short, damaged or no zip archive");
  await refused(strToU8("no archive"), "it is cut short, damaged or no zip archive");
  await refused(ARCHIVE, "it has no member set/users.dat", ["set/stored.dat", "set/users.dat"]);
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
