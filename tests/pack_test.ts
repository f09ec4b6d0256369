/** The library as an npm package: packed, installed into another folder, and used from there. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { taskArguments } from "./command.ts";
import { withFolder } from "./folders.ts";
import { writeLog } from "./model/commands/small.ts";
import { root } from "./paths.ts";
import { checkTypes } from "./types.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Node's major version; 0 if it is not installed. */
function nodeVersion(): number {
  try {
    return Number(
      /^v(\d+)/.exec(text(new Deno.Command("node", { args: ["--version"] }).outputSync().stdout))?.[1],
    );
  } catch {
    return 0;
  }
}

async function pack(into: string): Promise<void> {
  const tarball = join(into, "automlp.tgz");
  const said = await run(
    Deno.execPath(),
    taskArguments("pack", "--allow-dirty", "--output", tarball),
    root,
  );
  const { size } = Deno.statSync(tarball);
  assert(size < 1_400_000, "nothing large was packed by mistake");
  assert.equal(said, `${tarball}, ${(size / 1e6).toFixed(1)} MB\n`);
  await install(tarball, into);
}

async function run(program: string, args: string[], cwd: string): Promise<string> {
  const ran = await new Deno.Command(program, { args, cwd, env: { NO_COLOR: "1" } }).output();
  assert.equal(ran.code, 0, text(ran.stderr));
  return text(ran.stdout);
}

/** Installs the packed file into `node_modules`, with the packages that it declares as dependencies, and no others. */
async function install(tarball: string, into: string): Promise<void> {
  const modules = join(into, "node_modules"), place = join(modules, "@automlp", "automlp");
  Deno.mkdirSync(place, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components", "1", "-C", place], into);
  const { dependencies } = JSON.parse(Deno.readTextFileSync(join(place, "package.json")));
  for (const name of Object.keys(dependencies)) {
    if (existsSync(join(modules, name))) continue;
    Deno.mkdirSync(dirname(join(modules, name)), { recursive: true });
    Deno.symlinkSync(join(root, "node_modules", name), join(modules, name), { type: "dir" });
  }
  Deno.writeTextFileSync(join(into, "package.json"), JSON.stringify({ type: "module" }));
}

const SCRIPT =
  `import { evaluate, EXPORT_FORMATS, exportDataset, help, prepare, recommend, train } from "@automlp/automlp";
import type { ExportFormat, Manifest } from "@automlp/automlp/pipeline";

const { dataset } = await prepare({ dataset: "demo", out: "data/demo" });
const { counts }: Manifest = dataset.manifest;
const model = await train("gru4rec", dataset, { epochs: 1, dim: 8, length: 10 });
const { metrics } = await evaluate(model, dataset, { protocols: ["recbole"], ks: [10] });
const best = await recommend(model, dataset, { users: ["u0001"], k: 3 });
const to: ExportFormat = "lenskit", { title } = EXPORT_FORMATS[to];
await exportDataset(dataset, { to, out: "data/" + title.replaceAll(" ", "-") });
// @ts-expect-error: there is no such format
const other: ExportFormat = "lensk";
const said = [prepare, "Search.select", "SearchOptions"].map((what) => String(help(what)));
console.log(JSON.stringify({ users: counts.users, hits: metrics.recbole["HR@10"], best: best.height, said }));
`;

Deno.test("ten lines in another folder prepare, train, evaluate and recommend with the packed library, types and help included", () =>
  withFolder(async (dir) => {
    await pack(dir);
    Deno.writeTextFileSync(join(dir, "script.ts"), SCRIPT);
    const args = ["run", "--quiet", "--check", "--allow-all", "--node-modules-dir=manual", "script.ts"];
    const result = JSON.parse(await run(Deno.execPath(), args, dir));
    assert(result.users > 300 && result.hits > 0 && result.best === 3, JSON.stringify(result));
    const [prepare, select, options] = result.said;
    assert.match(prepare, /function prepare\(input: PrepareSource/);
    assert.match(select, /select\(\): Architecture/);
    assert.match(options, /\n {2}margin: number\n {4}Share of the loss below /);
    await checkTypes(dir, "@automlp/automlp", "--node-modules-dir=manual");
  }));

const EXPERIMENT = `import { planOf, prepare, runExperiment } from "@automlp/automlp";

const { dataset } = await prepare({ data: "log.csv", out: "data", evalNegatives: 5, protocols: ["recbole"] });
const common = { epochs: 1, dim: 8, length: 10 };
const plan = planOf({ name: "one", methods: ["fpmc"], seeds: [1], common });
console.log(String(await runExperiment(plan, dataset, { out: "results" })));
`;

Deno.test({
  name: "an experiment trains its cells in processes of the packed library, with their own permissions",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (temporary) => {
      const dir = Deno.realPathSync(temporary);
      await copyPackages(join(dir, "node_modules"));
      await pack(dir);
      writeLog(join(dir, "log.csv"), 150);
      Deno.writeTextFileSync(join(dir, "script.ts"), EXPERIMENT);
      const args = ["run", "--quiet", "--allow-all", "--node-modules-dir=manual", "script.ts"];
      assert.match(await run(Deno.execPath(), args, dir), /^FPMC +\d\.\d{4}/m);
      const { status, config } = JSON.parse(
        Deno.readTextFileSync(join(dir, "results", "cells", "fpmc-seed-1", "run.json")),
      );
      assert.deepEqual([status, config.method], ["done", "fpmc"]);
    }),
});

/** Copies the packages as an installation would: a process may load libraries from that folder, but not from where links point to. */
async function copyPackages(to: string): Promise<void> {
  const from = join(root, "node_modules");
  const linked = await new Deno.Command("cp", { args: ["-al", from, to], stderr: "null" }).output();
  if (linked.code === 0) return; // otherwise it is another disk, or the system's cp does not support this
  Deno.removeSync(to, { recursive: true });
  await run("cp", ["-a", from, to], root);
}

Deno.test({
  name: "under Node each door says in one line that it needs Deno",
  ignore: !(nodeVersion() >= 18),
  fn: () =>
    withFolder(async (dir) => {
      await pack(dir);
      const scripts = [
        ...["", "/pipeline", "/model", "/notebook"].map((door) => `import "@automlp/automlp${door}";`),
        'import { prepare, Search, PROTOCOLS } from "@automlp/automlp"; prepare();',
        'await import("@automlp/automlp/model");',
      ].map((script) => ["--input-type=module", "-e", script]);
      const required = ["--input-type=commonjs", "-e", 'require("@automlp/automlp/pipeline")'];
      for (const args of [...scripts, required]) {
        const { code, stderr } = await new Deno.Command("node", { args, cwd: dir }).output();
        assert.equal(code, 1);
        assert.match(text(stderr), /^Error: automlp needs Deno, .* start the script with deno run/m, args[2]);
        assert.doesNotMatch(text(stderr), /SyntaxError/, args[2]);
      }
    }),
});
