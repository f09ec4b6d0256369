import assert from "node:assert/strict";
import { join } from "node:path";
import { partPath } from "../../../../pipeline/contract/files/names.ts";
import { claimFile, claimFolder, claimKept, claimShared } from "../../../../pipeline/contract/files/place.ts";
import { FolderRecord } from "../../../../pipeline/contract/files/record.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { withoutRights } from "../../../without_rights.ts";

const write = (path: string, text = "mine") => Deno.writeTextFileSync(path, text);
const request = { what: "the dataset" };

/** Makes one of our folders, with one file. */
async function ours(path: string, kind: "dataset" | "export" | "run" = "dataset"): Promise<string> {
  Deno.mkdirSync(path);
  const record = FolderRecord.begin(path, kind);
  write(join(path, "table"), "ours");
  record.enter("table");
  await record.save();
  return path;
}

const refused = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (error: Error) => {
    assert.equal(error.name, "InputError", String(error));
    assert.match(error.message, message);
    assert(!error.message.includes("\n"));
    return true;
  });

Deno.test("a folder is taken if nothing, nothing in it, or its like of ours is there", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir), own = await ours(join(dir, "own"));
    Deno.mkdirSync(join(dir, "empty"));
    assert.deepEqual(claimFolder(join(dir, "no", "where"), "dataset", request), {
      path: join(real, "no", "where"),
      kind: "dataset",
    });
    assert.equal(claimFolder(join(dir, "empty"), "dataset", request).previous, undefined);
    const { previous } = claimFolder(own, "dataset", request);
    assert.deepEqual(previous && [previous.own, previous.changed], [["checksums.json", "table"], []]);
  }));

Deno.test("what automlp did not write is never taken, whatever is asked for", () =>
  withFolder(async (dir) => {
    for (const overwrite of [false, true]) {
      const at = (name: string) => () => claimFolder(join(dir, name), "dataset", { ...request, overwrite });
      Deno.mkdirSync(join(dir, `thesis${overwrite}`));
      write(join(dir, `thesis${overwrite}`, "chapter"));
      refused(at(`thesis${overwrite}`), /did not write \(chapter\); choose another folder with --out$/);
      const mixed = await ours(join(dir, `mixed${overwrite}`));
      Deno.mkdirSync(join(mixed, "deep"));
      write(join(mixed, "deep", "notes"));
      Deno.symlinkSync("/nowhere", join(mixed, "link"));
      refused(at(`mixed${overwrite}`), /beside a dataset it holds .* \(deep\/notes, link\); move that/);
      write(join(dir, "file"));
      refused(at("file"), /a file is there/);
      refused(at("file/below"), /./);
      const run = await ours(join(dir, `run${overwrite}`), "run");
      refused(
        () => claimFolder(run, "dataset", { ...request, overwrite }),
        /what was computed is never replaced/,
      );
    }
    refused(() => claimFolder("", "dataset", request), /that is no path/);
    refused(() => claimFolder("a\0b", "dataset", request), /that is no path/);
  }));

