import assert from "node:assert/strict";
import { join } from "node:path";
import { resolveNetwork } from "../../../model/methods/automlp/config.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { withoutRights } from "../../without_rights.ts";
import { refused } from "../support.ts";
import { architecture, metrics, run, searchRecords } from "./example.ts";

Deno.test("what is not as it was written is refused, whatever it says", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.write("architecture", architecture);
    await folder.write("metrics", metrics);
    const path = join(dir, "architecture.json"), text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace(/"shortTermLength": \d+/, '"shortTermLength": 77'));
    await refused(
      () => folder.read("architecture"),
      /architecture.json: its checksum does not match: it was/,
    );
    Deno.copyFileSync(join(dir, "metrics.json"), path);
    await refused(() => folder.read("architecture"), /architecture.json: its checksum does not match/);
    Deno.writeTextFileSync(path, text);
    assert.deepEqual(folder.read("architecture"), architecture);
    Deno.writeTextFileSync(join(dir, "search.txt"), "");
    Deno.mkdirSync(join(dir, "train"));
    Deno.writeTextFileSync(join(dir, "train", "history.jsonl"), "");
    await refused(() => folder.read("trainHistory"), /history.jsonl: automlp did not write it there/);
    await refused(() => folder.write("trainHistory", []), /something is there that automlp did not write/);
    const record = join(dir, "checksums.json");
    Deno.writeTextFileSync(record, Deno.readTextFileSync(record).replace(/"sha256": "./, '"sha256": "0'));
    await refused(() => folder.read("architecture"), /checksums.json: its own checksum does not match/);
  }));

Deno.test("without checksums, damage is named by file and place", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    await folder.write("searchHistory", searchRecords);
    Deno.removeSync(join(dir, "checksums.json"));
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(dir, name), text);
    write("search/history.jsonl", `${JSON.stringify(searchRecords[0])}\n{"epoch": 1\n`);
    await refused(
      () => folder.read("searchHistory"),
      /Cannot read .*history.jsonl: line 2: it is not valid JSON \(/,
    );
    write("search/history.jsonl", '{"epoch":1}\n');
    await refused(() => folder.read("searchHistory"), /line 1: it is damaged \(step: /);
    write("architecture.json", "{");
    await refused(
      () => folder.read("architecture"),
      /Cannot read .*architecture.json: it is not valid JSON \(/,
    );
    write("architecture.json", JSON.stringify({ ...architecture, rule: "dice" }));
    await refused(() => folder.read("architecture"), /architecture.json: it is damaged \(rule: /);
    write(
      "metrics.json",
      '{"dataset":{"hash":"a","name":"b"},"seed":1,"method":"A","methods":{"A":{"metrics":3}}}',
    );
    await refused(() => folder.read("metrics"), /metrics.json: it is damaged \(methods.A.metrics: /);
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
      () => folder.write("architecture", architecture),
      /something is there that automlp did not write/,
    );
    Deno.removeSync(path);
    await folder.write("architecture", architecture);
    assert.equal(Deno.readTextFileSync(precious), "mine");
    assert(Deno.lstatSync(path).isFile);
  }));

Deno.test({
  name:
    "what may not be read of a run is said to be so, not that it is not there, nor that the program is at fault",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const folder = RunFolder.create(join(dir, "run"));
      const network = resolveNetwork({ items: 3, lengths: [2] });
      await folder.writeModel(
        { dataset: run.dataset, seed: 1, method: "automlp", config: network },
        new Map(),
      );
      await folder.write("metrics", metrics);
      const forbidden = ["model", "model/weights.safetensors", "metrics.json", "checksums.json"];
      const script = `
        import { RunFolder } from ${
        JSON.stringify(new URL("../../../model/runs/folder.ts", import.meta.url).href)
      };
        import { InputError } from ${
        JSON.stringify(new URL("../../../pipeline/contract/errors.ts", import.meta.url).href)
      };
        const folder = RunFolder.at(${JSON.stringify(folder.path)}), modes = ${JSON.stringify(forbidden)};
        for (const name of modes) {
          const path = folder.path + "/" + name, { mode } = Deno.statSync(path);
          Deno.chmodSync(path, 0);
          const read = name === "metrics.json" ? async () => folder.read("metrics") : () => folder.readModel();
          console.log(await read().catch((error) => error instanceof InputError ? error.message : error));
          Deno.chmodSync(path, mode & 0o777);
        }`;
      const why = "no permission to read it; check its owner and mode";
      const paths = [
        "model/weights.safetensors",
        "model/weights.safetensors",
        "metrics.json",
        "checksums.json",
      ];
      assert.equal(
        await withoutRights(script),
        paths.map((path) => `Cannot read ${join(folder.path, path)}: ${why}\n`).join(""),
      );
    }),
});
