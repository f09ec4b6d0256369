import assert from "node:assert/strict";
import { METHODS } from "../../../../model/methods/registry.ts";
import { optionsOfMethod } from "../../../../model/studies/plan.ts";
import { checkSpace } from "../../../../model/studies/space.ts";
import { placeAt } from "../../../../notebooks/kernel/cursor/code.ts";
import { completion } from "../../../../notebooks/kernel/cursor/completion.ts";
import { FIRST, importable, MODULES } from "../../../../notebooks/kernel/cursor/importable.ts";
import { optionsAt } from "../../../../notebooks/kernel/cursor/inspection.ts";
import { datasetNames } from "../../../../pipeline/readers/known/registry.ts";
import { withFolder } from "../../../folders.ts";
import { Api } from "../../../../pipeline/notebook/documentation/api.ts";
import { root } from "../../../paths.ts";

const api = await Api.of(new URL("../../../../mod.ts", import.meta.url).href);

/** Values that texts import from the library. */
function importedIn(texts: string[]): string[] {
  const lists = texts.join("\n").matchAll(/^import \{([^}]*)\} from "automlp"/gm);
  const names = [...lists].flatMap(([, list]) => list.split(",").map((name) => name.trim()));
  return [...new Set(names)].filter((name) => name !== "" && !name.startsWith("type "));
}

Deno.test("what is imported where the library is explained is offered first, then what else can be called, then types", () => {
  const files = (folder: string, end: string) =>
    [...Deno.readDirSync(`${root}/${folder}`)].filter(({ name }) => name.endsWith(end))
      .map(({ name }) => Deno.readTextFileSync(`${root}/${folder}/${name}`));
  const cells = files("notebooks", ".ipynb").flatMap((text) =>
    (JSON.parse(text).cells as { cell_type: string; source: string[] }[])
      .filter(({ cell_type: type }) => type === "code").map(({ source }) => source.join(""))
  );
  const explained = importedIn([
    Deno.readTextFileSync(`${root}/README.md`),
    ...files("docs", ".md"),
    ...cells,
  ]);
  const extra = ["help"]; // `help` explains all others
  assert.deepEqual([...FIRST].sort(), [...explained, ...extra].sort());

  const names = importable(api), isType = names.map((name) => api.isType(name));
  assert.deepEqual(names.slice(0, FIRST.length), FIRST);
  assert.deepEqual([...names].sort(), api.names().sort(), "nothing is left out");
  const firstType = isType.indexOf(true);
  assert.ok(firstType > FIRST.length && isType.slice(firstType).every((is) => is));
  const rest = names.slice(FIRST.length, firstType);
  assert.deepEqual(rest, [...rest].sort((a, b) => a.localeCompare(b)));
});

Deno.test("the modules that are offered are those of the package but its program, and notebooks find them", () => {
  // Comments are on separate lines.
  const text = Deno.readTextFileSync(`${root}/deno.json`).replace(/^ *\/\/.*$/gm, "");
  const { exports, imports } = JSON.parse(text) as Record<string, Record<string, string>>;
  const doors = Object.entries(exports).filter(([door]) => door !== "./cli")
    .map(([door, file]) => [door.replace(/^\./, "automlp"), file]);
  assert.deepEqual(MODULES, doors.map(([name]) => name));
  for (const [name, file] of doors) assert.equal(imports[name], file);
});

Deno.test("a space is offered the options in which trials of its method may differ", () => {
  const isRefused = (method: string, key: string) => {
    try {
      return void checkSpace(method, { [key]: [1] });
    } catch (error) {
      return /which it has not|may not differ/.test((error as Error).message);
    }
  };
  for (const method of METHODS) {
    const known = Object.keys(optionsOfMethod(method)).filter((key) => !isRefused(method, key));
    assert(known.length > 10);
    assert.deepEqual(
      api.properties("SearchSpace", method).map(({ name }) => name).sort(),
      known.sort(),
      `model/mod.ts does not export the type of the options of ${method}, or it has other options`,
    );
  }
});