Deno.test("the root, the home folder, the current one, the program's, and what is above them are never taken", () =>
  withFolder((dir) => {
    const home = join(dir, "a", "home");
    Deno.mkdirSync(home, { recursive: true });
    const before = Deno.env.get("HOME");
    Deno.env.set("HOME", home);
    try {
      refused(() => claimFolder(home, "dataset", request), /it is the home folder/);
      refused(() => claimFolder(join(dir, "a"), "dataset", request), /the home folder is in it/);
      refused(() => claimFolder("/", "dataset", request), /it is the root of the file system/);
      refused(() => claimFolder(".", "dataset", request), /it is the current folder/);
      refused(() => claimFolder("..", "dataset", request), /the current folder is in it/);
      refused(() => claimFolder(root, "dataset", request), /it is (the current folder|automlp's own folder)/);
    } finally {
      if (before === undefined) Deno.env.delete("HOME");
      else Deno.env.set("HOME", before);
    }
  }));

Deno.test("the root of a volume is not taken for a folder that is replaced as a whole; a run may be in it", () =>
  withFolder((temporary) => {
    const dir = Deno.realPathSync(temporary), volume = join(dir, "volume"), { lstatSync } = Deno;
    Deno.mkdirSync(volume);
    Deno.lstatSync = (path) => {
      const info = lstatSync(path);
      return path === volume ? { ...info, dev: info.dev + 1 } : info;
    };
    try {
      refused(
        () => claimFolder(volume, "dataset", request),
        /^Cannot write .*volume: it is where a volume is mounted, which cannot be replaced as a whole; choose a folder inside it$/,
      );
      assert.equal(claimFolder(join(volume, "data"), "dataset", request).path, join(volume, "data"));
      assert.equal(claimKept(volume, "run", request).path, volume);
    } finally {
      Deno.lstatSync = lstatSync;
    }
  }));

Deno.test("a folder that holds an input, by whatever name, is never taken", () =>
  withFolder((dir) => {
    const data = join(dir, "data");
    Deno.mkdirSync(join(data, "deep"), { recursive: true });
    write(join(data, "deep", "log.csv"));
    Deno.symlinkSync(data, join(dir, "other"));
    for (const out of ["data", "data/deep", "other", "other/deep", "data/../data"]) {
      for (const input of ["data/deep/log.csv", "other/deep/log.csv"]) {
        const inputs = [join(dir, input)];
        refused(() => claimFolder(join(dir, out), "dataset", { ...request, inputs }), /which is read, is in/);
        refused(() => claimKept(join(dir, out), "run", { ...request, inputs }), /which is read, is in it/);
      }
    }
  }));

Deno.test("an address is no path of this machine", () => {
  const says =
    /^Cannot write the dataset [a-z0-9]+:\/[^:]*: it is an address, and automlp writes only to paths/;
  for (const place of ["s3a://bucket/data", "hdfs:///data", "file:/data"]) {
    refused(() => claimFolder(place, "dataset", request), says);
    refused(() => claimKept(place, "run", request), says);
    refused(() => claimFile(place, { ...request, isOurs: () => true }), says);
  }
  assert.equal(claimFolder("./s3a:/x", "dataset", request).path, join(Deno.cwd(), "s3a:/x"));
});

Deno.test("a link at the place is followed; one to nothing is refused", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir);
    Deno.mkdirSync(join(dir, "disk"));
    Deno.symlinkSync(join(dir, "disk"), join(dir, "link"));
    assert.equal(claimFolder(join(dir, "link"), "dataset", request).path, join(real, "disk"));
    assert.equal(claimFolder(join(dir, "link", "new"), "dataset", request).path, join(real, "disk", "new"));
    Deno.symlinkSync(join(dir, "none"), join(dir, "dangling"));
    refused(() => claimFolder(join(dir, "dangling"), "dataset", request), /it is a link to nothing/);
    Deno.symlinkSync(join(dir, "loop"), join(dir, "loop"));
    refused(() => claimFolder(join(dir, "loop"), "dataset", request), /Cannot write the dataset .*loop: /);
    await ours(join(dir, "disk", "own"), "export");
    refused(() => claimFolder(join(dir, "link", "own"), "dataset", request), /an export is there/);
  }));

Deno.test("ours of another kind, or changed since, is taken when asked for", () =>
  withFolder(async (dir) => {
    const other = await ours(join(dir, "export"), "export"), changed = await ours(join(dir, "changed"));
    write(join(changed, "table"), "edited");
    refused(() => claimFolder(other, "dataset", request), /an export is there; .*--overwrite/);
    refused(() => claimFolder(changed, "dataset", request), /\(table\) was changed since .*--overwrite/);
    const overwrite = { ...request, overwrite: true };
    assert.deepEqual(claimFolder(other, "dataset", overwrite).previous?.kind, "export");
    assert.deepEqual(claimFolder(changed, "dataset", overwrite).previous?.changed, ["table"]);
    Deno.removeSync(join(changed, "checksums.json"));
    write(join(changed, "manifest.json"), '{"format":"automlp-dataset","tables":{"t":{"file":"table"}}}');
    refused(() => claimFolder(changed, "dataset", request), /was written by an earlier version.*--overwrite/);
    assert.deepEqual(claimFolder(changed, "dataset", overwrite).previous?.changed, [
      "manifest.json",
      "table",
    ]);
  }));

Deno.test("a folder of somebody else's in ours is never taken, though nothing is in it; nor what is read-only", () =>
  withFolder(async (dir) => {
    const own = await ours(join(dir, "own")), overwrite = { ...request, overwrite: true };
    Deno.chmodSync(own, 0o555);
    refused(() => claimFolder(own, "dataset", overwrite), /it is read-only; choose another folder/);
    Deno.chmodSync(own, 0o755);
    assert.equal(claimFolder(own, "dataset", request).mode! & 0o7777, 0o755);
    Deno.mkdirSync(join(own, "plans", "of mine"), { recursive: true });
    refused(() => claimFolder(own, "dataset", overwrite), /did not write \(plans\/of mine\)/);
    Deno.mkdirSync(join(dir, "kept"), { mode: 0o500 });
    Deno.chmodSync(join(dir, "kept"), 0o500);
    refused(() => claimFolder(join(dir, "kept"), "dataset", request), /it is read-only/);
  }));

Deno.test("a run is written into nothing, into an empty folder, beside its dataset, or resumed", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir),
      at = (name: string) => () => claimKept(join(dir, name), "run", request);
    assert.deepEqual(at("new")(), { path: join(real, "new"), begun: false });
    await ours(join(dir, "run"), "run");
    write(join(dir, "run", "notes"));
    assert.equal(at("run")().begun, true, "notes of the user are no obstacle");
    Deno.mkdirSync(join(dir, "begun"));
    await ours(join(dir, "begun", "dataset"));
    assert.equal(at("begun")().begun, false);
    await ours(join(dir, "data"));
    refused(at("data"), /a dataset is there/);
    Deno.mkdirSync(join(dir, "site"));
    write(join(dir, "site", "metrics.json"));
    refused(at("site"), /did not write \(metrics.json\)/);
    Deno.mkdirSync(join(dir, "killed"));
    write(partPath(join(dir, "killed", "checksums.json"), crypto.randomUUID()));
    assert.equal(at("killed")().begun, false, "a kill came before the record was in place");
  }));

