/** The pages of real runs in a real browser: on a phone, on a desk, dark, on paper. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { automlp } from "../../../mod.ts";
import type { Look, Rendered } from "../../browser/pages.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { browser, look } from "../../pipeline/display/browser.ts";
import { tuningPage } from "../../../model/views/tuning_page.ts";
import { experimentPage } from "../../../model/views/experiment_page.ts";
import { cell, RESULTS } from "../studies/results.ts";
import { writeLog } from "../commands/small.ts";

const SIZES = { length: 12, dim: 8, layers: 1, sequenceHidden: 8, channelHidden: 8 };
const TRAINING = { batchSize: 64, rate: 0.01, lengths: [1, 3], searchEpochs: 4, epochs: 3 };
const WIDTHS = [400, 1200], PAPER = 718; // A4 less the margins, in CSS pixels
const PICTURES = Deno.env.get("AUTOMLP_PICTURES");

/** Every way in which a reader can look at a page. */
const LOOKS: Look[] = [
  ...WIDTHS.flatMap((width) => [false, true].map((dark) => ({ width, dark, open: true }))),
  { width: PAPER, print: true },
  { width: PAPER, print: true, dark: true },
];

const nameOf = ({ width, dark, print }: Look) => `${width}${dark ? "-dark" : ""}${print ? "-print" : ""}`;

async function seen(html: string, name: string): Promise<[Look, Rendered][]> {
  const looks = LOOKS.map((one) =>
    PICTURES ? { ...one, picture: join(PICTURES, `${name}-${nameOf(one)}.png`) } : one
  );
  const rendered = await look(html, ...looks);
  return looks.map((one, i) => [one, rendered[i]]);
}

function assertReadable(pages: readonly [Look, Rendered][], page: string) {
  for (const [one, { console, scrollWidth, cut, colors, mute, hovered }] of pages) {
    const name = `${page}, ${nameOf(one)}`;
    assert.deepEqual(console, [], name);
    assert.ok(scrollWidth <= one.width, `${name}: ${scrollWidth} px wide`);
    assert.deepEqual(cut, [], name);
    assert.deepEqual(mute, [], name);
    for (const { shows, scrollWidth } of hovered) {
      assert.notEqual(shows, "none", name);
      assert.ok(scrollWidth <= one.width, `${name}: a tip is wider than there is room: ${shows}`);
    }
    assert.equal(isDark(colors.ground), Boolean(one.dark && !one.print), `${name}: on ${colors.ground}`);
    assert.notEqual(isDark(colors.ink), isDark(colors.ground), `${name}: ${colors.ink} on ${colors.ground}`);
  }
}

function isDark(color: string): boolean {
  const [red, green, blue] = color.match(/\d+/g)!.map(Number);
  return red + green + blue < 3 * 128;
}

Deno.test({
  name:
    "report, dataset and comparison can be read everywhere: nothing is cut without a sign, and charts say their values",
  ignore: browser === undefined,
  fn: (t) =>
    withFolder(async (dir) => {
      writeLog(join(dir, "log.csv"));
      const run = await automlp({
        data: join(dir, "log.csv"),
        name: "log",
        out: join(dir, "a run with a long name"),
        ...SIZES,
        ...TRAINING,
        methods: ["automlp", "gru4rec"],
        evalNegatives: 5,
        protocols: ["recbole"],
      });
      const report = Deno.readTextFileSync(join(run.run.path, "report.html"));

      await t.step("the report of a run", async () => {
        const pages = await seen(report, "report");
        assertReadable(pages, "report");
        for (const [{ width, print }, { scrolling, tips, drawingHeight }] of pages) {
          assert.ok(drawingHeight > 100 && tips.length > 10);
          // On a phone the tables of metrics have to scroll; that is what the cue is for.
          if (width === 400) assert.ok(scrolling > 0);
          if (print) assert.equal(scrolling, 0);
        }
      });

      await t.step("the page of a dataset", async () => {
        const out = join(dir, "dataset.html");
        const { code, stderr } = await task("inspect", [
          join(run.run.path, "dataset"),
          "--html",
          "--out",
          out,
        ]);
        assert.equal(code, 0, stderr);
        assertReadable(await seen(Deno.readTextFileSync(out), "dataset"), "dataset");
      });

      await t.step("the page of a comparison", async () => {
        const out = join(dir, "comparison.html");
        const { code, stderr } = await task("compare", [run.run.path, run.run.path, "--html", out]);
        assert.equal(code, 0, stderr);
        const pages = await seen(Deno.readTextFileSync(out), "comparison");
        assertReadable(pages, "comparison");
        assert.ok(pages.some(([{ width }, { scrolling }]) => width === 400 && scrolling > 0));
      });
    }),
});

