import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import { regularFile, unreadable } from "../../../../pipeline/contract/files/readable.ts";
import { withFolder } from "../../../folders.ts";

const refused = (path: string, state: string) =>
  assert.throws(() => regularFile(path), { name: "InputError", message: `Cannot read ${path}: ${state}` });

Deno.test("readable: a file, and a link to one", () =>
  withFolder((dir) => {
    Deno.writeTextFileSync(join(dir, "a"), "text");
    Deno.symlinkSync("a", join(dir, "link"));
    assert.equal(regularFile(join(dir, "a")).size, 4);
    assert.equal(regularFile(join(dir, "link")).size, 4);
  }));

Deno.test("readable: what is missing, with the name that may be meant", () =>
  withFolder((dir) => {
    Deno.writeTextFileSync(join(dir, "ratings.csv"), "");
    refused(join(dir, "ratngs.csv"), 'no such file (did you mean "ratings.csv"?)');
    refused(join(dir, "nowhere", "a"), `no such folder ${join(dir, "nowhere")}`);
    refused(join(dir, "ratings.csv", "a"), `no such folder ${join(dir, "ratings.csv")}`);
  }));

Deno.test("readable: addresses", () => {
  const address = "it is an address, and only files are read: download it, and name the file";
  refused("https://example.org/log.csv", address);
  refused("file:///tmp/log.csv", address);
});

Deno.test("readable: links that lead in a circle, and to nothing", () =>
  withFolder((dir) => {
    Deno.symlinkSync("b", join(dir, "a"));
    Deno.symlinkSync("a", join(dir, "b"));
    Deno.symlinkSync("/nowhere/c", join(dir, "c"));
    refused(join(dir, "a"), "its links lead in a circle; name the file that is meant");
    refused(join(dir, "c"), "it is a link to /nowhere/c, and nothing is there");
  }));

Deno.test("readable: pipes, devices and folders are refused before they are opened", async () => {
  const state =
    "it is no regular file; pipes such as <(…) and devices are not read: write what they give into a " +
    "file, and name that";
  await withFolder(async (dir) => {
    const pipe = join(dir, "pipe");
    assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    refused(pipe, state);
    refused("/dev/zero", state);
    refused("-", "standard input is not read: write it into a file, and name that");
    refused(dir, "it is a folder; name the files in it");
  });
});

Deno.test("readable: names that no file can have", () =>
  withFolder((dir) => {
    refused(join(dir, "x".repeat(300)), "its name is longer than the file system allows");
    refused(join(dir, "a\0b"), "no file can have this name");
  }));

Deno.test("readable: errors of the system in words; others are not for it", () => {
  const of = (error: unknown) => unreadable("a.csv", error)?.message;
  const coded = (code: string, text: string) => Object.assign(new Error(text), { code });
  assert.equal(
    of(coded("EACCES", "EACCES: permission denied")),
    "Cannot read a.csv: no permission to read it; check its owner and mode",
  );
  assert.equal(of(coded("EBUSY", "busy (os error 16)\n at x")), "Cannot read a.csv: busy (os error 16)");
  assert.equal(of(new TypeError("x is undefined")), undefined);
  assert.equal(of(new Deno.errors.NotCapable("Requires read access")), undefined);
  assert.match(
    of(new Deno.errors.NotCapable('Requires all access to "/dev/stdin", run again with --allow-all'))!,
    /^Cannot read a.csv: it is in a folder of the system's such as \/dev, [^;]* a pipe such as <\(…\): [^;]* name that$/,
  );
  assert.equal(of(coded("GenericFailure", "polars")), undefined);
  assert(unreadable("a.csv", coded("EIO", "")) instanceof InputError);
});
