/** The report of a run, written anew. */
import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { task } from "../../command.ts";
import { json } from "../support.ts";
import { refusedInOneLine, withRun } from "./finished.ts";

Deno.test("report: as the job wrote it, in the run or as a page of its own; never over somebody's file", () =>
  withRun(async (dir) => {
    const own = join(dir, "run", "report.html"), byJob = Deno.readTextFileSync(own);
    const record = json(join(dir, "run", "run.json"));
    const report = (...more: string[]) => task("report", ["run", ...more], { cwd: dir });
    const { code, stdout, stderr } = await report();
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `Report: ${join("run", "report.html")}\n`);
    const before = Deno.readTextFileSync(own);
    // What drawing it took is known when it is drawn.
    const figures = (html: string) => html.replace(/\d+ MB|\d+\.\d+ s\b/g, "…");
    assert.equal(figures(before), figures(byJob));
    assert.deepEqual(json(join(dir, "run", "run.json")), record, "nothing was done to the run");

    Deno.removeSync(own);
    assert.equal((await report("--out", "page.html")).stdout, "Report: page.html\n");
    const links = /\n<p>Files beside this one:.*?<\/p>/;
    assert.match(before, links);
    assert.equal(
      Deno.readTextFileSync(join(dir, "page.html")),
      before.replace(links, ""),
      "it has none of the files beside it",
    );
    assert(!existsSync(own), "a page elsewhere leaves the run as it is");
    assert.deepEqual(JSON.parse((await report("--json")).stdout).report, join("run", "report.html"));
    assert.equal(Deno.readTextFileSync(own), before);

    Deno.writeTextFileSync(join(dir, "mine.html"), "<p>mine</p>");
    refusedInOneLine(await report("--overwrite"), /--overwrite goes with --out/);
    refusedInOneLine(await report("--out", "mine.html"), /mine.html: a file of another kind is there/);
    refusedInOneLine(
      await task("report", [], { cwd: dir }),
      /Which run\? Name its folder, as in deno task report/,
    );
    refusedInOneLine(await task("report", ["none"], { cwd: dir }), /none/);
  }));

Deno.test("a report that somebody wrote into is kept, whatever writes it anew", () =>
  withRun(async (dir) => {
    const own = join(dir, "run", "report.html"), html = Deno.readTextFileSync(own);
    const mine = html + "<!-- for the meeting -->", kept = join(dir, "run", "report.edited.html");
    Deno.writeTextFileSync(own, mine);
    const report = await task("report", ["run"], { cwd: dir });
    assert.match(
      report.stderr,
      /report\.html had been changed since .* kept beside it, as report\.edited\.html/,
    );
    assert.equal(Deno.readTextFileSync(kept), mine);
    assert.notEqual(Deno.readTextFileSync(own), mine);

    Deno.writeTextFileSync(own, mine + mine);
    const evaluate = await task("evaluate", ["run"], { cwd: dir });
    assert.equal(evaluate.code, 0, evaluate.stderr);
    assert.match(evaluate.stderr, /as report\.edited-2\.html/);
    assert.equal(Deno.readTextFileSync(kept), mine);
    assert.equal(Deno.readTextFileSync(join(dir, "run", "report.edited-2.html")), mine + mine);
  }));

Deno.test("report: a run whose dataset was moved", () =>
  withRun(async (dir) => {
    renameSync(join(dir, "run", "dataset"), join(dir, "moved"));
    refusedInOneLine(await task("report", ["run"], { cwd: dir }), /dataset/);
    const { code, stderr } = await task("report", ["run", "--dataset", "moved"], { cwd: dir });
    assert.equal(code, 0, stderr);
  }));
