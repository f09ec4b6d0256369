import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { checkWatchable } from "../../../model/watch/place.ts";
import { isOwnName } from "../../../model/watch/names.ts";
import { serveRun, type WatchServer } from "../../../model/watch/server.ts";
import { FolderRecord } from "../../../pipeline/contract/files/record.ts";
import { quoted } from "../../../pipeline/terminal/quoted.ts";
import { withFolder } from "../../folders.ts";
import { filesBelow } from "../support.ts";
import { architecture, metrics, run, searchRecords, trainRecords } from "../runs/example.ts";
import { pagesOf } from "./pages.ts";

Deno.test.sanitizer({ ops: true, resources: true });

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const config = { ...run.config, metric: "NDCG@10", protocol: "full" };

/** Serves a folder during a test. */
async function serving(folder: string, test: (server: WatchServer) => Promise<void>): Promise<void> {
  const server = serveRun(folder, LOOPBACK);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

Deno.test("a reader hears of each change of a run: before it begins, during search and training, at its end", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run");
    await serving(path, async ({ url }) => {
      const pages = pagesOf(url), next = async () => (await pages.next()).value!;
      assert.match(await next(), /<dd>not begun<\/dd>/);
      const folder = RunFolder.create(path);
      await folder.writeRun({ ...run, config, status: "running", phase: "search" });
      assert.match(await next(), /<dd>searching<\/dd>.*its first epoch has not ended yet/s);
      await folder.writeSearchHistory(searchRecords);
      assert.match(await next(), /Architecture parameters over the steps/);
      await folder.writeArchitecture(architecture);
      assert.match(await next(), /The choice is clear/);
      await folder.writeRun({ ...run, config, status: "running", phase: "retrain" });
      assert.match(await next(), /<dd>training<\/dd>/);
      await folder.writeTrainHistory(trainRecords.slice(0, 3));
      assert.match(await next(), /<dd>3 of 20<\/dd>/);
      await folder.writeTrainHistory(trainRecords);
      assert.match(await next(), /<dd>8 of 20<\/dd>.*the best is 0\.4000 of epoch 6, 2 epochs ago/s);
      await folder.writeMetrics(metrics);
      assert.match(await next(), /Popularity/);
      await folder.writeReport("<!doctype html><title>all of it</title>");
      assert.match(await next(), /its report/);
      await folder.writeRun({ ...run, config });
      assert.match(await next(), /<dd>done<\/dd>/);
      await pages.return();
    });
  }));

Deno.test("the page, the report and the results beside it are served, and nothing else; nothing is written", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run"), folder = RunFolder.create(path);
    await folder.writeRun({ ...run, config });
    await folder.writeTrainHistory(trainRecords);
    await folder.writeReport("<!doctype html><title>all of it</title>");
    Deno.writeTextFileSync(join(path, "mine.txt"), "somebody's");
    Deno.writeTextFileSync(join(dir, "secret"), "secret");
    const state = () => filesBelow(dir).map((file) => [file, Deno.statSync(join(dir, file)).mtime]);
    const before = state();
    await serving(path, async ({ url }) => {
      const get = async (path: string, init?: RequestInit) => {
        const response = await fetch(url + path, init);
        return [response.status, response.headers.get("content-type"), await response.text()] as const;
      };
      const [status, type, html] = await get("");
      assert.deepEqual([status, type], [200, "text/html; charset=utf-8"]);
      assert.match(html, /<title>AutoMLP on shop<\/title>/);
      assert.deepEqual(await get("report.html"), [
        200,
        "text/html; charset=utf-8",
        "<!doctype html><title>all of it</title>",
      ]);
      assert.equal((await get("train/history.jsonl"))[2].split("\n").length, trainRecords.length + 1);
      for (const nothing of ["mine.txt", "%2e%2e/secret", "..%2fsecret", "metrics.json", "checksums.json"]) {
        assert.deepEqual((await get(nothing)).slice(0, 1), [404], nothing);
      }
      assert.equal((await get("", { method: "POST" }))[0], 405);
    });
    assert.deepEqual(state(), before);
  }));

