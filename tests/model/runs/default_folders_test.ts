import assert from "node:assert/strict";
import { basename, join } from "node:path";
import {
  defaultRefitFolder,
  defaultResultsFolder,
  defaultRunFolder,
  defaultTuningFolder,
} from "../../../model/runs/default_folders.ts";
import { withFolder } from "../../folders.ts";

Deno.test("a run goes where the data's name says, by whichever way they are named", () => {
  const ways: [Parameters<typeof defaultRunFolder>[0], string][] = [
    [{}, "runs/demo"],
    [{ name: "mine", dataset: "data/x", data: "y.csv" }, "runs/mine"],
    [{ dataset: "data/ml-1m" }, "runs/ml-1m"],
    [{ data: "logs/welcome.csv.gz" }, "runs/welcome"],
    [{ data: "logs/2026/*.csv" }, "runs/2026"],
    [{ data: "table:shop.clicks" }, "runs/clicks"],
    [{ data: ["a.csv", "b.csv"] }, "runs/a"],
    [{ data: "a,b.csv" }, "runs/a,b"],
    [{ data: { columns: [] } }, "runs/run"],
  ];
  for (const [given, folder] of ways) assert.equal(defaultRunFolder(given), folder);
});

Deno.test("a refit goes beside its run; that of a method that lies in a run, beside that one", () =>
  withFolder((dir) => {
    const several = join(dir, "several"), method = join(several, "methods", "sasrec");
    const own = join(dir, "methods", "gru4rec"), before = Deno.cwd(), real = Deno.realPathSync(dir);
    for (const run of [several, method, own]) {
      Deno.mkdirSync(run, { recursive: true });
      Deno.writeTextFileSync(join(run, "run.json"), "{}");
    }
    assert.equal(defaultRefitFolder(`${several}/`), `${several}-refit`);
    assert.equal(defaultRefitFolder(method), `${several}-sasrec-refit`);
    assert.equal(defaultRefitFolder(`${method}/`, "test"), `${several}-sasrec-refit-tested`);
    assert.equal(defaultRefitFolder(own), `${own}-refit`, "a folder of one's own that is called so");
    const ways: [from: string, run: string, refit: string][] = [
      [dir, "several", "several-refit"],
      [dir, "several/methods/sasrec", "several-sasrec-refit"],
      [several, ".", join(real, "several-refit")],
      [several, "methods/sasrec", join(real, "several-sasrec-refit")],
      [method, ".", join(real, "several-sasrec-refit")],
    ];
    try {
      for (const [from, run, refit] of ways) {
        Deno.chdir(from);
        assert.equal(defaultRefitFolder(run), refit);
      }
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("a tuning goes where the method and the folder of its dataset say, however that is written", () => {
  const here = basename(Deno.cwd());
  for (const [folder, name] of [["data/ml-1m", "ml-1m"], ["data/mine/", "mine"], [".", here]]) {
    assert.equal(defaultTuningFolder("sasrec", folder), `results/tune-sasrec-${name}`);
  }
});

Deno.test("results go where the plan and the data that are named beside it say", () => {
  const ways: [Parameters<typeof defaultResultsFolder>, string][] = [
    [["table2", { dataset: "data/mine/" }], "results/table2-mine"],
    [["table2", { data: ["logs/welcome.csv.gz", "more.csv"] }], "results/table2-welcome"],
    [["plans/mine.yaml", {}], "results/mine"],
    [["plans/mine.yaml", { dataset: "ml-1m" }], "results/mine-ml-1m"],
  ];
  for (const [given, folder] of ways) assert.equal(defaultResultsFolder(...given), folder);
});
