import assert from "node:assert/strict";
import { join } from "node:path";
import { askForCells, askForTrials, begunSeed } from "../../../model/studies/asked.ts";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { jsonText } from "../../../model/records/json.ts";
import { withFolder } from "../../folders.ts";

const data = { hash: "a".repeat(64), name: "mine" };

Deno.test("an experiment or a tuning of a newer version is refused as that, and stays as it is", () =>
  withFolder(async (dir) => {
    const newer = (file: string, what: string) => (error: Error) => {
      assert.equal(error.name, "InputError");
      assert.equal(
        error.message,
        `Cannot read ${file}: the ${what} has format version 2, this program reads 1; use a newer automlp`,
      );
      return true;
    };
    for (const kind of ["experiment", "tuning"] as const) {
      const path = join(dir, kind), file = join(path, `${kind}.json`);
      using folder = StudyFolder.create(path, kind);
      const text = jsonText({ format: `automlp-${kind}`, version: 2, rows: ["unlike today's"] });
      await folder.write(`${kind}.json`, text);
      const ask = () =>
        kind === "experiment"
          ? askForCells(folder, "table2", data, [{ id: "a", method: "sasrec", options: {}, seed: 1 }])
          : askForTrials(folder, data, { seed: 1 });
      await assert.rejects(ask, newer(file, kind));
      if (kind === "tuning") assert.throws(() => begunSeed(path), newer(file, kind));
      assert.equal(Deno.readTextFileSync(file), text);
    }
  }));
