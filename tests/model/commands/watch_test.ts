/** One process watches a run while another does it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fromFileUrl } from "../../paths.ts";
import { startTask, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { launched } from "../../launched.ts";
import { openPage } from "../../browser/open_page.ts";
import { browser } from "../../pipeline/display/browser.ts";
import { assertRefused } from "../../pipeline/commands/refused.ts";
import { filesBelow, json } from "../support.ts";
import { pagesOf } from "../watch/pages.ts";
import { SMALL, writeLog } from "./small.ts";

/** Two phases of some seconds. */
const LONGER = ["--search-epochs", "30", "--epochs", "30", "--patience", "30", "--no-elimination"];

const text = (of: string) => new RegExp(`<dd>${of}</dd>`);

/** The status at the top of a page, and the epoch, if there is one. */
function standing(html: string): string {
  const figures = Object.fromEntries(
    [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, dt, dd]) => [dt, dd]),
  );
  return [figures.status, ...(figures.epoch ? [figures.epoch] : [])].join(" ");
}

/** Starts `deno task watch`; returns the address that it prints. */
async function watching(folder: string, cwd: string) {
  const watch = startTask("watch", [folder, "--port", "0", "--json"], { cwd });
  const { url, run } = JSON.parse(await watch.line);
  assert.equal(run, folder);
  return { ...watch, url: url as string };
}

Deno.test("a run that another process does is seen from before its beginning to its end, and is left as it is", () =>
  withFolder(async (dir) => {
    writeLog(join(dir, "log.csv"));
    const watch = await watching("run", dir), seen: string[] = [];
    let last = "";
    const reading = (async () => {
      for await (const html of pagesOf(watch.url)) {
        if (standing(html) !== seen.at(-1)) seen.push(standing(html));
        last = html;
        if (text("done").test(html)) return;
      }
    })();
    const job = ["--data", "log.csv", "--out", "run", ...SMALL, ...LONGER, "--quiet"];
    const doing = startTask("pipeline", job, { cwd: dir });
    // The page in a browser changes by itself.
    if (browser) {
      await using page = await openPage(watch.url, 1000);
      await page.until(`document.querySelector("dd").textContent === "done"`);
      const title = "AutoMLP on log";
      assert.deepEqual([await page.value("document.title"), page.console], [title, []]);
      assert((await page.value<string>("document.querySelector('main').innerText")).includes("Popularity"));
      assert.equal(await page.value("document.getElementById('live').textContent"), "live");
      assert((await page.value<number>("document.querySelectorAll('svg').length")) >= 7);
    }
    assert.equal((await doing.ended).code, 0);
    await reading;
    assert.equal(seen[0], "not begun");
    assert.equal(seen.at(-1), "done");
    for (const phase of [/^searching \d+ of 30$/, /^training \d+ of 30$/]) {
      assert(seen.filter((status) => phase.test(status)).length > 1, seen.join());
    }
    const { test: { full } } = json(join(dir, "run/metrics.json"));
    assert.match(last, text(full["HR@10"].toFixed(4)));
    assert.match(await (await fetch(`${watch.url}report.html`)).text(), /<h2>Results<\/h2>/);

    const files = filesBelow(dir);
    watch.signal("SIGINT");
    const { code, stderr } = await watch.ended;
    assert.equal(code, 130, stderr);
    assert.match(
      stderr,
      /^warning: Nothing is in run yet: .*\nerror: Stopped watching run, which is left as it is; .*\n$/,
    );
    assert.deepEqual(filesBelow(dir), files);
    // The next server finds the run as it ended.
    const again = await watching("run", dir);
    assert.match(await (await fetch(again.url)).text(), text("done"));
    again.signal("SIGTERM");
    assert.equal((await again.ended).code, 143);
  }));

Deno.test("wrong use is refused in one line", () =>
  withFolder(async (dir) => {
    const watch = (...args: string[]) => task("watch", args, { cwd: dir });
    Deno.writeTextFileSync(join(dir, "notes.txt"), "");
    assertRefused(await watch(), /Which run\? Name its folder, as in deno task watch runs\/mine$/m);
    assertRefused(await watch("notes.txt"), /Cannot watch notes\.txt: it is a file; name a run folder$/m);
    assertRefused(await watch("run", "--port", "70000"), /port/);
    assertRefused(
      await watch("run", "--host", "a,b"),
      /Cannot serve a page on "a,b": give an address or a name/,
    );
    assertRefused(
      await watch("run", "--host", "192.0.2.1"),
      /Cannot serve the page on 192\.0\.2\.1, port \d+: /,
    );
    assertRefused(
      await watch("run", "--host", "no.such.name.invalid"),
      /Cannot serve the page on no\.such\.name\.invalid, port \d+: .*give an address of this machine with --host$/m,
    );
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr as Deno.NetAddr;
    assertRefused(
      await watch("run", "--port", `${port}`),
      /another program listens there; give another one with --port/,
    );
  }));

Deno.test("it may read its run and listen on its port, and nothing else", () =>
  withFolder(async (dir) => {
    const outside = join(dir, "outside"), run = join(dir, "run");
    for (const folder of [outside, run]) Deno.mkdirSync(folder);
    Deno.writeTextFileSync(join(outside, "precious"), "");
    const { stderr, code } = await launched("watch", [run, "--port", "0"], {
      preload: fromFileUrl(new URL("../../probe.ts", import.meta.url)),
      env: { AUTOMLP_PROBE: outside, PROBE_SECRET: "secret" },
      onWord: (child) => setTimeout(() => child.kill("SIGINT"), 1000),
    });
    assert.equal(code, 130, stderr);
    const refused = "NotCapable";
    assert.deepEqual(JSON.parse(stderr.match(/^probe (.*)$/m)![1]), {
      write: refused,
      remove: refused,
      run: refused,
      net: refused,
      ffi: refused,
      secret: "not seen",
      read: refused,
    });
  }));
