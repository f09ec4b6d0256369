import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare } from "../../../../mod.ts";
import { TABLES } from "../../../../pipeline/contract/dataset/manifest.ts";
import { type Progress, silent } from "../../../../pipeline/contract/progress.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { withFolder } from "../../../folders.ts";
import { hasCluster, withCluster } from "./server.ts";

/** A cluster of several machines that loses one in the middle of the work. */

const USERS = 300, EACH = 40, ITEMS = 200;

function log(): string {
  const random = new RandomStream(7, "cluster"), lines = ["user,item,timestamp"];
  for (let row = 0; row < USERS * EACH; row++) {
    lines.push(
      `u${random.below(USERS)},i${Math.min(random.below(ITEMS), random.below(ITEMS))},${random.below(1000)}`,
    );
  }
  return lines.join("\n") + "\n";
}

Deno.test({
  name: "an executor that is killed in the middle of the work changes nothing",
  ignore: !hasCluster,
  fn: () =>
    withFolder((dir) =>
      withCluster(async ({ url, executors }) => {
        const data = join(dir, "log.csv"),
          options = {
            data,
            minUser: 5,
            evalNegatives: 5,
            protocols: ["strict" as const],
          };
        Deno.writeTextFileSync(data, log());
        const here = await prepare({ ...options, out: join(dir, "polars") });

        // In two of these stages, when the first of their tasks is seen to end, one executor is lost, and with it what it had shuffled.
        const killed: number[] = [];
        const stages = new Set(["checking rows", "numbering users and items", "splitting"]);
        const lose = (label: string) => {
          const [pid] = executors().filter((pid) => !killed.includes(pid));
          if (killed.length === 2 || pid === undefined || !stages.delete(label)) return;
          Deno.kill(pid, "SIGKILL");
          killed.push(pid);
        };
        const progress: Progress = {
          ...silent,
          start: (label) => ({ advance: () => lose(label), end() {} }),
        };
        const work = join(dir, "work");
        Deno.mkdirSync(work);
        const there = await prepare({
          ...options,
          engine: "spark",
          spark: url,
          parts: 4,
          work,
          out: join(dir, "spark"),
        }, { progress });
        assert.equal(killed.length, 2, "executors were lost on the way");
        assert(
          executors().length > 0 && !executors().some((pid) => killed.includes(pid)),
          "others took their place",
        );
        assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
        for (const name of TABLES) {
          const [a, b] = [here, there].map(({ dataset }) => dataset.table(name));
          assert(a.columns.includes("negatives") || a.frameEqual(b), name);
        }
        assert.deepEqual([...Deno.readDirSync(work)], [], "nothing is left in the working folder");
      })
    ),
});