Deno.test({
  name: "the page of an experiment: on a desk every table is to be seen whole",
  ignore: browser === undefined,
  fn: async () => {
    const [row] = RESULTS.rows, seeds = [1, 2, 3, 4, 5];
    const cells = seeds.map((seed) => ({
      ...cell(seed, 0.3),
      searchSeconds: 3700,
      shortTermLength: 10 * seed,
    }));
    const rows = ["AutoMLP, no long-term module", "AutoMLP, short-term module over everything"].map((
      label,
    ) => ({
      ...row,
      label,
      cells: cells.map((one) => ({ ...one, trainSeconds: 5000, parameters: 1_234_567 })),
    }));
    const pages = await seen(experimentPage({ ...RESULTS, seeds, rows, significance: [] }), "experiment");
    assertReadable(pages, "experiment");
    for (const [{ width }, { scrolling }] of pages) if (width === 1200) assert.equal(scrolling, 0);
  },
});

Deno.test({
  name: "the page of a tuning: its drawing of many options can be read on a phone, too",
  ignore: browser === undefined,
  fn: async () => {
    const searched = ["dim", "layers", "dropout", "rate", "batchSize", "loss", "negatives"];
    const trials = [1, 2, 3].map((trial) => ({
      trial,
      options: Object.fromEntries(searched.map((key, i) => [key, trial * (i + 1)])),
      status: "done" as const,
      value: trial / 10,
      epochs: 4,
      seconds: 10,
    }));
    const html = tuningPage({
      method: "sasrec",
      title: "SASRec",
      dataset: { name: "shop", hash: "0123456789abcdef" },
      seed: 1,
      metric: "NDCG@10",
      protocol: "full",
      rungs: [4],
      searched,
      trials,
      asked: 3,
      complete: true,
    });
    const pages = await seen(html, "tuning");
    assertReadable(pages, "tuning");
    for (const [{ width, print }, { drawnText, scrolling }] of pages) {
      if (!print) assert.ok(drawnText! >= 10, `${width}: ${drawnText} px`);
      if (width === 1200) assert.equal(scrolling, 0);
    }
  },
});

Deno.test({
  name: "the look at pages would notice what is cut, a chart without values, and paper that is dark",
  ignore: browser === undefined,
  fn: async () => {
    const page = (style: string) =>
      `<style>${style}</style><body style="margin:0"><div class="box"><p style="width:900px">wide</p></div>` +
      `<svg aria-label="mute" width="100" height="50"></svg>`;
    const [scrolls] = await look(page(".box{overflow-x:auto}"), { width: 400 });
    assert.deepEqual([scrolls.cut, scrolls.mute, scrolls.scrolling], [["wide"], ["mute"], 0]);
    const [clipped] = await look(page(".box{overflow-x:hidden}"), { width: 400 });
    assert.deepEqual(clipped.cut, ["wide"]);
    const cued = page(".box{overflow-x:auto;background:linear-gradient(red,blue)}").replace(
      "<div",
      '<div tabindex="0"',
    );
    const [shown, printed] = await look(cued, { width: 400 }, { width: 400, print: true });
    assert.deepEqual([shown.cut, shown.scrolling, printed.cut], [[], 1, ["wide"]]);
    const [dark] = await look("<style>:root{background:#000;color:#eee}</style>", {
      width: 400,
      print: true,
    });
    assert.ok(isDark(dark.colors.ground));
  },
});
