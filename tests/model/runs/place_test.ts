import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { beginFolder } from "../../../model/runs/place.ts";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { withFolder } from "../../folders.ts";
import { filesBelow, refused } from "../support.ts";

Deno.test("folders of another kind, of a newer version and without a run are refused", () =>
  withFolder(async (dir) => {
    await refused(
      () => RunFolder.open(dir),
      /Cannot open the run .*: there is no run.json in it; make one with/,
    );
    await refused(() => RunFolder.open(join(dir, "none")), /: there is no such folder; make one with/);
    const file = (name: string, value: unknown) =>
      Deno.writeTextFileSync(join(dir, name), JSON.stringify(value));
    file("manifest.json", { format: "automlp-dataset", tables: {} });
    await refused(() => RunFolder.open(dir), /Cannot open the run .*: it is a dataset; give another folder/);
    FolderRecord.begin(dir, { name: "dataset" }).saveNew();
    await refused(
      () => RunFolder.create(dir),
      /Cannot write the run .*: a dataset is there; choose another folder/,
    );
    for (const name of ["manifest.json", "checksums.json"]) Deno.removeSync(join(dir, name));
    file("run.json", { format: "mlflow", version: 1 });
    await refused(
      () => RunFolder.create(dir),
      /the folder holds files that automlp did not write \(run.json\)/,
    );
    await refused(() => RunFolder.open(dir), /its run.json is not one of automlp; give another folder/);
    file("run.json", { format: "automlp-run", version: 4, more: "than we know" });
    await refused(
      () => RunFolder.open(dir),
      /Cannot read .*run.json: the run has format version 4, this program reads 3; use a newer automlp/,
    );
    Deno.mkdirSync(join(dir, "all", "mine"), { recursive: true });
    Deno.writeTextFileSync(join(dir, "all", "mine", "run.json"), "{}");
    await refused(
      () => RunFolder.open(join(dir, "all")),
      /all: it holds runs, and is none; name one of them, as .*all\/mine \(deno task runs lists them\)$/,
    );
    await refused(
      () => RunFolder.open(join(dir, "all", "mnie")),
      /mnie: there is no such folder \(did you mean .*all\/mine\?\); make one with/,
    );
    Deno.writeTextFileSync(join(dir, "file"), "");
    await refused(() => RunFolder.create(join(dir, "file")), /Cannot (read|write) .*file/);
    const inRun = join(dir, "all", "mine", "run.json");
    await refused(() => RunFolder.open(inRun), /: it is a file; name the folder of a run, as .*all\/mine$/);
    Deno.removeSync(join(dir, "run.json"));
    await refused(() => RunFolder.open(join(dir, "file")), /: it is a file; name the folder of a run$/);
  }));

Deno.test("where a run is asked for, one of an experiment or a tuning is suggested", () =>
  withFolder(async (dir) => {
    for (const [kind, called] of [["experiment", "an experiment"], ["tuning", "a tuning"]] as const) {
      const study = join(dir, kind), cell = join(study, "cells", "one-seed-1");
      beginFolder(study, kind);
      const open = () => RunFolder.open(study);
      await refused(open, new RegExp(`: it is ${called} in which no run was begun yet$`));
      Deno.mkdirSync(cell, { recursive: true });
      Deno.writeTextFileSync(join(cell, "run.json"), "{}");
      await refused(open, new RegExp(`: it is ${called}; name one of its runs, as .*cells/one-seed-1$`));
    }
  }));

Deno.test("of two who begin a folder at once the record of the first stays; who begins something else is refused", () =>
  withFolder(async (dir) => {
    const one = join(dir, "one"), id = () => FolderRecord.read(one)?.facts.id;
    Deno.mkdirSync(one);
    beginFolder(one, "run"); // as if both had found nothing there
    const first = id();
    assert.notEqual(first, undefined);
    assert.deepEqual(filesBelow(one), ["checksums.json"], "nothing else is left");
    beginFolder(one, "run");
    assert.equal(id(), first);
    await refused(
      () => beginFolder(one, "tuning"),
      /^Cannot write to .*one: a run was begun there meanwhile; choose another folder with --out$/,
    );
  }));
