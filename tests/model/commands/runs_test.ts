/** `runs` and `compare`: which runs a folder has, and which is better. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { listRuns } from "../../../model/report/list.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { refusedInOneLine, withRun } from "./finished.ts";

/** A finished run `run` of a small job, and a copy that somebody edited. */
const withRuns = (test: (dir: string) => Promise<void>) =>
  withRun(async (dir) => {
    const copy = join(dir, "copies", "edited");
    Deno.mkdirSync(copy, { recursive: true });
    for (const name of ["run.json", "checksums.json"]) {
      Deno.copyFileSync(join(dir, "run", name), join(copy, name));
    }
    const path = join(copy, "run.json");
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace('"done"', '"failed"'));
    await test(dir);
  });

Deno.test("runs: what each came to; one that was edited is listed as damaged", () =>
  withRuns(async (dir) => {
    const { stdout } = await task("runs", ["."], { cwd: dir });
    assert.match(stdout, /^\S*run +\d{4}-\d\d-\d\d \d\d:\d\d UTC +\S+ \([0-9a-f]{8}\) +AutoMLP .* done/m);
    assert.match(stdout, /^\S*edited .* damaged/m);
    assert.match(stdout, /^Cannot read \S*edited\/run\.json: /m);
    const { runs } = JSON.parse((await task("runs", [".", "--json"], { cwd: dir })).stdout);
    assert.deepEqual(runs.map(({ status }: { status: string }) => status), ["done", "damaged"]);
    refusedInOneLine(await task("runs", ["nowhere"], { cwd: dir }), /There is no folder nowhere/);
  }));

Deno.test("a run of another version is listed as that, not as damaged", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run", "run.json");
    RunFolder.create(join(dir, "run"));
    await FolderRecord.read(join(dir, "run"))!.put(
      "run.json",
      (part) => Deno.writeTextFileSync(part, JSON.stringify({ format: "automlp-run", version: 4 })),
    );
    const { runs: [run] } = listRuns(dir);
    assert.equal(run.status, "other version");
    assert.equal(
      run.why,
      `Cannot read ${path}: the run has format version 4, this program reads 3; use a newer automlp`,
    );
  }));

Deno.test("compare: runs side by side, in the terminal and as a page; never over somebody's file", () =>
  withRun(async (dir) => {
    const compare = (...more: string[]) => task("compare", ["run", "run", ...more], { cwd: dir });
    refusedInOneLine(await compare("--overwrite"), /--overwrite goes with --html/);
    const { code, stdout } = await compare("--metric", "HR@5", "--html", "page.html");
    assert.equal(code, 0);
    assert.match(stdout, /^run: HR@5 .* by protocol full; paired t-test over \d+ users/m);
    const page = Deno.readTextFileSync(join(dir, "page.html"));
    assert.match(page, /<title>Comparison of 2 runs<\/title>/);
    assert.equal(page.match(/<svg /g)?.length, 2, "the means, and the differences");
    Deno.writeTextFileSync(join(dir, "mine.html"), "<p>mine</p>");
    refusedInOneLine(await compare("--html", "mine.html"), /mine.html: a file of another kind is there/);
    refusedInOneLine(await task("compare", ["run"], { cwd: dir }), /Which runs\? Name two at least/);
    refusedInOneLine(await compare("--protocol", "strict"), /Cannot compare by protocol "strict"/);
  }));
