import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare } from "../../../../mod.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { withFolder } from "../../../folders.ts";
import { freePort } from "../../../free_port.ts";
import { hasSpark, withSpark } from "./server.ts";

/**
 * Users and items with far more interactions than others: Spark's own figures for its tasks show that none of them holds more than it must.
 */

const ROWS = 40_000, PARTS = 16;
/** One user has a tenth of all rows, and one item another tenth. */
const HEAVY = ROWS / 10;
/** Every other user has fewer rows than this. */
const LONGEST = 120;

function log(): string {
  const random = new RandomStream(3, "skew"), lines = ["user,item,timestamp"];
  for (let row = 0; row < ROWS; row++) {
    const user = row % 10 === 0 ? "heavy" : `u${random.below(600)}`;
    const item = row % 10 === 1 ? "hot" : `i${random.below(8_000)}`;
    lines.push(`${user},${item},${random.below(1e6)}`);
  }
  return lines.join("\n") + "\n";
}

interface Stage {
  stageId: number;
  attemptId: number;
  shuffleReadRecords: number;
  numCompleteTasks: number;
}

interface Task {
  taskMetrics: {
    shuffleReadMetrics: { recordsRead: number; localBytesRead: number; remoteBytesRead: number };
  };
}

/** How much each task of a stage has read, largest first. */
function readBy(tasks: readonly Task[]): { rows: number[]; bytes: number[] } {
  const reads = tasks.map(({ taskMetrics }) => taskMetrics.shuffleReadMetrics);
  const descending = (numbers: number[]) => numbers.toSorted((a, b) => b - a);
  return {
    rows: descending(reads.map(({ recordsRead }) => recordsRead)),
    bytes: descending(reads.map(({ localBytesRead, remoteBytesRead }) => localBytesRead + remoteBytesRead)),
  };
}

Deno.test({
  name: "no task holds more than its share and what one user must need",
  ignore: !hasSpark,
  fn: () =>
    withFolder(async (dir) => {
      const port = freePort(), data = join(dir, "log.csv");
      Deno.writeTextFileSync(data, log());
      const options = {
        data,
        minUser: 5,
        evalNegatives: 5,
        protocols: ["strict" as const],
        split: "ratio" as const,
        ratios: [0.9, 0.05, 0.05] as [number, number, number],
      };
      const here = await prepare({ ...options, out: join(dir, "polars") });
      await withSpark(async ({ url }) => {
        const there = await prepare({
          ...options,
          engine: "spark",
          spark: url,
          parts: PARTS,
          out: join(dir, "spark"),
        });
        assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
        const api = `http://127.0.0.1:${port}/api/v1/applications`;
        const ask = async <T>(path: string): Promise<T> => await (await fetch(api + path)).json();
        const [{ id }] = await ask<{ id: string }[]>("");
        const stages = (await ask<Stage[]>(`/${id}/stages`)).filter(({ shuffleReadRecords }) =>
          shuffleReadRecords >= ROWS * 0.9
        );
        let ordered = 0;
        for (const { stageId, attemptId, shuffleReadRecords, numCompleteTasks } of stages) {
          const tasks = await ask<Task[]>(`/${id}/stages/${stageId}/${attemptId}/taskList?length=10000`);
          assert.equal(tasks.length, numCompleteTasks);
          const { rows, bytes } = readBy(tasks), share = shuffleReadRecords / PARTS;
          const mean = bytes.reduce((sum, n) => sum + n, 0) / PARTS,
            said = `stage ${stageId}: ${rows}; ${bytes} bytes`;
          if (shuffleReadRecords === ROWS) {
            ordered++;
            // One task sorts the rows of one user and has no others; each of the other tasks has its share.
            assert(rows.length === PARTS && rows[0] === HEAVY && rows[1] < share + LONGEST, said);
          } else assert(rows[0] < share + HEAVY && bytes[0] < mean * 2.2, said);
        }
        assert(
          ordered === 1 && stages.length >= 3,
          "exchanged for users, for items, and for their order",
        );
      }, {
        "spark.ui.enabled": "true",
        "spark.ui.port": String(port),
        // As if all tables were large: they are joined by exchanges, and uneven ones are handled as such.
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "16KB",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": "16KB",
        "spark.sql.files.maxPartitionBytes": "64KB",
        "spark.sql.files.openCostInBytes": "0",
      });
    }),
});