Deno.test("the dataset of a run that was begun is never replaced, whatever is asked for", () =>
  withFolder(async (dir) => {
    const run = await ours(join(dir, "run"), "run"), dataset = join(run, "dataset");
    const overwrite = { ...request, overwrite: true },
      claim = () => claimFolder(dataset, "dataset", overwrite);
    claim();
    await ours(dataset);
    claim();
    await FolderRecord.read(run)!.put("run.json", (part) => write(part, "{}"));
    refused(claim, /it is the dataset of a run, and what was computed is never replaced/);
    Deno.removeSync(dataset, { recursive: true });
    claim();
  }));

Deno.test("what the system does not let be looked at is refused in one line", () =>
  withFolder((dir) => {
    const long = join(dir, ...Array.from({ length: 50 }, () => "x".repeat(100)));
    const isOurs = () => true;
    refused(() => claimFolder(long, "dataset", request), /Cannot write the dataset .*File name too long/);
    refused(() => claimKept(long, "run", request), /Cannot write .*File name too long/);
    refused(() => claimFile(long, { ...request, isOurs }), /Cannot write .*File name too long/);
    const before = Deno.cwd(), gone = join(dir, "gone");
    Deno.mkdirSync(gone);
    Deno.chdir(gone);
    Deno.removeSync(gone);
    try {
      refused(() => claimFolder("data", "dataset", request), /the current folder is gone/);
      claimFolder(join(dir, "data"), "dataset", request);
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("a file that a kill left under way in a folder of ours is no obstacle", () =>
  withFolder(async (dir) => {
    const folder = await ours(join(dir, "data"));
    write(partPath(join(folder, "report.html"), crypto.randomUUID()));
    const { previous } = claimFolder(folder, "dataset", request);
    assert.deepEqual([previous?.strangers, previous?.own.length], [[], 3]);
  }));

Deno.test("a file that belongs to a folder of ours is not replaced by itself, whatever is asked for", () =>
  withFolder(async (dir) => {
    const own = join(dir, "own");
    Deno.mkdirSync(join(own, "deep"), { recursive: true });
    const record = FolderRecord.begin(own, "run");
    write(join(own, "deep", "ranks"));
    record.enterAll();
    await record.save();
    const claim = (name: string, more = {}) => () =>
      claimFile(join(own, name), { what: "the report", isOurs: () => true, overwrite: true, ...more });
    refused(claim("deep/ranks"), /it belongs to a run, .*own; choose another file/);
    assert.equal(claim("deep/ranks", { recorded: true })(), join(Deno.realPathSync(own), "deep", "ranks"));
    claim("deep/other")();
    write(join(own, "checksums.json"), "damaged");
    claim("deep/ranks")();
  }));

Deno.test("a single file is taken if nothing is there, or one of its kind; another when asked for; an input never", () =>
  withFolder((dir) => {
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
    at("other", { overwrite: true })();
    Deno.linkSync(join(dir, "other"), join(dir, "hard"));
    refused(at("hard", { overwrite: true, inputs: [join(dir, "other")] }), /it is read as .*other/);
    Deno.mkdirSync(join(dir, "folder"));
    refused(at("folder", { overwrite: true }), /a folder is there/);
    refused(at("no/where"), /there is no folder .*no/);
    Deno.symlinkSync(join(dir, "own"), join(dir, "link"));
    assert.equal(at("link")(), join(Deno.realPathSync(dir), "own"), "a link is followed");
  }));

Deno.test("a shared folder is where nothing is, or a folder: one that is not ours, or a run", () =>
  withFolder(async (dir) => {
    const real = Deno.realPathSync(dir), shared = { what: "the curves" };
    assert.equal(claimShared(join(dir, "no", "where"), shared), join(real, "no", "where"));
    Deno.mkdirSync(join(dir, "folder"));
    write(join(dir, "folder", "notes"));
    await ours(join(dir, "run"), "run");
    for (const name of ["folder", "run"]) {
      assert.equal(claimShared(join(dir, name), shared), join(real, name));
    }
    write(join(dir, "file"));
    refused(() => claimShared(join(dir, "file"), shared), /^Cannot write the curves .*file: a file is there/);
    await ours(join(dir, "dataset"));
    refused(
      () => claimShared(join(dir, "dataset"), shared),
      /^Cannot write the curves .*: a dataset is there/,
    );
  }));

Deno.test("a file that cannot be written is refused by the gate, of which nothing stays", () =>
  withFolder(async (dir) => {
    for (const name of ["open", "closed"]) Deno.mkdirSync(join(dir, name));
    Deno.chmodSync(join(dir, "closed"), 0o555);
    const module = JSON.stringify(import.meta.resolve("../../../../pipeline/contract/files/place.ts"));
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
