import assert from "node:assert/strict";
import { join } from "node:path";
import { FolderRecord } from "../../../../pipeline/contract/files/checksums.ts";
import { claimFile, claimFolder, claimKept, claimShared } from "../../../../pipeline/contract/files/claim.ts";
import { partPath } from "../../../../pipeline/contract/files/stage.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { withoutRights } from "../../../without_rights.ts";
import { DATA, EXPORT, KEPT, ours, refused, write } from "./ours.ts";

const request = { what: "the dataset" }, overwrite = { ...request, overwrite: true };
const claim = (path: string, more = {}) => claimFolder(path, DATA, { ...request, ...more });

Deno.test("a folder is taken if nothing, nothing in it, or its like of ours is there", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir), own = await ours(join(dir, "own"));
    Deno.mkdirSync(join(dir, "empty"));
    assert.deepEqual(claim(join(dir, "no", "where")), { path: join(real, "no", "where"), kind: DATA });
    assert.equal(claim(join(dir, "empty")).previous, undefined);
    write(partPath(join(own, "report.html"))); // left by a kill
    const { previous } = claim(own);
    assert.deepEqual(previous && [previous.own.length, previous.changed, previous.strangers], [3, [], []]);
  }));

Deno.test("what automlp did not write is never taken, whatever is asked for", () =>
  withFolder(async (dir) => {
    const at = (name: string) => join(dir, name);
    write(at("thesis/chapter"));
    write(join(await ours(at("mixed")), "deep/notes"));
    Deno.symlinkSync("/nowhere", at("mixed/link"));
    Deno.mkdirSync(join(await ours(at("plans")), "plans", "of mine"), { recursive: true });
    write(at("file"));
    await ours(at("run"), KEPT);
    Deno.symlinkSync(at("none"), at("dangling"));
    Deno.symlinkSync(at("loop"), at("loop"));
    Deno.chmodSync(await ours(at("read-only")), 0o555);
    const long = at(Array.from({ length: 50 }, () => "x".repeat(100)).join("/"));
    const cases: [string, RegExp][] = [
      [at("thesis"), /did not write \(chapter\); choose another folder with --out$/],
      [at("mixed"), /beside a dataset it holds .* \(deep\/notes, link\); move that/],
      [at("plans"), /did not write \(plans\/of mine\)/],
      [at("file"), /a file is there/],
      [at("file/below"), /./],
      [at("run"), /a run is there, and what was computed is never replaced/],
      [at("dangling"), /it is a link to nothing/],
      [at("loop"), /^Cannot write the dataset .*loop: /],
      [at("read-only"), /it is read-only; choose another folder/],
      [long, /^Cannot write the dataset .*File name too long/],
      ["", /that is no path/],
      ["a\0b", /that is no path/],
      ["s3a://bucket/data", /it is an address, and automlp writes only to paths/],
      ["file:/data", /it is an address/],
      ["/", /it is the root of the file system/],
      [".", /it is the current folder/],
      ["..", /the current folder is in it/],
      [root, /it is (the current folder|automlp's own folder)/],
    ];
    for (const [place, says] of cases) {
      for (const more of [request, overwrite]) refused(() => claimFolder(place, DATA, more), says);
    }
    assert.equal(claim("./s3a:/x").path, join(Deno.cwd(), "s3a:/x"));
  }));

Deno.test("the home folder, what is above it, a folder of an input, and a volume's root are never taken", () =>
  withFolder((temporary) => {
    const dir = Deno.realPathSync(temporary), home = join(dir, "a", "home"), before = Deno.env.get("HOME");
    const { lstatSync } = Deno;
    write(join(dir, "data/deep/log.csv"));
    Deno.mkdirSync(home, { recursive: true });
    Deno.symlinkSync(join(dir, "data"), join(dir, "other"));
    Deno.mkdirSync(join(dir, "volume"));
    for (const out of ["data", "data/deep", "other", "other/deep", "data/../data"]) {
      for (const input of ["data/deep/log.csv", "other/deep/log.csv"]) {
        const inputs = [join(dir, input)];
        refused(() => claim(join(dir, out), { inputs }), /which is read, is in/);
        refused(() => claimKept(join(dir, out), KEPT, { ...request, inputs }), /which is read, is in it/);
      }
    }
    Deno.env.set("HOME", home);
    Deno.lstatSync = (path) => {
      const info = lstatSync(path);
      return path === join(dir, "volume") ? { ...info, dev: info.dev + 1 } : info;
    };
    try {
      refused(() => claim(home), /it is the home folder/);
      refused(() => claim(join(dir, "a")), /the home folder is in it/);
      refused(() => claim(join(dir, "volume")), /where a volume is mounted, .*; choose a folder inside it$/);
      assert.equal(claimKept(join(dir, "volume"), KEPT, request).begun, false);
    } finally {
      Deno.lstatSync = lstatSync;
      if (before === undefined) Deno.env.delete("HOME");
      else Deno.env.set("HOME", before);
    }
  }));

Deno.test("a link at the place is followed", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir);
    Deno.mkdirSync(join(dir, "disk"));
    Deno.symlinkSync(join(dir, "disk"), join(dir, "link"));
    assert.equal(claim(join(dir, "link")).path, join(real, "disk"));
    assert.equal(claim(join(dir, "link", "new")).path, join(real, "disk", "new"));
    await ours(join(dir, "disk", "own"), EXPORT);
    refused(() => claim(join(dir, "link", "own")), /an export is there/);
  }));

