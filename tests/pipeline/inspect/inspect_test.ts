import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import type { Manifest } from "../../../pipeline/contract/dataset/manifest.ts";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import { inspectDataset, inspectionText } from "../../../pipeline/inspect/mod.ts";
import { inspectTime } from "../../../pipeline/inspect/queries.ts";
import { assertSnapshot } from "../../snapshot.ts";
import { withExample, writeExample } from "./example.ts";

Deno.test("the example's figures, counted by hand", () =>
  withExample(async (dataset) => {
    const facts = await inspectDataset(dataset);
    assert.equal(facts.density, 11 / 15);
    assert.equal(facts.repeats, 1 - 11 / 12);
    assert.equal(facts.ties, 0);
    assert.deepEqual(facts.parts, [
      { split: "train", interactions: 6, targets: 3, users: 3, items: 3, coldItems: 0, coldTargets: 0 },
      { split: "validation", interactions: 3, targets: 3, users: 3, items: 3, coldItems: 1, coldTargets: 1 },
      { split: "test", interactions: 3, targets: 3, users: 3, items: 3, coldItems: 2, coldTargets: 2 },
    ]);
    const { bins: _, scale: __, ...popularity } = facts.popularity;
    assert.deepEqual(popularity, { count: 5, min: 1, q1: 2, median: 2, mean: 2.4, q3: 3, max: 4 });
    assert.deepEqual(facts.sequenceLength.bins, [{ from: 4, to: 5, count: 3 }]);
    assert.deepEqual(
      facts.concentration.top,
      [0.01, 0.1, 0.2].map((items) => ({ items, interactions: 4 / 12 })),
    );
    assert.ok(Math.abs(facts.concentration.gini - (86 / 60 - 6 / 5)) < 1e-12);
    assert.deepEqual(facts.time, {
      first: 1_000_000_000,
      last: 1_000_259_200,
      unit: "seconds",
      firstDate: "2001-09-09T01:46:40Z",
      lastDate: "2001-09-12T01:46:40Z",
      days: 3,
    });
    assert.deepEqual(facts.popularItems.slice(1, 4), [
      { id: 'b,"quoted"', title: "Beta", interactions: 3 },
      { id: "c🎬", title: "電影", interactions: 2 },
      { id: "d", interactions: 2 },
    ]);
    assert.deepEqual(facts.features, [
      {
        name: "genres",
        kind: "multi",
        values: 2,
        items: 3,
        top: [{ value: "Drama", items: 2 }, { value: "War", items: 2 }],
      },
      {
        name: "colour",
        kind: "categorical",
        values: 2,
        items: 4,
        top: [{ value: "red", items: 3 }, { value: "blue", items: 1 }],
      },
      { name: "year", kind: "numeric", values: 0, items: 3, top: [] },
    ]);
    assert.deepEqual(facts.negatives, [
      { protocol: "recbole", split: "validation", positives: 3, drawn: 4, distinct: 10 / 3 },
      { protocol: "recbole", split: "test", positives: 3, drawn: 4, distinct: 8 / 3 },
    ]);
    assert.deepEqual(JSON.parse(JSON.stringify(facts)).parts, facts.parts);
  }));

Deno.test("a dataset and its inspection say the same density", () =>
  withExample(async (dataset) => {
    const said = (shown: unknown) => /density +(.*)/.exec(String(shown))![1].trim();
    assert.equal(said(dataset), said(await inspectDataset(dataset)));
  }));

Deno.test("who does the same again and again makes no dataset denser", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    const rows = Array.from({ length: 120 }, (_, i) => `u${i % 3},i${i % 2 + (i < 6 ? 0 : 1)},${i}\n`);
    Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
    const pairs = new Set(rows.map((row) => row.split(",").slice(0, 2).join())).size;
    for (const engine of ["polars", "duckdb"] as const) {
      const { dataset } = await prepare({
        ...{ data, out: join(dir, engine), engine, minUser: 3, protocols: ["recbole"], evalNegatives: 1 },
        ...(engine === "duckdb" && { memory: "512MiB" }),
      });
      const { counts } = dataset.manifest, inspection = await inspectDataset(dataset);
      assert.equal(counts.pairs, pairs);
      assert.equal(inspection.density, pairs / (counts.users * counts.items));
      assert(counts.interactions > counts.users * counts.items && inspection.density <= 1);
    }
  }));

Deno.test("baskets: how many interactions are at the same time as the one before, by hand, in one part and in several", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    // Baskets of three, two and one; six single items of another user; and, at the time of the last of them, the next user's first.
    const times = [[1, 1, 1, 2, 2, 3], [4, 5, 6, 7, 8, 9], [9, 9, 10, 11, 11, 12]];
    const rows = times.flatMap((own, user) =>
      own.map((time, i) => `u${user},i${i},${1_600_000_000 + 86_400 * time}\n`)
    );
    Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
    const options = { data, minUser: 3, protocols: ["recbole" as const], evalNegatives: 1 };
    for (const partRows of [undefined, 6]) {
      const { dataset } = await prepare({ ...options, partRows, out: join(dir, `data-${partRows}`) });
      assert.equal(dataset.parts.length, partRows ? 3 : 1);
      const inspection = await inspectDataset(dataset);
      assert.equal(inspection.ties, 5 / 15);
      assert.match(inspectionText(inspection), /same time as the one before +33\.3 %/);
    }
  }));