Deno.test("what a link in the folder leads to is not served, and of a report no script but the page's own is run", () =>
  withFolder(async (dir) => {
    const path = join(dir, "run"), folder = RunFolder.create(path);
    await folder.writeRun({ ...run, config });
    Deno.mkdirSync(join(dir, "elsewhere"));
    for (const name of ["secret", "elsewhere/history.jsonl"]) {
      Deno.writeTextFileSync(join(dir, name), "secret");
    }
    Deno.removeSync(join(path, "checksums.json")); // as in a run that was written before checksums existed
    for (const name of ["metrics.json", "report.html"]) Deno.symlinkSync("../secret", join(path, name));
    Deno.symlinkSync("../elsewhere", join(path, "search"));
    await serving(path, async ({ url }) => {
      for (const linked of ["metrics.json", "report.html", "search/history.jsonl"]) {
        const response = await fetch(url + linked);
        assert.equal(response.status, 404, linked);
        assert.ok(!(await response.text()).includes("secret"));
      }
      Deno.removeSync(join(path, "report.html"));
      Deno.writeTextFileSync(join(path, "report.html"), "<!doctype html><script>1</script>");
      for (const page of ["", "report.html"]) {
        const response = await fetch(url + page);
        assert.equal(response.status, 200);
        assert.match(
          response.headers.get("content-security-policy") ?? "",
          /^default-src 'none'; .*script-src 'sha256-[^';]+'; connect-src 'self'; frame-ancestors 'none'$/,
        );
        await response.body?.cancel();
      }
    });
  }));

Deno.test("what is damaged is said on the page, which shows the rest", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeRun({ ...run, config, status: "running", phase: "retrain" });
    await folder.writeTrainHistory(trainRecords);
    await folder.writeMetrics(metrics);
    await folder.writeReport("<!doctype html>");
    for (const file of ["metrics.json", "report.html"]) Deno.writeTextFileSync(join(dir, file), "{}");
    await serving(dir, async ({ url }) => {
      const html = await (await fetch(url)).text();
      assert.match(html, /<li>Cannot read .*metrics\.json: its checksum does not match/);
      assert.match(html, /Training loss by epoch/);
      const report = await fetch(`${url}report.html`);
      assert.equal(report.status, 500);
      assert.match(await report.text(), /^Cannot read .*report\.html: its checksum does not match/);
    });
  }));

Deno.test("a server that ends tells its readers so; a place that is taken is refused in one line", () =>
  withFolder(async (dir) => {
    const server = serveRun(dir, LOOPBACK), pages = pagesOf(server.url);
    await pages.next();
    const port = Number(new URL(server.url).port);
    assert.throws(
      () => serveRun(dir, { ...LOOPBACK, port }),
      {
        name: "InputError",
        message: new RegExp(`^Cannot serve the page on 127\\.0\\.0\\.1, port ${port}: another program `),
      },
    );
    await server.close();
    assert.equal((await pages.next()).done, true);
  }));

Deno.test("what can be watched is a run, or a place where one may begin", () =>
  withFolder((dir) => {
    const at = (name: string) => join(dir, name);
    const refuses = (path: string, says: RegExp) =>
      assert.throws(() => checkWatchable(path), { name: "InputError", message: says });
    assert.equal(checkWatchable(at("nowhere/yet")), false);
    Deno.mkdirSync(at("empty"));
    assert.equal(checkWatchable(at("empty")), false);
    RunFolder.create(at("runs/begun"));
    assert.equal(checkWatchable(at("runs/begun")), true);

    Deno.writeTextFileSync(at("file"), "");
    refuses(at("file"), /^Cannot watch .*file: it is a file; name a run folder$/);
    Deno.mkdirSync(at("data"));
    FolderRecord.begin(at("data"), "dataset").saveSync();
    refuses(at("data"), /: it is a dataset; name a run folder$/);
    Deno.mkdirSync(at("mine"));
    Deno.writeTextFileSync(at("mine/notes.txt"), "");
    refuses(
      at("mine"),
      /: there is no run in it; name a run folder, as what deno task pipeline --out .*run'? makes$/,
    );
  }));

Deno.test("a folder of runs is none: the newest of them is suggested", () =>
  withFolder(async (dir) => {
    for (const [name, began] of [["old", "2026-11-25T06:00:00.000Z"], ["new", "2026-11-26T06:00:00.000Z"]]) {
      await RunFolder.create(join(dir, name)).writeRun({ ...run, sessions: [{ command: "x", began }] });
    }
    assert.throws(() => checkWatchable(dir), {
      message: `Cannot watch ${dir}: it is a folder of several runs; name one, as in deno task watch ${
        quoted(
          join(dir, "new"),
        )
      }`,
    });
    FolderRecord.begin(dir, "experiment").saveSync();
    assert.throws(() => checkWatchable(dir), {
      message: /: it is an experiment of several runs; name one, as in /,
    });
  }));

Deno.test("served to this machine only, a page is not given out by the name of somebody else's", () => {
  for (const name of ["localhost", "127.0.0.1", "[::1]", "10.0.0.7"]) {
    assert(isOwnName(name, "127.0.0.1"), name);
  }
  for (const name of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"]) {
    assert(!isOwnName(name, "127.0.0.1"), name);
    assert(isOwnName(name, "0.0.0.0"), "who serves it to others has names that are not known here");
  }
  assert(isOwnName("desk.local", "desk.local"));
});
