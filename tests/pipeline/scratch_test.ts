/** Room on disk beside a dataset that is made: where there can be none. */
import assert from "node:assert/strict";
import { withFolder } from "../folders.ts";
import { withoutRights } from "../without_rights.ts";

Deno.test("where nothing may be written beside the dataset, what needs room on disk says so as all else does", () =>
  withFolder(async (dir) => {
    const rows = Array.from({ length: 60 }, (_, n) => `u${n % 5},i${(n * 7) % 13},${n}\n`);
    Deno.writeTextFileSync(`${dir}/log.csv`, "user,item,timestamp\n" + rows.join(""));
    Deno.mkdirSync(`${dir}/closed`);
    Deno.chmodSync(`${dir}/closed`, 0o555);
    const module = (path: string) => JSON.stringify(import.meta.resolve(`../../pipeline/${path}`));
    const said = await withoutRights(`
      import { resolvePrepareConfig } from ${module("config.ts")};
      import { runPreparation } from ${module("run.ts")};
      const dir = ${JSON.stringify(dir)};
      for (const context of [{}, { negativesInMemory: 1 }, { place: { engine: "duckdb", memory: 2 ** 30 } }]) {
        for (const out of ["new", "deep/new"]) {
          const config = resolvePrepareConfig({ data: dir + "/log.csv", out: dir + "/closed/" + out });
          try { await runPreparation(config, context); }
          catch (error) { console.log(error.name, error.message.replaceAll(dir, "")); }
        }
      }
    `);
    const lines = said.trimEnd().split("\n").filter((line) => !line.startsWith("warning: "));
    assert.equal(lines.length, 6, said);
    for (const line of lines) {
      assert.match(
        line,
        /^InputError Cannot write the dataset \/closed\/(deep\/)?new: Permission denied \(os error 13\); see that it can be written or choose another place with --out$/,
      );
    }
  }));
