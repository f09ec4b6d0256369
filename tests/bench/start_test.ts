/** The bench of starts, each measured once. */
import assert from "node:assert/strict";
import { benchStart, startBench, starts } from "../../bench/start.ts";
import { COMMANDS } from "../../model/commands/mod.ts";

Deno.test("every command's help is started, cold and warm", async () => {
  const kinds = Object.entries(starts());
  for (const name of Object.keys(COMMANDS)) {
    assert(kinds.some(([kind]) => kind === `automlp ${name} --help`), name);
  }
  const { data, tables: [table] } = await benchStart({ runs: 1 }, {}, kinds.slice(0, 1));
  const [row] = data.starts as { cold: number[]; warm: number[] }[];
  assert(row.cold[0] > 0 && row.warm[0] > 0);
  assert.equal(table.rows.length, 1);
  await assert.rejects(startBench.run({ runs: 0 }, {}), /--runs/);
});
