/**
 * `deno task pack`: the library as an npm package, `automlp.tgz` in the clone's folder, or where `--output` says; it prints the place. It
 * runs under Deno; who imports it in Node is told so in one line, whichever the version: an older one could not read the modules, and would
 * complain of their syntax.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";
import { createTarGzip, parseTarGzip, type TarFileInput } from "nanotar";
import { parseArgs } from "../pipeline/std/cli.ts";
import { root } from "./paths.ts";

/** A door as `package.json` has it. */
type Door = Record<string, string>;

/** What is taken from `deno.json`. */
interface Config {
  exports: Record<string, string>;
  permissions: Record<"model", unknown>;
}

/** What an experiment starts for each training: packed as if it were a door, and then none. */
const STARTED = "./worker", WORKER = "./model/studies/worker.ts";

const { output, "allow-dirty": isDirty } = parseArgs(Deno.args, {
  string: ["output"],
  boolean: ["allow-dirty"],
  default: { output: "automlp.tgz" },
});
/** What another runtime is told, whatever door is opened. */
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
// Beside deno.json, whose paths it has; git ignores it.
const config = Deno.makeTempFileSync({ dir: root, prefix: "pack-", suffix: ".json" });
try {
  const plain = join(folder, "plain.tgz");
  // The program is installed from a registry or a clone: the package is the library, and what that starts.
  const { "./cli": _program, ...libraries } = own.exports;
  Deno.writeTextFileSync(config, JSON.stringify({ ...own, exports: { ...libraries, [STARTED]: WORKER } }));
  // What a registry's package has beside: npm's has a description of its own, and who installs it a lock. Notebooks are as large as the library.
  const others = "--ignore=package.json,deno.lock,deno.json,notebooks/*.ipynb,notebooks/pictures";
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

/** Files of the repository that differ from its last commit; none where there is no repository, or no git. What is not of it is not packed. */
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
 * Leads each door to its module under Deno, and elsewhere to one that only says what is needed. What training in a process of its own may do
 * is said beside it.
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
  const { model } = own.permissions;
  entries.push({
    name: "package/deno.json",
    data: JSON.stringify({ nodeModulesDir: "manual", permissions: { model } }, null, 2) + "\n",
  });
  description.data = JSON.stringify({ ...rest, exports: doors }, null, 2) + "\n";
  return await createTarGzip(entries) as Uint8Array<ArrayBuffer>;
}

/** A module, with its first line leading Deno to its declarations where there are any: `deno doc`, and with it `help`, would read the JavaScript instead. */
function declared(name: string, data: Uint8Array, all: ReadonlySet<string>): Uint8Array | string {
  const declarations = name.replace(/\.js$/, ".d.ts");
  if (declarations === name || !all.has(declarations)) return data;
  return `// @ts-self-types="./${basename(declarations)}"\n${new TextDecoder().decode(data)}`;
}

/** Whether a file is TypeScript, which no door leads to: commands of a clone. */
function isSource(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".d.ts");
}

/** What a module exports beside types: who imports a name that is not there would be told that, and nothing else. */
async function valuesOf(module: string): Promise<string[]> {
  const { nodes } = JSON.parse(await deno("doc", "--json", module)) as {
    nodes: Record<string, { symbols: { name: string; declarations: { kind: string }[] }[] }>;
  };
  const isValue = ({ kind }: { kind: string }) => !["interface", "typeAlias"].includes(kind);
  return Object.values(nodes).flatMap(({ symbols }) =>
    symbols.filter(({ declarations }) => declarations.some(isValue)).map(({ name }) => name)
  );
}
