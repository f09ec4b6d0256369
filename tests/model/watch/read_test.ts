import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { CurrentPage } from "../../../model/watch/current.ts";
import { readWatched, settled, signsOf } from "../../../model/watch/read.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";
import { cutWarning } from "../../../model/views/cut_short.ts";
import { architecture, run, searchRecords, trainRecords } from "../runs/example.ts";

/** A program that writes the history of a training and the facts of its run repeatedly, as fast as it can, until a stop file exists. */
const WRITER = `
import { existsSync } from "node:fs";
const [folder, stop] = Deno.args;
const { RunFolder } = await import(${JSON.stringify(`file://${root}model/runs/folder.ts`)});
const { run, trainRecords } = await import(${JSON.stringify(`file://${root}tests/model/runs/example.ts`)});
const writing = RunFolder.open(folder);
for (let i = 0; !existsSync(stop); i++) {
  await writing.writeTrainHistory(trainRecords.slice(0, 1 + i % trainRecords.length));
  await writing.writeRun({ ...run, status: "running", phase: "retrain", seed: i });
}`;

Deno.test("what is read while another process writes it is whole, and nothing is taken for damaged", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeRun({ ...run, status: "running" });
    await folder.writeTrainHistory(trainRecords);
    const script = join(dir, "..", `${crypto.randomUUID()}.ts`), stop = `${script}.stop`;
    Deno.writeTextFileSync(script, WRITER);
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--allow-all", "--config", `${root}deno.json`, script, dir, stop],
      stderr: "piped",
    }).spawn();
    let writing = true, reads = 0;
    const seeds = new Set<number>(), ended = writer.output().finally(() => writing = false);
    try {
      // Independent of the speed of the disk and the load of the processor.
      while (writing && !(reads > 20 && seeds.size > 5)) {
        const seen = await readWatched(dir);
        assert.deepEqual(seen.problems, []);
        assert(seen.train.length >= 1 && seen.run);
        seeds.add(seen.run.seed);
        reads++;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      Deno.writeTextFileSync(stop, "");
      const { code, stderr } = await ended;
      assert.equal(code, 0, new TextDecoder().decode(stderr));
    } finally {
      if (writing) writer.kill();
      await ended;
      for (const file of [script, stop]) Deno.removeSync(file);
    }
  }));

Deno.test("while a search goes on that a budget had cut, nothing is selected yet", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), cut = cutWarning("search", "after 3 of 9 epochs", "to go on");
    const begun = { ...run, warnings: [cut] };
    await folder.writeSearchHistory(searchRecords);
    await folder.writeArchitecture(architecture);
    await folder.writeRun(begun);
    assert((await readWatched(dir)).architecture, "it was cut");
    await folder.writeRun({ ...begun, status: "running", phase: "search" });
    assert.equal((await readWatched(dir)).architecture, undefined);
  }));

Deno.test("what fails for a moment is read again; what is damaged stays so", async () => {
  let times = 0;
  const failing = (until: number) => () => {
    if (++times < until) throw new Error(`attempt ${times}`);
    return times;
  };
  assert.equal(await settled(failing(3)), 3);
  times = 0;
  await assert.rejects(settled(failing(9)), { message: "attempt 4" });
});

Deno.test("signs change with each file that is written, and say when the newest was", () =>
  withFolder(async (dir) => {
    assert.deepEqual([signsOf(dir).written, signsOf(join(dir, "none")).written], [undefined, undefined]);
    const folder = RunFolder.create(dir), stamps = [signsOf(dir).stamp], began = Date.now();
    const writes = [
      () => folder.writeRun(run),
      () => folder.writeSearchHistory(searchRecords),
      () => folder.writeArchitecture(architecture),
      () => folder.writeTrainHistory(trainRecords),
      () => folder.writeTrainHistory(trainRecords),
      () => folder.writeReport("<!doctype html>"),
    ];
    for (const write of writes) {
      await write();
      stamps.push(signsOf(dir).stamp);
    }
    assert.equal(new Set(stamps).size, writes.length + 1);
    assert(Math.abs(signsOf(dir).written!.getTime() - began) < 60_000);
  }));

Deno.test("a page is made once for all who ask at once, and not again while nothing is written", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), page = new CurrentPage(dir);
    await folder.writeRun(run);
    const [one, two] = await Promise.all([page.html(), page.html()]);
    assert.equal(one, two);
    const made = performance.now();
    for (let i = 0; i < 50; i++) assert.equal(await page.html(), one);
    assert(performance.now() - made < 1000, "fifty pages would take longer");
  }));
