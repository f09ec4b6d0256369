/** The report of a run, rewritten. */
import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { isolated } from "../../../pipeline/display/table.ts";
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
    // The time and memory for drawing are known only once it is drawn.
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

Deno.test("report: a run whose dataset was moved", () =>
  withRun(async (dir) => {
    renameSync(join(dir, "run", "dataset"), join(dir, "moved"));
    refusedInOneLine(await task("report", ["run"], { cwd: dir }), /dataset/);
    const { code, stderr } = await task("report", ["run", "--dataset", "moved"], { cwd: dir });
    assert.equal(code, 0, stderr);
  }));

/** The ids of the few people that a run shows, as they are on a page. */
const idsIn = (dir: string): string[] =>
  json(join(dir, "run", "insights.json")).people.map(({ user }: { user: string }) => isolated(user));

Deno.test("report: a page to pass on calls people by numbers, or shows none; what is not said stays as the run was begun", () =>
  withRun(async (dir) => {
    const own = join(dir, "run", "report.html"), ids = idsIn(dir), page = () => Deno.readTextFileSync(own);
    const numbers = ids.map((_, i) => isolated(`person ${i + 1}`));
    assert(ids.length > 0);
    assert(ids.every((id) => page().includes(id)), "by their ids where nobody says otherwise");
    const passedOn = async (how: string) => {
      const { code, stderr } = await task(
        "report",
        ["run", "--people", how, "--out", "page.html", "--overwrite"],
        { cwd: dir },
      );
      assert.equal(code, 0, stderr);
      return Deno.readTextFileSync(join(dir, "page.html"));
    };
    const numbered = await passedOn("numbers");
    assert(numbers.every((number) => numbered.includes(number)));
    assert(!ids.some((id) => numbered.includes(id)));
    const without = await passedOn("none");
    assert(![...ids, ...numbers].some((name) => without.includes(name)) && !without.includes("A few people"));
    refusedInOneLine(await task("report", ["run", "--people", "hashes"], { cwd: dir }), /ids, numbers, none/);

    // The command that makes the report is told once, and the run records it for every later report.
    const evaluate = await task("evaluate", ["run", "--people", "numbers", "--quiet"], { cwd: dir });
    assert.equal(evaluate.code, 0, evaluate.stderr);
    for (
      const [command, args] of [["report", ["run"]], ["pipeline", ["run", "--resume"]], ["evaluate", [
        "run",
      ]]] as const
    ) {
      const { code, stderr } = await task(command, [...args, "--quiet"], { cwd: dir });
      assert.equal(code, 0, stderr);
      assert(!ids.some((id) => page().includes(id)), `${command} keeps to it`);
      assert(numbers.every((number) => page().includes(number)), command);
    }
    assert.equal((await task("evaluate", ["run", "--people", "ids", "--quiet"], { cwd: dir })).code, 0);
    assert(ids.every((id) => page().includes(id)), "and can be told otherwise");
  }));
