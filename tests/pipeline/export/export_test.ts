import assert from "node:assert/strict";
import { aboutDataset } from "../../../pipeline/export/readme.ts";
import { join } from "node:path";
import { InputError, Interrupted } from "../../../pipeline/contract/errors.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import {
  EXPORT_FORMATS,
  exportDataset,
  type ExportFormat,
  type ExportFormatFacts,
  type ExportOptions,
} from "../../../pipeline/export/mod.ts";
import { prepare } from "../../../pipeline/run.ts";
import { inFolder, makeDataset, type Sketch, TOY } from "./dataset.ts";

const SMALL: Sketch = { sequences: { u: ["a", "b", "c"], v: ["b", "c", "a"] } };

/** Returns the message of the InputError that exporting ends with; nothing may be left at `out`. */
async function refusal(sketch: Sketch, options: Partial<ExportOptions>): Promise<string> {
  let message = "";
  await inFolder(async (folder) => {
    const dataset = await makeDataset(folder, sketch);
    await assert.rejects(
      exportDataset(dataset, { to: "csv", out: join(folder, "out"), ...options }),
      (error: unknown) => error instanceof InputError && !!(message = error.message),
    );
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["dataset"]);
  });
  return message;
}

Deno.test("wrong options are refused in one line", async () => {
  assert.match(await refusal(SMALL, { to: "recbol" as ExportFormat }), /"recbol".*did you mean "recbole"/);
  assert.match(await refusal(SMALL, { to: "pandas" as ExportFormat }), /"pandas".*\(pandas reads parquet\)/);
  assert.match(await refusal(SMALL, { to: undefined }), /say to which format/);
  assert.match(
    await refusal(SMALL, { to: "recbole", compression: "gzip" }),
    /recbole with "gzip".*it takes none/,
  );
  assert.match(await refusal(SMALL, { name: "../x" }), /Cannot name the export "\.\.\/x"/);
  assert.match(await refusal(SMALL, { maxLength: 0 }), /histories of 0 items/);
  for (const [to, { histories }] of Object.entries(EXPORT_FORMATS) as [ExportFormat, ExportFormatFacts][]) {
    if (histories) continue;
    const said = await refusal(SMALL, { to, maxLength: 5 });
    assert.match(said, new RegExp(`^Cannot export ${to} with at most 5 items .* or choose recbole$`));
  }
});

Deno.test("ids that a format cannot hold are named", async () => {
  const spaces = { sequences: { "u 1": ["a", "b", "c"] } };
  assert.match(await refusal(spaces, { to: "sequences" }), /user id "u 1" holds a space/);
  const tabs = { sequences: { u: ["a\tb", "b\nc", "c"] } };
  assert.match(await refusal(tabs, { to: "recbole" }), /item id "a\\tb" \(and 1 more\) holds a tab/);
  const missing = { sequences: { u: ["NA", "b", "c"] } };
  assert.match(
    await refusal(missing, { to: "recbole" }),
    /item id "NA" is what RecBole takes for a missing value/,
  );
  const everything = { sequences: { u: ["a b|;", ",~\u001f", "c"] } };
  assert.match(await refusal(everything, { to: "csv" }), /every character that could separate/);
});

Deno.test("what automlp did not write is never replaced; an earlier export is, a changed one with overwrite", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SMALL);
    const out = join(folder, "out");
    Deno.mkdirSync(out);
    await exportDataset(dataset, { to: "csv", out }); // an empty folder is no obstacle
    await exportDataset(dataset, { to: "jsonl", out }); // nor is an export
    assert.ok(!Array.from(Deno.readDirSync(out), ({ name }) => name).includes("users.csv"));
    Deno.writeTextFileSync(join(out, "README.md"), "my own notes");
    await assert.rejects(
      exportDataset(dataset, { to: "csv", out }),
      /what is there \(README\.md\) was changed since automlp wrote it; .*--overwrite/,
    );
    await exportDataset(dataset, { to: "csv", out, overwrite: true });
    Deno.writeTextFileSync(join(out, "notes.md"), "my own notes");
    for (const overwrite of [false, true]) {
      await assert.rejects(
        exportDataset(dataset, { to: "csv", out, overwrite }),
        /beside an export it holds what automlp did not write \(notes\.md\); move that/,
      );
    }
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    await assert.rejects(exportDataset(dataset, { to: "csv", out: file }), /a file is there/);
    for (const inside of [folder, join(folder, "dataset")]) {
      await assert.rejects(
        exportDataset(dataset, { to: "csv", out: inside, overwrite: true }),
        /which is read/,
      );
    }
  }));

