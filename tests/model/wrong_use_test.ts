/** Wrong use in a program or a notebook: one line that says what to give, before any work. */
import assert from "node:assert/strict";
import * as automlp from "../../mod.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";

Deno.test("swapped arguments, unknown options, methods that have learned nothing", () =>
  inFolder(async (folder) => {
    const { evaluate, networkFor, openEngine, popularity, prepare, recommend, Search, Training } = automlp;
    const dataset = await makeDataset(folder, {
      sequences: { u: ["a", "b", "c", "d"], v: ["b", "c", "d", "a"] },
    });
    const engine = await openEngine(), method = await popularity.fit(dataset, {});
    const any = (value: unknown) => value as never;
    const refused = (work: () => unknown, message: RegExp) =>
      assert.rejects(async () => await work(), { name: "InputError", message });
    await refused(
      () => recommend(method, dataset, any({ user: ["u"] })),
      /no option user \(did you mean "users"\?\)/,
    );
    await refused(() => evaluate(method, dataset, any({ cutoffs: [1] })), /no option cutoffs/);
    await refused(
      () => evaluate(any(popularity), dataset),
      /learned nothing yet: give await popularity\.fit\(dataset\)/,
    );
    await refused(
      () => evaluate(any(dataset), any(method)),
      /its first argument is of the class SequenceDataset; give a trained method/,
    );
    await refused(
      () => popularity.fit(dataset, any({ smoothing: 1 })),
      /^Cannot fit Popularity: there is no option smoothing; there are progress and signal$/,
    );
    await refused(
      () => automlp.automlp(any({ dataset })),
      /^Cannot run the job: the option dataset is of the class SequenceDataset; give .* the folder of a prepared one \(dataset\.folder\)$/,
    );
    await refused(
      () => automlp.automlp(any({ out: 5 })),
      /the option out is a number; give the path of a folder$/,
    );
    const network = networkFor(dataset, { lengths: [2], length: 4 });
    await refused(
      () => new Search(any(dataset), any(network), any({})),
      /its first argument is of the class SequenceDataset; give an engine/,
    );
    await refused(
      () => new Training(engine, any(network), any(dataset)),
      /its second argument is another object; give a dataset/,
    );
    await refused(
      () => new Training(engine, dataset, any({ method: "shared", shortTermLength: 3 })),
      /networkFor\(dataset, …\) gives, .*, as in networkFor\(dataset, \{ lengths: \[3\] \}\)$/,
    );
    await refused(
      () =>
        new Training(engine, dataset, networkFor(dataset, { lengths: [2], length: 4 }), {
          protocol: "hard" as "full",
        }),
      /Cannot evaluate by protocol "hard": the dataset .* has /,
    );
    await refused(
      () => prepare(any({ data: "x.csv" })),
      /^Option out is missing: give the dataset folder to write, as in out: "DIR"$/,
    );
    await refused(
      () => prepare({ data: "x.csv", out: folder, minUser: 1.5 }),
      /^Option minUser does not fit: give a whole number$/,
    );
    const { AutoMLP } = automlp;
    await refused(
      () => new AutoMLP().fit(any([])),
      /^Cannot call model\.fit: its first argument is a list; give a dataset/,
    );
    await refused(
      () => new AutoMLP().fit(dataset, any({ output: folder })),
      /Cannot fit: there is no option output; the options are out, resume/,
    );
    assert.equal((await recommend(method, dataset, { users: "u", keepSeen: true, k: 1 })).height, 1);
  }));

Deno.test("columns are named by role in an object, too", () =>
  inFolder(async (folder) => {
    const rows = ["ann,tea,1", "ann,cup,2", "ann,pot,3", "ben,tea,1", "ben,pot,2", "ben,cup,3"];
    Deno.writeTextFileSync(`${folder}/log.csv`, ["customer,article,day", ...rows].join("\n"));
    Deno.writeTextFileSync(`${folder}/items.csv`, "article,called\ntea,Tea\ncup,Cup\npot,Pot\n");
    const { dataset } = await automlp.prepare({
      data: `${folder}/log.csv`,
      items: `${folder}/items.csv`,
      out: `${folder}/data`,
      minUser: 1,
      evalNegatives: 0,
      columns: { user: "customer", item: "article", timestamp: "day" },
      itemColumns: { title: "called" },
    });
    assert.equal(dataset.userId(1), "ann");
    assert.deepEqual(dataset.table("items").getColumn("title").toArray().sort(), ["Cup", "Pot", "Tea"]);
  }));

Deno.test("a dataset of a glob is called by its folder", () =>
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/logs`);
    Deno.writeTextFileSync(
      `${folder}/logs/a.csv`,
      "user,item,timestamp\nu,a,1\nu,b,2\nu,c,3\nv,a,1\nv,c,2\nv,b,3\n",
    );
    const options = { minUser: 1, evalNegatives: 0, out: `${folder}/data` };
    const { dataset } = await automlp.prepare({ data: `${folder}/logs/*.csv`, ...options });
    assert.equal(dataset.manifest.name, "logs");
  }));
