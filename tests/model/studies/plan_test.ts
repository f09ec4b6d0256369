import assert from "node:assert/strict";
import { type PlanChanges, PLANS } from "../../../model/studies/built_in_plans.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";
import { slug } from "../../../model/studies/cell.ts";
import { cellsOf, planOf, trainablePlan } from "../../../model/studies/plan.ts";
import { METHODS } from "../../../model/methods/registry.ts";

const common = { epochs: 2 };
const plan = (methods: Parameters<typeof planOf>[0]["methods"], seeds = [1, 2], more = {}) =>
  planOf({ name: "mine", methods, seeds, common: { ...common, ...more } });

Deno.test("a plan has a cell for each row and seed, with the options that its method has", () => {
  const made = plan(["automlp", { method: "gru4rec", label: "Wide GRU", hidden: 99 }], [1, 2], {
    layers: 3,
    score: "cosine",
  });
  assert.deepEqual(cellsOf(made), [
    { id: "automlp-seed-1", method: "automlp", options: { epochs: 2, layers: 3, score: "cosine" }, seed: 1 },
    { id: "automlp-seed-2", method: "automlp", options: { epochs: 2, layers: 3, score: "cosine" }, seed: 2 },
    { id: "wide-gru-seed-1", method: "gru4rec", options: { epochs: 2, layers: 3, hidden: 99 }, seed: 1 },
    { id: "wide-gru-seed-2", method: "gru4rec", options: { epochs: 2, layers: 3, hidden: 99 }, seed: 2 },
  ]);
});

Deno.test("a bad plan is one line, with the nearest name", () => {
  const refused = (work: () => unknown, message: RegExp) =>
    assert.throws(work, { name: "InputError", message });
  refused(
    () => plan(["gru4reck" as "gru4rec"]),
    /^Cannot train "gru4reck": there is no such method \(did you mean "gru4rec"\?\); there are automlp, bert4rec, /,
  );
  refused(() => plan(["gru4rec"], [1, 2, 1]), /^Cannot carry out the plan mine: the seed 1 is named twice/);
  refused(() => plan(["gru4rec", "gru4rec"]), /two rows are called GRU4Rec; give each a label of its own/);
  refused(
    () => plan(["a b", "a-b"].map((label) => ({ method: "gru4rec", label }))),
    /the rows a b and a-b would have one folder, a-b; give one another label/,
  );
  const seen = (keepSeen: boolean) => ({ method: "fpmc" as const, label: `keeps ${keepSeen}`, keepSeen });
  assert.equal(plan([seen(true)]).variants.length, 1);
  refused(
    () => plan(["gru4rec", seen(false), seen(true)]),
    /what users have had, too, for the row keeps true, and not for GRU4Rec, and such figures do not compare; give/,
  );
  refused(() => plan([]), /^Cannot carry out the plan mine: it has no rows; name one method at least/);
  refused(() => plan(["gru4rec"], []), /it has no seeds; name one at least/);
  refused(
    // @ts-expect-error: the compiler reports it, too
    () => plan([{ method: "gru4rec", hiden: 3 }]),
    /Unknown option "hiden" \(did you mean "hidden"\?\)/,
  );
  // @ts-expect-error: the compiler reports it, too
  refused(() => plan([{ method: "gru4rec", hidden: "many" }]), /Option hidden does not fit/);
  refused(
    () => plan(["gru4rec"], [1], { epochz: 3 }),
    /Unknown option epochz in the plan mine \(did you mean "epochs"\?\)/,
  );
  refused(
    () => plan(["gru4rec", "bert4rec"], [1], { dim: 5 }),
    /^The plan .*, row BERT4Rec: Cannot build BERT4Rec: 2 heads cannot share 5 numbers evenly/,
  );
  refused(
    () => plan(["automlp"], [1], { length: 10, lengths: [5, 20] }),
    /the candidate length 20 is longer than the sequence, 10/,
  );
});

Deno.test("every built-in plan can be made, and what the user says goes into it", () => {
  for (const [name, { make }] of Object.entries(PLANS)) {
    const made = make({ seeds: [7, 8], common: { epochs: 1, batchSize: 9 } }), cells = cellsOf(made);
    assert.equal(made.name, name);
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length, "each cell has a folder of its own");
    assert.deepEqual([...new Set(cells.map(({ seed }) => seed))], [7, 8]);
    for (const { options } of cells) assert.deepEqual([options.epochs, options.batchSize], [1, 9]);
    assert.equal(made.variants.some(({ x }) => x !== undefined), made.axis !== undefined);
  }
});

Deno.test("a built-in plan refuses an option that none of its rows takes", () => {
  const refused = (name: keyof typeof PLANS, common: PlanChanges["common"], message: RegExp) =>
    assert.throws(() => PLANS[name].make({ common }), { name: "InputError", message });
  const own = /: its rows have their own, by which they differ; leave it out$/;
  for (const dim of [8, 32]) refused("dimension", { dim }, own); // 32 is one of them by chance
  refused("efficiency-length", { length: 8 }, own);
  for (const layers of [3, 4]) refused("layers", { layers }, own);
  refused("search-cost", { search: "exhaustive" }, own);
  for (const name of ["layers", "search-cost", "dimension", "ablation"] as const) {
    assert.throws(() => PLANS[name].make({ methods: ["gru4rec", "sasrec"] }), {
      name: "InputError",
      message: `Cannot take methods for the plan ${name}: all its rows are AutoMLP; leave it out`,
    });
  }
  refused(
    "layers",
    { heads: 2 },
    /^Cannot take heads for the plan layers: none of its rows has such an option;/,
  );
  for (const name of ["table2", "ablation", "search-cost", "layers"] as const) {
    for (const { options } of PLANS[name].make({ common: { length: 8, dim: 4 } }).variants) {
      assert.equal(options.dim, 4);
      assert([8, undefined].includes(options.length as number)); // FPMC has no length
    }
  }
});

Deno.test("of all methods, those that need item features are left out where there are none", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 }), { table2 } = PLANS;
    const { plan, leftOut } = trainablePlan(table2.make({ common: {} }), dataset);
    assert.deepEqual(leftOut, ["FDSA", "GRU4Rec+"]);
    assert.equal(plan.variants.length, METHODS.length - 2);
    // If they are asked for by name, they are not left out: the error is reported in their row.
    assert.deepEqual(trainablePlan(table2.make({ methods: ["fdsa"], common: {} }), dataset).leftOut, []);
  }));

Deno.test("rows are told apart in any script, and however long their labels are", () => {
  assert.deepEqual(["宽", "窄", "سلام FPMC", "हिन्दी"].map(slug), ["宽", "窄", "سلام-fpmc", "हिन्दी"]);
  const long = ["a", "b"].map((end) => slug("長い".repeat(60) + end));
  assert.notEqual(long[0], long[1]);
  for (const name of long) {
    assert.match(name, /^長い.*-[0-9a-f]{8}$/);
    assert(new TextEncoder().encode(name).length <= 100);
  }
});
