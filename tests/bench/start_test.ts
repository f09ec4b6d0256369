/** The bench of starts, each measured once. */
import assert from "node:assert/strict";
import { benchStart, startBench } from "../../bench/start.ts";
import { COMMANDS } from "../../model/commands/mod.ts";

Deno.test("every command's help is started, cold and warm; sizes are those of what is there", async () => {
  const { data, tables: [starts] } = await benchStart({ runs: 1 });
  const rows = data.starts as { name: string; cold: number[]; warm: number[] }[];
  for (const name of Object.keys(COMMANDS)) {
    const row = rows.find((row) => row.name === `automlp ${name} --help`);
    assert(row && row.cold[0] > 0 && row.warm[0] > 0, name);
  }
  assert.equal(starts.rows.length, rows.length);
  const { tarball, bytes } = data.npm as { tarball: number; bytes: number };
  assert(tarball > 100_000 && tarball < bytes);
  assert((data.installed as { name: string }[]).some(({ name }) => name.startsWith("nodejs-polars@")));
  await assert.rejects(startBench.run({ runs: 0 }, {}), /--runs/);
});
