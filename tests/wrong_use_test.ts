/** The six doors of the library check what they are given, as a notebook without a compiler gives it: one line, before any work. */
import assert from "node:assert/strict";
import * as automlp from "../mod.ts";
import { inFolder } from "./pipeline/export/dataset.ts";
import { worldIn } from "./world.ts";

Deno.test("the doors refuse what they cannot take in one line that says what to give", () =>
  inFolder(async (folder) => {
    const { dataset, frame, model, popularity, run } = await worldIn(folder);
    const { evaluate, exportDataset, exportModel, prepare, recommend, train } = automlp;
    const out = `${folder}/out`, any = (value: unknown) => value as never;
    const cases: [call: () => unknown, says: RegExp][] = [
      [
        () => prepare(any(undefined)),
        /its first argument is missing; .* as in prepare\(\{ data: "ratings\.csv"/,
      ],
      [() => prepare(any("log.csv")), /its first argument is a text; give one object with options/],
      [() => prepare(any(frame)), /its first argument is a data frame/],
      [
        () => prepare(any({ data: "x.csv" })),
        /^Option out is missing: give the dataset folder .* out: "DIR"$/,
      ],
      [
        () => prepare({ data: "x.csv", out, minUser: 1.5 }),
        /^Option minUser does not fit: give a whole number$/,
      ],
      [() => prepare({ data: "x.csv", out }, any({ progess: automlp.silent })), /did you mean "progress"/],
      [() => train("gru4rec", any(model)), /its second argument is /],
      [() => train("gru4rec", dataset, any({ dim: "5" })), /dim: give a number$/],
      [() => train("gru4rec", dataset, any({ dmi: 5 })), /no option dmi \(did you mean "dim"\?\)/],
      [
        () => evaluate(any(automlp.popularity.fit(dataset)), dataset),
        /^Cannot call evaluate: its first argument is a promise; put await before it, as in evaluate\(model, dataset\)$/,
      ],
      [
        () => evaluate(any(automlp.itemKnn), dataset),
        /learned nothing yet: give await itemKnn\.fit\(dataset\)/,
      ],
      [() => evaluate(model, any({ dataset, reports: [] })), /give its dataset, as in const \{ dataset \}/],
      [() => evaluate(any(dataset), any(model)), /of the class SequenceDataset; give a trained method/],
      [() => evaluate(model, dataset, any({ ks: 5 })), /ks is a number; give a list of whole numbers/],
      [() => evaluate(model, dataset, any({ cutoffs: [1] })), /no option cutoffs/],
      [() => recommend(any({ run, facts: {} }), dataset), /loadModel/],
      [
        () => recommend(model, dataset, any({ k: "5" })),
        /the option k is a text; give a whole number from 1$/,
      ],
      [
        () => recommend(model, dataset, any({ histories: [["1", 2]] })),
        /histories is a list; give .* texts$/,
      ],
      [() => recommend(model, dataset, any({ user: ["u"] })), /no option user \(did you mean "users"\?\)/],
      [
        () => automlp.automlp(any({ dataset })),
        /the option dataset is of the class SequenceDataset; give .*dataset\.folder/,
      ],
      [() => automlp.automlp({}, any({ singal: 5 })), /did you mean "signal"/],
      [
        () => exportDataset(dataset, any({ to: "csv", out: 5 })),
        /out is a number; give the path of a folder$/,
      ],
      [() => exportDataset(dataset, any({ to: "csv", out, names: 1 })), /no option names/],
      [
        () => exportModel(model, dataset, any({ out })),
        /an object without to; give .*, to and out among them/,
      ],
    ];
    for (const [call, says] of cases) {
      await assert.rejects(Promise.try(call), { name: "InputError", message: says });
      await assert.rejects(Promise.try(call), { message: /^[^\n]+$/ });
    }
    assert.equal((await recommend(popularity, dataset, { users: "u", keepSeen: true, k: 1 })).height, 1);
  }));

Deno.test("histories that are no slices of their items are refused", () =>
  inFolder(async (folder) => {
    const { popularity } = await worldIn(folder), { items } = popularity;
    const one = { items: Uint32Array.of(1, 2, 3), starts: Uint32Array.of(0), ends: Uint32Array.of(3) };
    const cases: [Partial<automlp.Histories>, Uint32Array | undefined, RegExp][] = [
      [{ ends: Uint32Array.of(3, 3) }, undefined, /there are 1 starts and 2 ends/],
      [{ users: Uint32Array.of() }, undefined, /there are 1 starts and 0 users/],
      [{ ends: Uint32Array.of(4) }, undefined, /history 0 goes from 0 to 4, and there are 3 items/],
      [{ starts: Uint32Array.of(5) }, undefined, /history 0 goes from 5 to 3/],
      [{ items: Uint32Array.of(1, 0, 3) }, undefined, /history 0 has the item 0/],
      [{}, Uint32Array.of(1, items + 1), /is among the candidates/],
      [
        { starts: Uint32Array.of(0, 1), ends: Uint32Array.of(1, 2) },
        Uint32Array.of(1, 2, 3),
        /3 candidates cannot be divided among 2 histories/,
      ],
    ];
    for (const [change, candidates, message] of cases) {
      await assert.rejects(
        Promise.try(() => popularity.score({ ...one, ...change }, candidates)),
        { name: "InputError", message },
      );
    }
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