Deno.test("options are those of the method that the call names", () => {
  const offered = (marked: string) => {
    const cursor = marked.indexOf("|");
    return optionsAt(api, placeAt(marked.replace("|", ""), cursor), new Map());
  };
  const names = (marked: string) => offered(marked).map(({ name }) => name);
  assert(names('train("nextitnet", dataset, { |').includes("kernel"));
  assert(names('train("nextitnet", dataset, { |').includes("epochs"));
  for (const other of ["heads", "automlp", "items"]) {
    assert(!names('train("nextitnet", dataset, { |').includes(other), other);
  }
  const hidden = (method: string) =>
    offered(`train("${method}", dataset, { |`).find(({ name }) => name === "hidden");
  assert.match(hidden("bert4rec")!.doc, /^Share of a sequence that training hides/);
  assert.match(hidden("gru4rec")!.doc, /^Size of the recurrent state/);
  const ofFpmc = names('runJob(dataset, { method: "fpmc", |');
  for (const name of ["dim", "examples", "epochs", "startFrom", "until"]) assert(ofFpmc.includes(name), name);
  for (const other of ["heads", "candidates"]) assert(!ofFpmc.includes(other), other);
  assert(names('tune("gru4rec", dataset, { out, options: { |').includes("hidden"));
  assert(names("train(method, dataset, { |").includes("epochs"));
  const [epochs] = offered("train(method, dataset, { |").filter(({ name }) => name === "epochs");
  assert.equal(epochs.signature, "epochs?: number", "what is taken by Partial may be left out");
});

Deno.test("in a text it is known data sets for one, and what help knows; files where none of these begins so", () =>
  withFolder((dir) => {
    Deno.mkdirSync(`${dir}/data`);
    const at = (code: string) => completion(api, placeAt(code, code.length), code.length, new Map(), dir);
    assert.deepEqual(at('prepare({ dataset: "')?.matches, datasetNames());
    assert.deepEqual(at('automlp({ dataset: "ml-1')?.matches, ["ml-100k", "ml-1m", "ml-10m"]);
    assert.deepEqual(at('automlp({ dataset: "da')?.matches, ["data/"], "a folder may be one, too");
    assert.deepEqual(at('readDataset("')?.matches, ["data/"]);
    assert.deepEqual(at('help("recomm')?.matches, ["recommend"]);
    assert.deepEqual(at('help("da')?.matches.filter((name) => name.endsWith("/")), []);
    assert.deepEqual(at('train("da')?.matches, []);
    assert.deepEqual(at('runJob(dataset, { method: "')?.matches, [...METHODS]);
    assert.deepEqual(at('networkFor(dataset, { method: "')?.matches, ["automlp"]);
    for (
      const code of [
        'train("sasrec", dataset, { metric: "',
        'runJob(dataset, { metric: "',
        'compareAll(evaluation, [other], "',
      ]
    ) assert.deepEqual(at(`${code}NDCG`)?.matches, ["NDCG@5", "NDCG@10", "NDCG@20"], code);
    for (const code of ['evaluation.metrics.full["', 'rows[0]["', 'read()["', 'prepare({ data: rows["']) {
      assert.deepEqual(at(code)?.matches, [], `no file is an index: ${code}`);
    }
    assert.deepEqual(at('prepare({ data: ["')?.matches, ["data/"]);
  }));

Deno.test("options that a type has written out are offered, and not those of the types in them", () => {
  const code = 'train("sasrec", dataset, { ', place = placeAt(code, code.length);
  const names = optionsAt(api, place, new Map()).map(({ name }) => name);
  assert(names.includes("startFrom") && names.includes("ensemble") && !names.includes("model"), names.join());
});

Deno.test("what train gives is a model to who completes its members, and can be given back by using", () => {
  assert.deepEqual([api.entry("train")!.is, api.entry("loadModel")!.is], ["Model", "LoadedModel"]);
});