Deno.test("an abort leaves the earlier export and nothing else", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SMALL);
    const out = join(folder, "out");
    await exportDataset(dataset, { to: "csv", out });
    const before = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    const controller = new AbortController();
    const progress = { ...silent, start: () => (controller.abort(), silent.start("")) };
    await assert.rejects(
      exportDataset(dataset, { to: "jsonl", out, signal: controller.signal, progress }),
      Interrupted,
    );
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), before);
    assert.ok(Deno.statSync(join(out, "users.csv")).isFile);
  }));

Deno.test("progress reaches its total", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, SMALL);
    const seen: string[] = [];
    await exportDataset(dataset, {
      to: "csv",
      out: join(folder, "out"),
      progress: {
        warn() {},
        start(label, total) {
          let done = 0;
          return {
            advance: (n) => void (done += n),
            end: () => void seen.push(`${label}: ${done} of ${total}`),
          };
        },
      },
    });
    assert.deepEqual(seen, ["writing interactions: 6 of 6", "writing negatives: 4 of 4"]);
  }));

Deno.test("the result shows itself", () =>
  inFolder(async (folder) => {
    const result = await exportDataset(await makeDataset(folder, TOY), {
      to: "recbole",
      out: join(folder, "out"),
    });
    assert.match(String(result), /atomic\/toy\/toy\.inter +13 +430/);
    assert.match(result.toHtml(), /<table/);
  }));

Deno.test("a name that cannot be a file's is made one; an own name is kept", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { ...SMALL, name: "my data/v1" });
    const paths = async (name?: string) =>
      (await exportDataset(dataset, { to: "sasrec", out: join(folder, "out"), name })).files[0].path;
    assert.equal(await paths(), "my_data_v1.txt");
    assert.equal(await paths("méine-1.0"), "méine-1.0.txt");
  }));

Deno.test("the README says what the timestamps are: of dates, numbers of the source, or no times", () =>
  inFolder(async (folder) => {
    const said = async (times: unknown[] | undefined) => {
      const interactions = [..."aaabbb"].map((user, i) => ({
        user,
        item: `${i % 3}`,
        ...(times && { timestamp: times[i] }),
      }));
      const { dataset } = await prepare({
        data: interactions,
        out: join(folder, "data"),
        minUser: 3,
        ...(!times && { columns: { user: "user", item: "item" } }),
        force: true,
      });
      await exportDataset(dataset, { to: "csv", out: join(folder, "out") });
      return Deno.readTextFileSync(join(folder, "out", "README.md")).match(/unless said otherwise\. (.*)$/m)
        ?.[1];
    };
    const days = Array.from({ length: 6 }, (_, i) => `2024-05-0${i + 1}T10:00:00+02:00`);
    assert.equal(await said(days), "Timestamps are milliseconds since 1970 (UTC).");
    assert.equal(await said([1, 2, 3, 4, 5, 6]), "Timestamps are the numbers of the source, in its unit.");
    assert.equal(
      await said(undefined),
      "The source had no times: timestamps give the order and nothing else.",
    );
  }));

Deno.test("the README names the source files; of many, the first ones and their number", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, { sequences: { ann: ["a", "b", "c"] } });
    const said = (count: number) => {
      const sources = Array.from(
        { length: count },
        (_, i) => ({ path: `ev/${i + 1}.csv`, bytes: 1, sha256: "" }),
      );
      const about = aboutDataset({ manifest: { ...dataset.manifest, sources } } as typeof dataset);
      return /Made with automlp from (.*), seed/.exec(about)![1];
    };
    assert.equal(said(4), "`1.csv`, `2.csv`, `3.csv`, `4.csv`");
    assert.equal(said(90), "`1.csv`, `2.csv`, `3.csv` … (90 files)");
  }));
