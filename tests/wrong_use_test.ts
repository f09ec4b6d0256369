/** Everything the library exports, called with wrong arguments: one line that says what to give, before any work. */
import assert from "node:assert/strict";
import * as automlp from "../mod.ts";
import { CALLS, METHODS, type World, worldIn } from "./calls.ts";
import { inFolder } from "./pipeline/export/dataset.ts";

/** Error classes take any message, and `help` takes anything. */
const ANYTHING = ["AutoMLPError", "InputError", "Interrupted", "RunError", "UnknownIdError", "help"];
/** The stages, which types check. */
const STAGES = ["filterInteractions", "buildVocabulary", "splitInteractions", "sampleNegatives"];

/** Words from internals: of the language, of libraries, and of the command line. */
const INNER =
  /undefined \(reading|of null|is not a function|is not iterable|destructure|Invalid input|expected|\[object|\bat .*:\d+|--[a-z]/;

// deno-lint-ignore no-explicit-any -- as JavaScript and notebooks call it
type Callable = any;

const isClass = (value: Callable) => /^class/.test(Function.prototype.toString.call(value));

/** The kind of a value, as coarse as the difference that arguments make. */
const kindOf = (value: unknown): string =>
  value === null || value === undefined
    ? "nothing"
    : Array.isArray(value)
    ? "list"
    : typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
    ? "object"
    : typeof value === "object"
    ? `one ${value.constructor?.name}`
    : typeof value;

async function refusal(name: string, call: () => unknown): Promise<void> {
  const error = await Promise.try(call).then(() => undefined, (error) => error ?? "nothing");
  assert(error !== undefined, `${name} was taken`);
  assert.equal(error.name, "InputError", `${name}: ${Deno.inspect(error)}`);
  assert.doesNotMatch(error.message, INNER, name);
  assert(!error.message.includes("\n"), `${name}: ${error.message}`);
}

/** Leaves out each argument in turn, and replaces it with a value of each other kind. */
async function refuseAll(
  name: string,
  right: readonly unknown[],
  required: number,
  { dataset, frame }: World,
  call: (args: unknown[]) => unknown,
): Promise<void> {
  const others: [string, unknown][] = [
    ["null", null],
    ["a text", "x"],
    ["a number", 5],
    ["true", true],
    ["a list", []],
    ["an object", {}],
    ["a function", () => {}],
    ["a dataset", dataset],
    ["a frame", frame],
    ["a promise", Promise.resolve(right)],
  ];
  if (required > 0) await refusal(`${name}()`, () => call([]));
  for (const [place, value] of right.entries()) {
    for (const [what, other] of others) {
      if (kindOf(other) === kindOf(value)) continue;
      await refusal(`${name} with ${what} in place ${place}`, () => call(right.toSpliced(place, 1, other)));
    }
    if (place > 0 && place < required) {
      await refusal(`${name} without place ${place}`, () => call(right.slice(0, place)));
    }
  }
}

Deno.test("every export refuses what it cannot take", () =>
  inFolder(async (folder) => {
    const world = await worldIn(folder);
    const exported = Object.entries(automlp).filter(([name, value]) =>
      typeof value === "function" && !ANYTHING.includes(name) && !STAGES.includes(name)
    );
    for (const [name, callable] of exported as [string, Callable][]) {
      assert(CALLS[name], `tests/calls.ts does not say how ${name} is called`);
      await refuseAll(
        name,
        CALLS[name](world),
        callable.length,
        world,
        (args) => isClass(callable) ? new callable(...args) : callable(...args),
      );
    }
    for (const method of ["popularity", "personalPopularity", "markov", "itemKnn"] as const) {
      await refuseAll(`${method}.fit`, [world.dataset, {}], 1, world, (args) =>
        (automlp[method].fit as Callable)(...args));
    }
    for (const [name, of] of Object.entries(METHODS)) {
      const [owner, method] = name.split("."), object = (world as Callable)[owner];
      const required = method === "score" ? 1 : object[method].length; // candidates may be left out
      await refuseAll(name, of(world), required, world, (args) =>
        object[method](...args));
    }
    for (const one of ["search", "training"] as const) {
      world[one].dispose();
    }
  }));

Deno.test("what gives a promise refuses by it, and throws nothing at once", () =>
  inFolder(async (folder) => {
    const world = await worldIn(folder), wrong = () => {};
    for (
      const name of Object.keys(METHODS).filter((name) => /\.(score|write\w+|readCheckpoint)$/.test(name))
    ) {
      const [owner, method] = name.split("."), given = (world as Callable)[owner][method](wrong);
      await assert.rejects(given, { name: "InputError" }, name);
    }
    for (const one of ["search", "training"] as const) world[one].dispose();
  }));

Deno.test("a promise is to be waited for, a preparation has a dataset, an untrained method is to be fitted", () =>
  inFolder(async (folder) => {
    const { dataset, model, popularity, run } = await worldIn(folder);
    const says = async (call: () => unknown, message: string | RegExp) =>
      await assert.rejects(async () => await call(), { name: "InputError", message });
    const any = (value: unknown) => value as never;
    await says(
      () => automlp.evaluate(any(automlp.popularity.fit(dataset)), dataset),
      "Cannot call evaluate: its first argument is a promise; put await before it, as in evaluate(model, dataset)",
    );
    await says(
      () => automlp.evaluate(model, any({ dataset, status: "prepared", reports: [] })),
      "Cannot call evaluate: its second argument is another object; give its dataset, as in const { dataset } = await prepare(…), as in evaluate(model, dataset)",
    );
    await says(
      () => automlp.recommend(any(automlp.itemKnn), dataset),
      'Cannot call recommend: its first argument is another object; it has learned nothing yet: give await itemKnn.fit(dataset), as in recommend(model, dataset, { users: ["u1"] })',
    );
    await says(
      () => popularity.score(any(dataset)),
      "Cannot call model.score: its first argument is of the class SequenceDataset; for the metrics of a dataset call evaluate(model, dataset), and for scores give histories, as in model.score({ items, starts, ends })",
    );
    const one = { items: Uint32Array.of(1, 2, 3), starts: Uint32Array.of(0), ends: Uint32Array.of(3) };
    const items = popularity.items,
      from1 = `give ids from 1 to ${items}, as dataset.itemIndex("…") gives them`;
    for (
      const [histories, candidates, problem] of [
        [
          { ...one, ends: Uint32Array.of(3, 3) },
          undefined,
          "there are 1 starts and 2 ends; give one for each history",
        ],
        [
          { ...one, users: Uint32Array.of() },
          undefined,
          "there are 1 starts and 0 users; give one for each history",
        ],
        [
          { ...one, ends: Uint32Array.of(4) },
          undefined,
          "history 0 goes from 0 to 4, and there are 3 items in the array; give a place in it",
        ],
        [
          { ...one, starts: Uint32Array.of(5) },
          undefined,
          "history 0 goes from 5 to 3, and there are 3 items in the array; give a place in it",
        ],
        [{ ...one, items: Uint32Array.of(1, 0, 3) }, undefined, `history 0 has the item 0; ${from1}`],
        [
          { ...one, items: Uint32Array.of(1, 2, items + 1) },
          undefined,
          `history 0 has the item ${items + 1}; ${from1}`,
        ],
        [one, Uint32Array.of(1, items + 1), `the item ${items + 1} is among the candidates; ${from1}`],
        [
          { ...one, starts: Uint32Array.of(0, 1), ends: Uint32Array.of(1, 2) },
          Uint32Array.of(1, 2, 3),
          "3 candidates cannot be divided among 2 histories; give equally many for each",
        ],
      ] as const
    ) await says(() => popularity.score(histories, candidates), `Cannot score: ${problem}`);
    await assert.rejects(automlp.recommend(popularity, dataset, { users: [], only: "" }), {
      name: "UnknownIdError",
      message: /^Cannot find item ""/,
    });
    await says(
      () => automlp.comparisonHtml(any([run])),
      'Cannot call comparisonHtml: its first argument is a list; give runs side by side, as compareRuns() gives them, as in comparisonHtml(compareRuns(["runs/a", "runs/b"]))',
    );
    await says(
      () => automlp.openEngine(any("gpu")),
      'Cannot call openEngine: its first argument is a text; the engines are native, wasm, cpu; name one in an object, as in openEngine({ engine: "native" })',
    );
  }));

Deno.test("options of another kind, and options that there are not", () =>
  inFolder(async (folder) => {
    const { dataset, frame, model, engine, candidates, evaluation, run } = await worldIn(folder);
    const { recommend, evaluate, exportDataset, tune, networkFor, Search, train, runJob, AutoMLP } = automlp;
    const out = `${folder}/out`, of = (value: unknown) => value as never;
    const calls: [string, () => unknown, RegExp][] = [
      ["k", () =>
        recommend(model, dataset, of({ k: "5" })), /the option k is a text; give a whole number from 1$/],
      [
        "users",
        () =>
          recommend(model, dataset, of({ users: 5 })),
        /users is a number; give a user's id or a/,
      ],
      ["exclude", () =>
        recommend(model, dataset, of({ exclude: 5 })), /exclude is a number; give an item's id or a/],
      ["filter", () =>
        recommend(model, dataset, of({ filter: 5 })), /filter is a number; give an object/],
      [
        "histories",
        () =>
          recommend(model, dataset, of({ histories: ["a"] })),
        /histories is a list; give/,
      ],
      [
        "ids as numbers",
        () =>
          recommend(model, dataset, of({ histories: [["1", 2]] })),
        /histories is a list; give .*ids, which are texts$/,
      ],
      [
        "ids as numbers, by names",
        () =>
          recommend(model, dataset, of({ histories: { ann: ["1"], ben: [2] } })),
        /histories is another object; give /,
      ],
      [
        "a history that is a text",
        () => recommend(model, dataset, of({ histories: new Map([["ann", "1"]]) })),
        /histories is .*; give /,
      ],
      ["only numbers", () => recommend(model, dataset, of({ only: [1] })), /value 1 is a number; .* texts$/],
      ["onUnknown", () => recommend(model, dataset, of({ onUnknown: "x" })), /give one of "error", "skip"/],
      ["keepSeen", () => recommend(model, dataset, of({ keepSeen: "no" })), /give true or false$/],
      ["ks", () => evaluate(model, dataset, of({ ks: 5 })), /ks is a number; give a list of whole numbers/],
      ["protocols", () => evaluate(model, dataset, of({ protocols: "full" })), /give a list of protocols/],
      ["τ", () => evaluate(model, dataset, of({ logitAdjustment: "x" })), /give "validation", a number/],
      [
        "compare",
        () => automlp.compare(evaluation, evaluation, "NDCG@10", of({ typo: 1 })),
        /no option typo/,
      ],
      [
        "runs",
        () => automlp.compareRuns([run], of({ metrics: "x" })),
        /no option metrics \(did you mean "metric"/,
      ],
      ["export to", () => exportDataset(dataset, of({ to: 5, out })), /to is a number; give the name of a/],
      [
        "export out",
        () => exportDataset(dataset, of({ to: "csv", out: 5 })),
        /out is a number; give the path/,
      ],
      ["export typo", () => exportDataset(dataset, of({ to: "csv", out, names: 1 })), /no option names/],
      [
        "onnx without a format",
        () => automlp.exportModel(model, dataset, of({ out })),
        /an object without to; give .*, to and out among them, as in exportModel\(model, dataset, \{ to: "onnx", out/,
      ],
      ["trials", () =>
        tune("gru4rec", dataset, of({ out, trials: "5" })), /trials is a text; give a whole number/],
      [
        "trial",
        () =>
          tune("gru4rec", dataset, of({ trial: 5 })),
        /an object with trial, which is no option \(did you mean "trials"\?\); give .*, out among them, as in tune/,
      ],
      ["no out", () =>
        tune("gru4rec", dataset, of({ trials: 5 })), /is an object without out; give one obj/],
      [
        "users",
        () =>
          recommend(model, dataset, of({ users: [3] })),
        /users is a list whose value 1 is a num/,
      ],
      ["tuner", () => tune("gru4rec", dataset, of({ out, tuner: "x" })), /tuner is a text; give one of/],
      ["lengths", () => networkFor(dataset, of({ lengths: "3,5" })), /lengths: give a list$/],
      ["length", () => networkFor(dataset, of({ length: "5" })), /length: give a number$/],
      [
        "no network",
        () => new Search(engine, dataset, of(undefined)),
        /its third argument is missing; give a/,
      ],
      [
        "epochs",
        () => new Search(engine, dataset, candidates, of({ epochs: "5" })),
        /epochs: give a number$/,
      ],
      [
        "no sizes",
        () => new automlp.Training(engine, dataset, of({ method: "gru4rec" })),
        /let beginTraining/,
      ],
      ["dim", () => train("gru4rec", dataset, of({ dim: "5" })), /dim: give a number$/],
      [
        "a name alone",
        () => runJob(dataset, of({ shortTermLength: "5" }), { out }),
        /option "shortTermLength"/,
      ],
      ["short", () => runJob(dataset, of({ short: "5" }), { out }), /short does not fit: give a number$/],
      [
        "seed",
        () => runJob(dataset, of({ method: "fpmc", seed: 1 }), { out }),
        /seed is no option of the training; give it in the object after it/,
      ],
      ...["resume", "method", "epochs", "heads", "lengths"].map((
        name,
      ): [string, () => unknown, RegExp] => [
        name,
        () => runJob(dataset, {}, of({ out, seed: 1, [name]: true })),
        new RegExp(
          `${name} is an option of the training; give it in the object before, as in runJob\\(dataset, { ${name}: … }, `,
        ),
      ]),
      ["out", () => runJob(dataset, {}, of({ out: 5 })), /out is a number; give the path of a folder$/],
      ["seed", () => new AutoMLP(of({ seed: "x" })), /seed is a text; give a number$/],
      ["threads", () => automlp.openEngine(of({ threads: "2" })), /threads is a text; give a number$/],
      ["engine", () => automlp.openEngine(of({ engine: "gpu" })), /give one of "native", "wasm"/],
      [
        "files",
        () => automlp.readInteractions(of({ files: "a.csv" })),
        /files is a text; give a list of paths/,
      ],
      [
        "columns",
        () => automlp.readInteractions(of({ files: ["a"], columns: {} })),
        /give a list of columns/,
      ],
      ["neighbours", () => automlp.itemKnn.fit(dataset, of({ neighbours: "5" })), /neighbours is a text/],
      ["rows", () => automlp.show(frame, of({ row: 5 })), /give an object with rows, a number/],
      ["replace", () => evaluation.writePerUser(out, of({ overwrit: true })), /did you mean "overwrite"/],
      ["title", () => automlp.loadModel(run, dataset, of({ nam: "x" })), /did you mean "name"/],
      ["place", () => AutoMLP.load(out, of({ datset: folder })), /did you mean "dataset"/],
      [
        "hook",
        () => automlp.exhaustiveSearch(engine, dataset, candidates, {}, of({ onStat: () => {} })),
        /there is no option onStat \(did you mean "onState"\?\); the options are from, onState$/,
      ],
      [
        "cache",
        () => automlp.resolveDataset("demo", of({ cacheDirectory: out })),
        /no option cacheDirectory/,
      ],
      [
        "context",
        () => automlp.prepare({ data: "none.csv", out }, of({ progess: automlp.silent })),
        /no option progess \(did you mean "progress"\?\); there are progress and signal$/,
      ],
      ["context", () => automlp.automlp({}, of({ singal: 5 })), /did you mean "signal"/],
      ["context", () => automlp.inspectDataset(dataset, of({ progess: 5 })), /did you mean "progress"/],
      [
        "delimiter",
        () => automlp.readInteractions(of({ files: ["a"], delimeter: ";" })),
        /did you mean "delimiter"/,
      ],
      [
        "delimiter",
        () => automlp.readSideTable(of({ file: "a", delimeter: ";" })),
        /did you mean "delimiter"/,
      ],
      ["since", () => automlp.inspectDataset(dataset, of({ since: "data/before" })), /since is /],
      ["limit", () => automlp.readSafetensors("a", of({ limits: 5 })), /did you mean "limit"/],
      [
        "seed",
        () => automlp.saveModel(out, model, of({ dataset, seed: 1, seeds: 1 })),
        /did you mean "seed"/,
      ],
      [
        "protocols",
        () => automlp.chooseLogitAdjustment(model, dataset, of({ protocol: "full" })),
        /did you mean "protocols"/,
      ],
      ["seeds", () => automlp.PLANS.table2.make(of({ seed: [1] })), /did you mean "seeds"/],
      [
        "changes",
        () => automlp.PLANS.table2.make(of(5)),
        /its first argument is a number; give one object with options/,
      ],
      ["seeds", () => automlp.planOf(of({ name: "a", methods: ["gru4rec"], seeds: 5 })), /seeds is a number/],
    ];
    for (const [name, call, says] of calls) {
      await refusal(name, call);
      await assert.rejects(Promise.try(call), says, name);
    }
  }));
