/** The library as published: it can be published, and everything that it exports is documented. */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { root } from "./paths.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const { exports: doors } = JSON.parse(
  Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, ""),
) as { exports: Record<string, string> };

async function deno(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const ran = await new Deno.Command(Deno.execPath(), { args, cwd: root, env: { NO_COLOR: "1" } }).output();
  return { code: ran.code, stdout: text(ran.stdout), stderr: text(ran.stderr) };
}

/** A symbol that an entry module exports, as in `deno doc --json`. */
interface Documented {
  name: string;
  declarations: { kind: string; jsDoc?: { doc?: string; tags?: { kind: string; doc?: string }[] } }[];
}

async function symbolsOf(door: string): Promise<Documented[]> {
  const { code, stdout, stderr } = await deno("doc", "--json", door);
  assert.equal(code, 0, stderr);
  const { nodes } = JSON.parse(stdout) as { nodes: Record<string, { symbols: Documented[] }> };
  return Object.values(nodes).flatMap(({ symbols }) => symbols);
}

/** The texts of a symbol's documentation, one for each declaration and tag. */
const textsOf = ({ declarations }: Documented): string[] =>
  declarations.flatMap(({ jsDoc }) => [jsDoc?.doc ?? "", ...(jsDoc?.tags ?? []).map(({ doc = "" }) => doc)]);

/** The symbols that a symbol's documentation links to. */
const linksOf = (symbol: Documented): string[] =>
  textsOf(symbol).flatMap((doc) => [...doc.matchAll(/\{@link ([\w$]+)/g)].map(([, name]) => name));

const examplesOf = ({ declarations }: Documented): string[] =>
  declarations.flatMap(({ jsDoc }) => [
    jsDoc?.doc ?? "",
    ...(jsDoc?.tags ?? []).filter(({ kind }) => kind === "example").map(({ doc = "" }) => doc),
  ]).filter((doc) => doc.includes("```ts"));

Deno.test("the package can be published: no slow types, nothing that cannot be analysed, no odd file names", async () => {
  const { code, stderr } = await deno("publish", "--dry-run", "--allow-dirty", "--no-check");
  assert.doesNotMatch(stderr, /^(error|warning)\b.*/m);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /\/mod\.ts \(/);
  assert.doesNotMatch(stderr, /\/(tests|node_modules)\/|\/bench\/.*\.ts/);
  const published = new Set(
    [...stderr.matchAll(/^\s+file:\/\/(\S+) \(/gm)].map(([, path]) => relative(root, decodeURI(path))),
  );
  const texts = [...published].filter((path) => path.endsWith(".md"));
  assert(texts.length > 12);
  assert.deepEqual(texts.flatMap((path) => deadLinks(path, published)), []);
});

/** The links of a published text to files that are not published. */
function deadLinks(path: string, published: ReadonlySet<string>): string[] {
  const words = Deno.readTextFileSync(join(root, path)).replace(/```[^]*?```/g, "");
  return [...words.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => join(dirname(path), link))
    .filter((link) => !published.has(link)).map((link) => `${path}: ${link}`);
}

for (const [door, path] of Object.entries(doors)) {
  Deno.test(`every symbol of ${door} is documented, and so is all that it speaks of`, async () => {
    const { code, stderr } = await deno("doc", "--lint", path);
    assert.equal(code, 0, stderr.split("\n").filter((line) => /error|-->/.test(line)).join("\n"));
  });
}

Deno.test("every function has an example, which imports what its reader would", async () => {
  const symbols = await symbolsOf(doors["."]);
  assert(symbols.length > 200);
  const functions = symbols.filter(({ declarations }) =>
    declarations.some(({ kind }) => kind === "function")
  );
  assert.deepEqual(functions.filter((symbol) => examplesOf(symbol).length === 0).map(({ name }) => name), []);
  const own = symbols.filter((symbol) => examplesOf(symbol).some((example) => /from "\./.test(example)));
  assert.deepEqual(own.map(({ name }) => name), []);
});

Deno.test("every symbol has an example, or its documentation leads to one that has", async () => {
  const symbols = await symbolsOf(doors["."]);
  const isData = ({ declarations: [{ kind }] }: Documented) => ["interface", "typeAlias"].includes(kind);
  const leading = new Set(
    symbols.filter((symbol) => examplesOf(symbol).length > 0).map(({ name }) => name),
  );
  assert.deepEqual(symbols.filter(({ name }) => !leading.has(name)).filter((symbol) => !isData(symbol)), []);
  for (let before = 0; before < leading.size;) {
    before = leading.size;
    for (const symbol of symbols) {
      if (linksOf(symbol).some((link) => leading.has(link))) leading.add(symbol.name);
    }
  }
  assert.deepEqual(symbols.map(({ name }) => name).filter((name) => !leading.has(name)), []);
});

Deno.test("what the documentation links to, of members too, is there for its readers", async () => {
  const symbols = await symbolsOf(doors["."]), names = new Set(symbols.map(({ name }) => name));
  const links = new Set(JSON.stringify(symbols).matchAll(/\{@link ([\w$]+)/g).map(([, name]) => name));
  assert(links.size > 50);
  assert.deepEqual([...links].filter((name) => !names.has(name)), []);
});

Deno.test("the whole has what its doors have", async () => {
  const whole = new Set((await symbolsOf(doors["."])).map(({ name }) => name));
  for (const path of Object.values(doors)) {
    const missing = (await symbolsOf(path)).filter(({ name }) => !whole.has(name));
    assert.deepEqual(missing.map(({ name }) => name), [], path);
  }
});

Deno.test("nothing large is installed that is never loaded: the union of tfjs' packages, Polars and DuckDB for another libc", () => {
  const locked = Object.keys(JSON.parse(Deno.readTextFileSync(`${root}deno.lock`)).npm as object);
  const has = (name: string) => locked.some((entry) => entry.startsWith(`${name}@`));
  assert(has("@tensorflow/tfjs-core") && has("nodejs-polars-linux-x64-gnu"));
  assert(!has("@tensorflow/tfjs") && !has("nodejs-polars-linux-x64-musl"));
  assert(has("@duckdb/node-bindings-linux-x64") && !has("@duckdb/node-bindings-linux-x64-musl"));
});
