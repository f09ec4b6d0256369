/**
 * The library's documentation where it is not available at the cursor, as `deno doc` reads it from the sources.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";

/** The module with the library's exports; the npm package contains JavaScript, with the documentation in its declaration files. */
const MODULE = new URL(import.meta.url.endsWith(".js") ? "../../mod.d.ts" : "../../mod.ts", import.meta.url);

const REFERENCE = "its reference is at https://jsr.io/@automlp/automlp/doc";

/**
 * Returns the documentation of a part of the library: its declaration, what it takes, returns and throws, and an example. It displays itself
 * in a notebook and as text. It takes a second or two, because Deno reads the library's sources.
 *
 * @param what A function, a class, an instance of one, a method such as `popularity`, or a name: `"Search.select"`, `"PrepareInput"`.
 * @throws {InputError} if the library has no such thing, or its sources are not available: they are in a clone, an npm package and the
 * kernel AutoMLP (Deno). Reading them requires the permissions to read and to start `deno`.
 * @example
 * ```ts
 * import { help, prepare } from "automlp";
 *
 * console.log(help(prepare), help("Search.select"));
 * ```
 */
export function help(what: unknown): object {
  for (const name of namesOf(what)) {
    const text = documentation(name);
    if (text !== undefined) return shown(text);
  }
  const asked = typeof what === "string" && what !== "" ? `"${what}"` : "this";
  throw new InputError(
    `Cannot help with ${asked}: the library has no such thing; give a function, a class or a name, as in help(prepare) or help("Search.select")`,
  );
}

/** Names under which a value may be documented: a function's or class's own name; for an object, that of its class or its own. */
function namesOf(what: unknown): string[] {
  const isName = (name: unknown): name is string =>
    typeof name === "string" && /^[\w$]+(\.[\w$]+)?$/.test(name);
  if (typeof what === "string") return [what].filter(isName);
  if (typeof what === "function") return [what.name].filter(isName);
  if (typeof what !== "object" || what === null) return [];
  const { name } = what as { name?: unknown };
  // "Item-kNN" is itemKnn.
  const own = String(name ?? "").toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return [what.constructor?.name, own].filter(isName);
}

/** What `deno doc` prints of a name, without the module's own documentation before it; undefined if there is no such name. */
function documentation(name: string): string | undefined {
  const state = (state: string, wish: string) => new InputError(`Cannot show help: ${state}; ${wish}`);
  if (MODULE.protocol !== "file:") {
    throw state("the library was loaded from the net, and its sources are not at hand", REFERENCE);
  }
  const { success, stdout, stderr } = run(["doc", "--quiet", "--filter", name, MODULE.href], state);
  const said = new TextDecoder().decode(success ? stdout : stderr);
  if (!success && !/Node .* was not found/.test(said)) {
    throw state(`Deno cannot read the sources: ${said.trim().split("\n")[0]}`, REFERENCE);
  }
  if (!success) return undefined;
  const text = said.slice(said.indexOf("\nDefined in ")).replace(/\nDefined in .*\n/g, "")
    // Deno says it of all methods.
    .replace(/^private function /gm, "");
  const [declared] = text.trim().split("\n", 1);
  const types = declared.matchAll(/\b[A-Z]\w*(?:Input|Options|Source)\b/g);
  const more = [...new Set(Array.from(types, ([type]) => type))].filter((type) => !declared.endsWith(type));
  return [text.trim(), ...more.map((type) => `See help("${type}")`)].join("\n\n");
}

function run(args: string[], state: (state: string, wish: string) => InputError): Deno.CommandOutput {
  try {
    return new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).outputSync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw state(
      "this program may not start deno, which reads the sources",
      "run deno with --allow-run --allow-read",
    );
  }
}

/** Shows text as it is. */
const shown = (text: string): object => ({
  [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text }),
  [Symbol.for("Deno.customInspect")]: () => text,
  toString: () => text,
});
