/** `report`, `runs` and `compare`: what a run holds, shown again; never over somebody's file. */
import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { isolated } from "../../../pipeline/display/table.ts";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { listRuns } from "../../../model/report/list.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { json } from "../support.ts";
import { withRun } from "./finished.ts";

Deno.test("report: as the job wrote it, in the run or as a page of its own", () =>
  withRun(async (dir, { ran, refused }) => {
    const own = join(dir, "run", "report.html"), page = () => Deno.readTextFileSync(own), byJob = page();
    const record = json(join(dir, "run", "run.json"));
    assert.equal((await ran("report run")).stdout, `Report: ${join("run", "report.html")}\n`);
    const before = page();
    // The time and memory for drawing are known only once it is drawn.
    const figures = (html: string) => html.replace(/\d+ MB|\d+\.\d+ s\b/g, "…");
    assert.equal(figures(before), figures(byJob));
    assert.deepEqual(json(join(dir, "run", "run.json")), record, "nothing was done to the run");

    Deno.removeSync(own);
    assert.equal((await ran("report run --out page.html")).stdout, "Report: page.html\n");
    const links = /\n<p>Files beside this one:.*?<\/p>/;
    assert.match(before, links);
    const elsewhere = Deno.readTextFileSync(join(dir, "page.html"));
    assert.equal(elsewhere, before.replace(links, ""), "it has none of the files beside it");
    assert(!existsSync(own), "a page elsewhere leaves the run as it is");
    assert.deepEqual(JSON.parse((await ran("report run --json")).stdout).report, join("run", "report.html"));
    assert.equal(page(), before);

    Deno.writeTextFileSync(join(dir, "mine.html"), "<p>mine</p>");
    await refused("report run --overwrite", /--overwrite goes with --out/);
    await refused("report run --out mine.html", /mine.html: a file of another kind is there/);
    await refused("report", /Which run\? Name its folder, as in deno task report/);
    await refused("report none", /none/);
    renameSync(join(dir, "run", "dataset"), join(dir, "moved"));
    await refused("report run", /dataset/);
    await ran("report run --dataset moved");
  }));

Deno.test("report: a page to pass on calls people by numbers, or shows none; what is not said stays as the run was begun", () =>
  withRun(async (dir, { ran, refused }) => {
    const page = (path = "run/report.html") => Deno.readTextFileSync(join(dir, path));
    const people = json(join(dir, "run", "insights.json")).people as { user: string }[];
    const ids = people.map(({ user }) => isolated(user));
    const numbers = ids.map((_, i) => isolated(`person ${i + 1}`));
    const has = (names: string[], html: string) => names.filter((name) => html.includes(name)).length;
    const passedOn = async (how: string) => {
      await ran(`report run --people ${how} --out page.html --overwrite`);
      return page("page.html");
    };
    assert.equal(has(ids, page()), ids.length, "by their ids where nobody says otherwise");
    const numbered = await passedOn("numbers"), without = await passedOn("none");
    assert.deepEqual([has(numbers, numbered), has(ids, numbered)], [ids.length, 0]);
    assert.deepEqual([has([...ids, ...numbers], without), without.includes("A few people")], [0, false]);
    await refused("report run --people hashes", /ids, numbers, none/);

    // The command that makes the report is told once, and the run records it for every later report.
    const lines = ["evaluate run --people numbers", "report run", "pipeline run --resume", "evaluate run"];
    for (const line of lines) {
      await ran(`${line} --quiet`);
      assert.deepEqual([has(numbers, page()), has(ids, page())], [ids.length, 0], line);
    }
    await ran("evaluate run --people ids --quiet");
    assert.equal(has(ids, page()), ids.length, "and can be told otherwise");
  }));

Deno.test("runs: what each came to; one that was edited is listed as damaged", () =>
  withRun(async (dir, { ran, refused }) => {
    const copy = join(dir, "copies", "edited"), path = join(copy, "run.json");
    Deno.mkdirSync(copy, { recursive: true });
    for (const name of ["run.json", "checksums.json"]) {
      Deno.copyFileSync(join(dir, "run", name), join(copy, name));
    }
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace('"done"', '"failed"'));
    const { stdout } = await ran("runs .");
    assert.match(stdout, /^\S*run +\d{4}-\d\d-\d\d \d\d:\d\d UTC +\S+ \([0-9a-f]{8}\) +AutoMLP .* done/m);
    assert.match(stdout, /^\S*edited .* damaged/m);
    assert.match(stdout, /^Cannot read \S*edited\/run\.json: /m);
    const { runs } = JSON.parse((await ran("runs . --json")).stdout);
    assert.deepEqual(runs.map(({ status }: { status: string }) => status), ["done", "damaged"]);
    await refused("runs nowhere", /There is no folder nowhere/);
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

Deno.test("compare: runs side by side, in the terminal and as a page", () =>
  withRun(async (dir, { ran, refused }) => {
    const { stdout } = await ran("compare run run --metric HR@5 --html page.html");
    assert.match(stdout, /^run: HR@5 .* by protocol full; paired t-test over \d+ users/m);
    const page = Deno.readTextFileSync(join(dir, "page.html"));
    assert.match(page, /<title>Comparison of 2 runs<\/title>/);
    assert.equal(page.match(/<svg /g)?.length, 2, "the means, and the differences");
    Deno.writeTextFileSync(join(dir, "mine.html"), "<p>mine</p>");
    await refused("compare run run --overwrite", /--overwrite goes with --html/);
    await refused("compare run run --html mine.html", /mine.html: a file of another kind is there/);
    await refused("compare run", /Which runs\? Name two at least/);
    await refused("compare run run --protocol strict", /Cannot compare by protocol "strict"/);
  }));
