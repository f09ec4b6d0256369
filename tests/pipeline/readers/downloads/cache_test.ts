import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder } from "../../../../pipeline/contract/machine/cache_folder.ts";
import { AutoMLPError, InputError } from "../../../../pipeline/contract/errors.ts";
import { resolveDataset } from "../../../../pipeline/readers/known/registry.ts";
import { entry, list } from "../known/tiny.ts";

Deno.test.sanitizer({ resources: true });

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
      resolveDataset("demo", { cache: folder, entries: [demo], generate: { users } });
    const three = await make(3), four = await make(4);
    assert.equal(Deno.readTextFileSync(three.read.files[0]), "users 3");
    assert.equal(Deno.readTextFileSync(four.read.files[0]), "users 4");
    assert.deepEqual((await make(3)).read, three.read);
    Deno.removeSync(three.read.files[0]); // as a cache cleaner may do
    assert.equal(Deno.readTextFileSync((await make(3)).read.files[0]), "users 3");
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
      resolveDataset("tiny", { cache: file, entries: [entry("http://127.0.0.1:9/tiny.zip")] }),
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
  assert.equal(folder("linux", { HOME: "/home/a", XDG_CACHE_HOME: "fast" }), "/home/a/.cache/automlp");
  assert.equal(folder("darwin", { HOME: "/Users/a" }), "/Users/a/Library/Caches/automlp");
  assert.throws(
    () => folder("linux", {}),
    (error: Error) => error instanceof InputError && /AUTOMLP_CACHE/.test(error.message),
  );
});
