/** The bench of `prepare`: its generated logs, its arithmetic, and a peer that is installed or not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { countRows, writeLog } from "../../bench/logs.ts";
import { benchPrepare, findPeer, parsePeerReport, type PrepareCommand } from "../../bench/prepare.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import { silent } from "../../pipeline/contract/progress.ts";

/** Stands in for `prepare`: copies the file. */
const copy: PrepareCommand = (data, out) => ({ command: ["cp", data, out] });

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("generated logs: counts, order of time, skew, the same for the same seed", () =>
  inFolder(async (folder) => {
    const path = join(folder, "log.csv"), other = join(folder, "other.csv");
    const reported: number[] = [];
    const facts = writeLog(path, 1_200_000, 3, (rows) => reported.push(rows));
    assert.deepEqual(reported, [1_000_000]); // and the rest silently
    assert.equal(facts.rows, 1_200_000);
    assert.equal(facts.users, 12_000);
    assert.equal(facts.bytes, Deno.statSync(path).size);
    assert.equal(await countRows(path), 1_200_000);
    const frame = pl.scanCSV(path).collectSync();
    assert.deepEqual(frame.columns, ["user", "item", "timestamp"]);
    assert.equal(frame.height, 1_200_000);
    const time = frame.getColumn("timestamp").cast(pl.Float64).toTypedArray();
    for (let i = 1; i < time.length; i++) assert.ok(time[i] >= time[i - 1]);
    const sizes = (column: string) => {
      const counted = frame.groupBy(column).len().sort("len", true).getColumn("len");
      return Array.from(counted.cast(pl.Float64).toTypedArray(), Number);
    };
    const users = sizes("user"), items = sizes("item");
    assert.ok(users.length > 11_900 && users.length <= 12_000);
    assert.ok(items.length > 3_500 && items.length <= facts.items);
    const top = items.slice(0, 100).reduce((a, b) => a + b, 0) / 1_200_000;
    assert.ok(top > 0.5 && top < 0.65, `${top} on the 100 most popular items`);
    // Log-normal with σ = 1: the median is e^-½ = 0.61 of the mean.
    const middle = users[users.length >> 1];
    assert.ok(middle > 55 && middle < 67, `median length ${middle}`);
    writeLog(path, 1000, 3);
    writeLog(other, 1000, 3);
    assert.equal(Deno.readTextFileSync(path), Deno.readTextFileSync(other));
    writeLog(other, 1000, 4);
    assert.notEqual(Deno.readTextFileSync(path), Deno.readTextFileSync(other));
  }));

Deno.test("rows are counted with and without a newline at the end, and in an empty file", () =>
  inFolder(async (folder) => {
    const path = join(folder, "rows.csv");
    for (const [text, rows] of [["h\n1\n2\n", 2], ["h\n1\n2", 2], ["h\n", 0], ["h", 0], ["", 0]] as const) {
      Deno.writeTextFileSync(path, text);
      assert.equal(await countRows(path), rows, JSON.stringify(text));
    }
  }));

Deno.test("generated logs are measured in turn of size, and nothing is left behind", () =>
  inFolder(async (folder) => {
    const labels: string[] = [];
    const progress = {
      ...silent,
      start(label: string) {
        labels.push(label);
        return silent.start(label);
      },
    };
    const result = await benchPrepare(
      { rows: [2000, 20_000], runs: 2, seed: 1, work: folder, command: copy },
      { progress },
    );
    const [table] = result.tables;
    assert.equal(result.tables.length, 1);
    assert.deepEqual(table.rows.map((row) => row.slice(0, 2)), [["generated", 2000], ["generated", 20_000]]);
    const [, rows, wall, , rate, micro] = table.rows[1].map(Number);
    assert.ok(wall >= 0 && Math.abs(rate * micro / 1e6 - 1) < 0.1, `${rows} rows, ${rate}/s, ${micro} µs`);
    assert.match(result.notes[0], /^From 2000 to 20000 rows, a row takes [\d.]+ of the time/);
    assert.equal(labels.length, 6);
    assert.equal(labels[2], "generated, 2000 rows: prepare, run 2 of 2");
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    await assert.rejects(
      benchPrepare(
        { rows: [100], runs: 1, seed: 1, work: folder, command: () => ({ command: ["false"] }) },
      ),
      /exit code 1/,
    );
    await assert.rejects(
      benchPrepare({ rows: [100], runs: 1, seed: 1, work: folder }, { signal: AbortSignal.abort() }),
      Interrupted,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("a file is measured against a peer in turn; a gzip file is unpacked for both", () =>
  inFolder(async (folder) => {
    const data = join(folder, "some.csv.gz"), work = join(folder, "work");
    Deno.mkdirSync(work);
    Deno.writeFileSync(data, gzipSync("user,item,timestamp\n1,2,3\n1,3,4\n"));
    const peer = {
      request: (path: string) => ({
        command: ["sh", "-c", `wc -l < ${path} >&2; echo total 1.50 s, peak 64 MiB`],
      }),
    };
    const { tables, data: all } = await benchPrepare(
      { rows: [], data, runs: 3, seed: 1, work, peer, command: copy },
    );
    assert.deepEqual(tables[0].rows[0].slice(0, 2), ["some.csv.gz", 2]);
    assert.equal(tables[1].rows.length, 5);
    assert.deepEqual(tables[1].rows[3].slice(0, 1), ["wall s, ours whole, peer's own total"]);
    assert.equal(tables[1].rows[3][2], 1.5);
    assert.equal(tables[1].rows[4][2], 64);
    const [result] = all.results as { runs: unknown[]; peerRuns: { stderr: string }[] }[];
    assert.equal(result.runs.length, 3);
    assert.equal(result.peerRuns[0].stderr.trim(), "3");
    await assert.rejects(
      benchPrepare({ rows: [], data: join(folder, "none.csv"), runs: 1, seed: 1, work }),
      InputError,
    );
  }));

Deno.test("an absent peer is reported in a line", async () => {
  const absent = await findPeer("no/such/script.py");
  assert.ok("absent" in absent && absent.absent.includes("no/such/script.py"));
  await inFolder(async (work) => {
    const { notes } = await benchPrepare(
      { rows: [10], runs: 1, seed: 1, work, peer: absent, command: copy },
    );
    assert.match(notes[0], /^The peer did not run: there is no script at/);
  });
  assert.deepEqual(parsePeerReport("train rows 5\nload 1.00 s, total 12.34 s, peak 100 MiB\n"), {
    totalSeconds: 12.34,
    peakBytes: 100 * 2 ** 20,
  });
  assert.equal(parsePeerReport("something else"), undefined);
});