Deno.test("ours of another kind, or changed since, is taken when asked for", () =>
  withFolder(async (dir) => {
    const other = await ours(join(dir, "export"), EXPORT), changed = await ours(join(dir, "changed"));
    write(join(changed, "table"), "edited");
    refused(() => claim(other), /an export is there; .*--overwrite/);
    refused(() => claim(changed), /\(table\) was changed since .*--overwrite/);
    assert.equal(claim(other, overwrite).previous?.record.kind, "export");
    assert.deepEqual(claim(changed, overwrite).previous?.changed, ["table"]);
  }));

Deno.test("a kept folder is begun in nothing, in an empty folder, beside what it keeps, or resumed", () =>
  withFolder(async (dir) => {
    const at = (name: string) => () => claimKept(join(dir, name), KEPT, request);
    assert.deepEqual(at("new")(), { path: join(Deno.realPathSync(dir), "new"), begun: false });
    write(join(await ours(join(dir, "run"), KEPT), "notes"));
    assert.equal(at("run")().begun, true, "notes of the user are no obstacle");
    await ours(join(dir, "begun", "dataset"));
    assert.equal(at("begun")().begun, false);
    await ours(join(dir, "data"));
    refused(at("data"), /a dataset is there/);
    write(join(dir, "site", "metrics.json"));
    refused(at("site"), /did not write \(metrics.json\)/);
    write(partPath(join(dir, "killed", "checksums.json")));
    assert.equal(at("killed")().begun, false, "a kill came before the record was in place");
  }));

Deno.test("what a kept folder keeps is never replaced once something was computed, whatever is asked for", () =>
  withFolder(async (dir) => {
    const run = await ours(join(dir, "run"), KEPT, []), dataset = join(run, "dataset");
    claim(dataset, overwrite);
    await ours(dataset);
    claim(dataset, overwrite);
    await FolderRecord.read(run)!.put("run.json", (part) => write(part, "{}"));
    refused(() => claim(dataset, overwrite), /it is the dataset of a run, and what was computed is never/);
    Deno.removeSync(dataset, { recursive: true });
    claim(dataset, overwrite);
  }));

Deno.test("where the current folder is gone, a relative path is none", () =>
  withFolder((dir) => {
    const before = Deno.cwd(), gone = join(dir, "gone");
    Deno.mkdirSync(gone);
    Deno.chdir(gone);
    Deno.removeSync(gone);
    try {
      refused(() => claim("data"), /the current folder is gone/);
      claim(join(dir, "data"));
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("a single file is taken if nothing is there, or one of its kind; another when asked for; an input never", () =>
  withFolder(async (dir) => {
    const isOurs = (path: string) => Deno.readTextFileSync(path) === "ours";
    const at = (name: string, more = {}) => () =>
      claimFile(join(dir, name), { what: "the report", isOurs, ...more });
    assert.equal(at("new")(), join(Deno.realPathSync(dir), "new"));
    write(join(dir, "own"), "ours");
    write(join(dir, "empty"), "");
    write(join(dir, "other"));
    at("own")();
    at("empty")();
    refused(at("other"), /a file of another kind is there; .*--overwrite/);
    at("other", overwrite)();
    Deno.linkSync(join(dir, "other"), join(dir, "hard"));
    refused(at("hard", { ...overwrite, inputs: [join(dir, "other")] }), /it is read as .*other/);
    Deno.mkdirSync(join(dir, "folder"));
    refused(at("folder", overwrite), /a folder is there/);
    refused(at("no/where"), /there is no folder .*no/);
    Deno.symlinkSync(join(dir, "own"), join(dir, "link"));
    assert.equal(at("link")(), join(Deno.realPathSync(dir), "own"), "a link is followed");
    // A file that belongs to a folder of ours is not replaced by itself.
    await ours(join(dir, "run"), KEPT, ["deep/ranks"]);
    refused(at("run/deep/ranks", overwrite), /it belongs to a run, .*run; choose another file/);
    at("run/deep/ranks", { recorded: true })();
    at("run/deep/other")();
  }));

Deno.test("a shared folder is where nothing is, or a folder: one that is not ours, or of the kind beside which it may be", () =>
  withFolder(async (dir) => {
    const shared = (name: string) => () => claimShared(join(dir, name), KEPT, { what: "the curves" });
    write(join(dir, "folder", "notes"));
    write(join(dir, "file"));
    await ours(join(dir, "run"), KEPT);
    await ours(join(dir, "dataset"));
    for (const name of ["no/where", "folder", "run"]) {
      assert.equal(shared(name)(), join(Deno.realPathSync(dir), name));
    }
    refused(shared("file"), /^Cannot write the curves .*file: a file is there/);
    refused(shared("dataset"), /^Cannot write the curves .*: a dataset is there/);
  }));

Deno.test("a file that cannot be written is refused by the gate, of which nothing stays", () =>
  withFolder(async (dir) => {
    for (const name of ["open", "closed"]) Deno.mkdirSync(join(dir, name));
    Deno.chmodSync(join(dir, "closed"), 0o555);
    const module = JSON.stringify(import.meta.resolve("../../../../pipeline/contract/files/claim.ts"));
    const said = await withoutRights(`
      import { claimFile } from ${module};
      for (const name of ["open", "closed"]) {
        try {
          claimFile(${
      JSON.stringify(dir)
    } + "/" + name + "/page.html", { what: "the report", isOurs: () => true });
          console.log("taken");
        } catch (error) { console.log(error.name, error.message); }
      }
    `);
    assert.match(said, /^taken\nInputError Cannot write .*\/closed\/page.html: Permission denied/);
    assert.deepEqual([...Deno.readDirSync(join(dir, "open"))], []);
  }));
