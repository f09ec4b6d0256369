/** A place where nothing can be written beside the dataset that is to be made. */
import assert from "node:assert/strict";
import { withFolder } from "../folders.ts";
import { withoutRights } from "../without_rights.ts";

Deno.test("where nothing may be written beside the dataset, that is said before any data is read", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(`${dir}/log.csv`, "which,no,reader\nwould,take\n");
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