Deno.test("as text", () =>
  withExample(async (dataset) => {
    assertSnapshot(String(await inspectDataset(dataset)) + "\n", "inspection.txt");
  }));

Deno.test("timestamps that are no dates stay numbers, units since 1970 are recognised", async () => {
  const { default: pl } = await import("nodejs-polars");
  const timeIn = (timeUnit: Manifest["timeUnit"], ...timestamps: number[]) => {
    const table = pl.DataFrame({ timestamp: pl.Series("", timestamps, pl.Int64) });
    return inspectTime({ manifest: { timeUnit }, scanParts: () => [table.lazy()] } as never);
  };
  const timeOf = (...timestamps: number[]) => timeIn(undefined, ...timestamps);
  assert.deepEqual(await timeOf(0, 2313), { first: 0, last: 2313, unit: "order" });
  assert.equal((await timeOf(-5, 1e9)).unit, "order");
  const milliseconds = await timeOf(956_703_932_000, 956_703_932_500);
  assert.equal(milliseconds.unit, "milliseconds");
  assert.equal(milliseconds.firstDate, "2000-04-25T23:05:32Z");
  const micro = await timeOf(1_704_067_200_000_000, 1_704_067_200_500_000);
  assert.deepEqual([micro.unit, micro.firstDate], ["microseconds", "2024-01-01T00:00:00Z"]);
  const nano = await timeOf(1_704_067_200_000_000_000, 1_704_067_200_000_000_000);
  assert.deepEqual([nano.unit, nano.lastDate], ["nanoseconds", "2024-01-01T00:00:00Z"]);
  const ofDates = await timeIn("milliseconds", -1000, 253_402_214_400_000);
  assert.deepEqual(
    [ofDates.unit, ofDates.firstDate, ofDates.lastDate],
    ["milliseconds", "1969-12-31T23:59:59Z", "9999-12-31T00:00:00Z"],
    "of dates the unit is known",
  );
  const early = await timeIn("microseconds", 31_536_000_000_000, 31_622_400_000_000);
  assert.deepEqual([early.firstDate, early.days], ["1971-01-01T00:00:00Z", 1]);
});

Deno.test("progress is reported, and an abort ends it", () =>
  withExample(async (dataset) => {
    const reported: string[] = [];
    let advanced = 0;
    const progress: Progress = {
      start(label, total) {
        reported.push(`${label} ${total}`);
        return { advance: (n) => advanced += n, end: () => reported.push("end") };
      },
      warn() {},
    };
    await inspectDataset(dataset, { progress });
    assert.deepEqual([reported, advanced], [["inspecting example & <more> 7", "end"], 7]);
    const signal = AbortSignal.abort();
    await assert.rejects(inspectDataset(dataset, { progress, signal }), { name: "Interrupted" });
    assert.equal(reported.at(-1), "end");
  }));

Deno.test("of a dataset in parts the same is found", () =>
  withExample(async (dataset) => {
    const inParts = await writeExample(`${dataset.folder}-in-parts`, { partRows: 5 });
    assert.equal(inParts.parts.length, 3);
    assert.deepEqual({ ...await inspectDataset(inParts) }, { ...await inspectDataset(dataset) });
  }));

Deno.test("a category of which every value is too rare has no value, and is no number", () =>
  withFolder(async (dir) => {
    const data = Array.from({ length: 12 }, (_, i) => ({ user: i % 3, item: i % 4, timestamp: i }));
    const items = Array.from({ length: 4 }, (_, item) => ({ item, brand: `b${item}`, price: item }));
    const { dataset } = await prepare({
      data,
      items,
      features: ["brand:categorical:min=2", "price:numeric"],
      out: join(dir, "out"),
      minUser: 1,
      evalNegatives: 0,
    });
    const facts = await inspectDataset(dataset);
    assert.deepEqual(facts.features.map(({ name, values, items }) => [name, values, items]), [
      ["brand", 0, 0],
      ["price", 0, 4],
    ]);
    assert.match(inspectionText(facts), /brand +categorical +0 +0 +0 % *\n *price +numeric +numbers +4 /);
  }));

Deno.test("numbers that are dates without marks are no dates, and it is said how they are read as such", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"),
      rows = (time: (n: number) => string) =>
        ["user,item,time", ...Array.from({ length: 24 }, (_, n) => `u${n % 2},i${n % 5},${time(n)}`)].join(
          "\n",
        );
    const shown = async (text: string) => {
      Deno.writeTextFileSync(data, text);
      const { dataset } = await prepare({ data, out: join(dir, "data"), evalNegatives: 0, overwrite: true });
      return inspectionText(await inspectDataset(dataset));
    };
    const written = await shown(rows((n) => `202401${10 + n % 15}0930${10 + n}`));
    assert.match(written, /timestamps +20,240,\S+ to \S+ \(no dates\)/);
    assert.match(written, /read as dates by .*%Y%m%d%H%M%S/);
    assert.doesNotMatch(await shown(rows(String)), /read as dates by/);
  }));
