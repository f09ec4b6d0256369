/**
 * `deno task pack`: the library as an npm package, `automlp.tgz` in the clone's folder or where `--output` says; it prints the path. The
 * package runs under Deno. Importing it in Node gives an error of one line that says so, in any version: an older one could not parse the
 * modules and would report their syntax.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createTarGzip, parseTarGzip, type TarFileInput } from "nanotar";
import { root } from "./paths.ts";

/** An entry of `exports` in `package.json`. */
type Door = Record<string, string>;

/** The parts of `deno.json` that are used. */
interface Config {
  exports: Record<string, string>;
  permissions: Record<"work", unknown>;
}

/** The program that an experiment starts for each training: packed as if it were an export, which is then removed. */
const STARTED = "./worker", WORKER = "./model/studies/worker.ts";

const { output, "allow-dirty": isDirty } = parseArgs({
  args: Deno.args,
  options: { output: { type: "string", default: "automlp.tgz" }, "allow-dirty": { type: "boolean" } },
}).values;
/** The error in another runtime, for any export. */
const ERROR = `throw new Error(${
  JSON.stringify(
    "automlp needs Deno, whose file locks keep datasets and runs from harm, and this is another runtime; start the script with " +
      `deno run --allow-all --node-modules-dir=manual, with Node alone as npx -y deno@${Deno.version.deno} run …`,
  )
});\n`;

const changed = changedFiles();
if (changed.length > 0 && !isDirty) {
  console.error(
    `error: Cannot pack what is changed and not committed (${
      changed.join(", ")
    }): commit it, or pack it as it is with ` +
      "deno task pack --allow-dirty",
  );
  Deno.exit(1);
}

const own = JSON.parse(
  Deno.readTextFileSync(join(root, "deno.json")).replace(/^\s*\/\/.*$/gm, ""),
) as Config;

const folder = Deno.makeTempDirSync({ prefix: "automlp-pack-" });
// Beside deno.json, because it has the same relative paths; git ignores it.
const config = Deno.makeTempFileSync({ dir: root, prefix: "pack-", suffix: ".json" });
try {
  const plain = join(folder, "plain.tgz");
  // The program is installed from a clone: the package has only the library, and what the library starts.
  Deno.writeTextFileSync(config, JSON.stringify({ ...own, exports: { ...own.exports, [STARTED]: WORKER } }));
  // npm's package has a description of its own, and notebooks are as large as the library.
  const others = "--ignore=deno.json,notebooks/*.ipynb,notebooks/pictures";
  await deno(
    ...["pack", "--config", config, "--no-source-maps", "--allow-dirty", others, "--output", plain],
  );
  const tarball = await completed(Deno.readFileSync(plain));
  Deno.writeFileSync(output, tarball);
  console.log(`${resolve(output)}, ${(tarball.length / 1e6).toFixed(1)} MB`);
} finally {
  Deno.removeSync(folder, { recursive: true });
  Deno.removeSync(config);
}

/**
 * Files of the repository that differ from its last commit; none if there is no repository or no git. Files outside of it are not packed.
 */
function changedFiles(): string[] {
  const args = ["status", "--porcelain", "--untracked-files=no", "--", "."];
  try {
    const { success, stdout } = new Deno.Command("git", { args, cwd: root }).outputSync();
    const lines = success ? new TextDecoder().decode(stdout).split("\n") : [];
    return lines.filter((line) => line !== "").map((line) => line.slice(3));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function deno(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`deno ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Points each export to its module under Deno, and elsewhere to a module that only says what is needed. Adds what a training in its own
 * process is permitted to do.
 */
async function completed(packed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const kept = (await parseTarGzip(packed)).filter(({ name }) => !isSource(name));
  const all = new Set(kept.map(({ name }) => name));
  const entries = kept.map(({ name, data }): TarFileInput => ({
    name,
    data: declared(name, data!, all),
  }));
  const description = entries.find(({ name }) => name === "package/package.json")!;
  const { exports, main: _, ...rest } = JSON.parse(new TextDecoder().decode(description.data as Uint8Array));
  const { [STARTED]: _started, ...libraries } = exports as Record<string, Door>,
    doors: Record<string, Door> = {};
  for (const [door, { types, default: module }] of Object.entries(libraries)) {
    const words = module.replace(/mod\.js$/, "needs_deno.js"),
      names = await valuesOf(module.replace(/js$/, "ts"));
    doors[door] = { types, deno: module, require: words.replace(/js$/, "cjs"), default: words };
    entries.push(
      {
        name: join("package", words),
        data: `${ERROR}${names.map((name) => `export const ${name} = undefined;\n`).join("")}`,
      },
      { name: join("package", words.replace(/js$/, "cjs")), data: ERROR },
    );
  }
  const { work } = own.permissions;
  entries.push({
    name: "package/deno.json",
    data: JSON.stringify({ nodeModulesDir: "manual", permissions: { work } }, null, 2) + "\n",
  });
  description.data = JSON.stringify({ ...rest, exports: doors }, null, 2) + "\n";
  return await createTarGzip(entries) as Uint8Array<ArrayBuffer>;
}

/**
 * A module whose first line points Deno to its declarations, if there are any: otherwise `deno doc`, and with it `help`, would read the
 * JavaScript.
 */
function declared(name: string, data: Uint8Array, all: ReadonlySet<string>): Uint8Array | string {
  const declarations = name.replace(/\.js$/, ".d.ts");
  if (declarations === name || !all.has(declarations)) return data;
  return `// @ts-self-types="./${basename(declarations)}"\n${new TextDecoder().decode(data)}`;
}

/** Whether a file is TypeScript source, which no export points to: commands of a clone. */
function isSource(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".d.ts");
}

/** The names that a module exports besides types: importing a missing name would otherwise give an error about that name alone. */
async function valuesOf(module: string): Promise<string[]> {
  const { nodes } = JSON.parse(await deno("doc", "--json", module)) as {
    nodes: Record<string, { symbols: { name: string; declarations: { kind: string }[] }[] }>;
  };
  const isValue = ({ kind }: { kind: string }) => !["interface", "typeAlias"].includes(kind);
  return Object.values(nodes).flatMap(({ symbols }) =>
    symbols.filter(({ declarations }) => declarations.some(isValue)).map(({ name }) => name)
  );
}
