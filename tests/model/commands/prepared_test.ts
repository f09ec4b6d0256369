/** `pipeline` on a dataset that was prepared before. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { refusedInOneLine } from "./finished.ts";
import { SMALL, writeLog } from "./small.ts";

Deno.test("pipeline: a prepared dataset is used where it is; its preparation cannot be changed; the run goes on from anywhere", () =>
  withFolder(async (dir) => {
    const at = (name: string) => join(dir, name), network = SMALL.slice(0, -6);
    writeLog(at("log.csv"));
    const prepared = ["--out", "data", "--eval-negatives", "5", "--protocols", "recbole"];
    assert.equal((await task("prepare", ["--data", "log.csv", ...prepared], { cwd: dir })).code, 0);
    const before = Deno.readTextFileSync(at("data/manifest.json"));
    const pipeline = (args: string[], cwd = dir) => task("pipeline", args, { cwd });
    refusedInOneLine(
      await pipeline(["--dataset", "data", "--out", "run", "--min-user", "3"]),
      /Option --min-user is of the preparation, and the dataset in data is prepared/,
    );
    refusedInOneLine(
      await pipeline(["--dataset", "data", "--out", "run", "--memory", "1GiB"]),
      /Option --memory is of the preparation/,
    );
    refusedInOneLine(
      await pipeline(["--dataset", "data", "--out", "run", ...network, "--protocol", "strict"]),
      /^error: Cannot evaluate by protocol "strict": the dataset data has recbole, full; others need/,
    );
    assert.throws(() => Deno.statSync(at("run")), Deno.errors.NotFound, "refused before the search");
    const args = ["--dataset", "data", "--out", "run", ...network];
    assert.equal((await pipeline(["data", ...network, "--until", "dataset"])).code, 0);
    assert.throws(
      () => Deno.statSync(at("runs/data")),
      Deno.errors.NotFound,
      "nothing is left where nothing was done",
    );
    assert.equal((await pipeline(["data", ...network, "--until", "search", "--quiet"])).code, 0);
    assert(Deno.statSync(at("runs/data/architecture.json")).isFile, "the dataset as the word names the run");
    const searched = await pipeline([...args, "--until", "search"]);
    assert.equal(searched.code, 0, searched.stderr);
    Deno.mkdirSync(at("else"));
    const ran = await pipeline([at("run"), "--resume"], at("else"));
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^AutoMLP on log/m);
    assert.equal(Deno.readTextFileSync(at("data/manifest.json")), before);
    assert.throws(() => Deno.statSync(at("run/dataset")), Deno.errors.NotFound);
    refusedInOneLine(await pipeline(["--dataset", "data", "--out", "data/run"]), /data/);
    Deno.renameSync(at("data"), at("moved"));
    refusedInOneLine(
      await pipeline(["--out", "run", "--resume"]),
      /there is no manifest.json in it|there is no such folder/i,
    );
  }));
