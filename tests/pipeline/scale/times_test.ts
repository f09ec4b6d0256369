import assert from "node:assert/strict";
import { join } from "node:path";
import { inspectDataset, prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";

/** How times that were dates are shown. */

const ROWS = 42;

Deno.test("what was read as dates is shown as dates, whatever its size", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    const look = async (day: (i: number) => string) => {
      const rows = Array.from({ length: ROWS }, (_, i) => `${i % 3},${i % 7},${day(i)}\n`);
      Deno.writeTextFileSync(data, "user,item,timestamp\n" + rows.join(""));
      const { dataset } = await prepare({
        data,
        out: join(dir, "out"),
        minUser: 3,
        protocols: ["recbole"],
        evalNegatives: 1,
        force: true,
      });
      const { time, overTime } = await inspectDataset(dataset);
      return [dataset.manifest.timeUnit, time.unit, time.firstDate, time.lastDate, overTime !== undefined];
    };
    assert.deepEqual(await look((i) => i === 0 ? "9999-12-31 00:00:00" : "2024-02-01 10:00:00"), [
      ...["milliseconds", "milliseconds", "2024-02-01T10:00:00Z", "9999-12-31T00:00:00Z", true],
    ]);
    assert.deepEqual(await look((i) => `1971-02-0${1 + i % 9}T00:00:00.00000${i % 3}`), [
      ...["microseconds", "microseconds", "1971-02-01T00:00:00Z", "1971-02-09T00:00:00Z", true],
    ]);
    assert.deepEqual((await look((i) => String(1_700_000_000 + i))).slice(0, 2), [undefined, "seconds"]);
  }));
