import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";
import { architecture, metrics, searchRecords } from "./example.ts";

Deno.test("what is not as it was written is refused, whatever it says", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeArchitecture(architecture);
    await folder.writeMetrics(metrics);
    const path = join(dir, "architecture.json"), text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace(/"shortTermLength": \d+/, '"shortTermLength": 77'));
    await refused(() => folder.readArchitecture(), /architecture.json: its checksum does not match: it was/);
    Deno.copyFileSync(join(dir, "metrics.json"), path);
    await refused(() => folder.readArchitecture(), /architecture.json: its checksum does not match/);
    Deno.writeTextFileSync(path, text);
    assert.deepEqual(folder.readArchitecture(), architecture);
    Deno.writeTextFileSync(join(dir, "search.txt"), "");
    Deno.mkdirSync(join(dir, "train"));
    Deno.writeTextFileSync(join(dir, "train", "history.jsonl"), "");
    await refused(() => folder.readTrainHistory(), /history.jsonl: automlp did not write it there/);
    await refused(() => folder.writeTrainHistory([]), /something is there that automlp did not write/);
    const record = join(dir, "checksums.json");
    Deno.writeTextFileSync(record, Deno.readTextFileSync(record).replace(/"sha256": "./, '"sha256": "0'));
    await refused(() => folder.readArchitecture(), /checksums.json: its own checksum does not match/);
  }));

Deno.test("in a run of an earlier version, which has no checksums, damage is named by file and place", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.writeSearchHistory(searchRecords);
    Deno.removeSync(join(dir, "checksums.json"));
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(dir, name), text);
    write("search/history.jsonl", `${JSON.stringify(searchRecords[0])}\n{"epoch": 1\n`);
    await refused(
      () => folder.readSearchHistory(),
      /Cannot read .*history.jsonl: line 2: it is not valid JSON \(/,
    );
    write("search/history.jsonl", '{"epoch":1}\n');
    await refused(() => folder.readSearchHistory(), /line 1: it is damaged \(step: /);
    write("architecture.json", "{");
    await refused(
      () => folder.readArchitecture(),
      /Cannot read .*architecture.json: it is not valid JSON \(/,
    );
    write("architecture.json", JSON.stringify({ ...architecture, rule: "dice" }));
    await refused(() => folder.readArchitecture(), /architecture.json: it is damaged \(rule: /);
    write("metrics.json", '{"dataset":{"hash":"a","name":"b"},"seed":1,"baselines":{},"test":{"full":3}}');
    await refused(() => folder.readMetrics(), /metrics.json: it is damaged \(test.full: /);
    Deno.mkdirSync(join(dir, "checkpoint"));
    write("checkpoint/train.safetensors", "?");
    await refused(() => folder.readCheckpoint("train"), /train.safetensors: it is not a safetensors file/);
  }));

Deno.test("a file is never written through a link, nor over what somebody else put there", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(join(dir, "run"));
    const precious = join(dir, "precious"), path = join(dir, "run", "architecture.json");
    Deno.writeTextFileSync(precious, "mine");
    Deno.symlinkSync(precious, `${path}.part`);
    Deno.symlinkSync(precious, path);
    await refused(
      () => folder.writeArchitecture(architecture),
      /something is there that automlp did not write/,
    );
    Deno.removeSync(path);
    await folder.writeArchitecture(architecture);
    assert.equal(Deno.readTextFileSync(precious), "mine");
    assert(Deno.lstatSync(path).isFile);
  }));
