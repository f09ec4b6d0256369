/**
 * Documentation for places where it is not available at the cursor.
 *
 * @module
 */
import { didYouMean, InputError } from "../../contract/errors.ts";
import { Api, type Entry } from "./api.ts";
import { entryText } from "./entry_text.ts";

/** The module with the library's exports; the npm package contains JavaScript, with the documentation in its declaration files. */
const MODULE = new URL(
  import.meta.url.endsWith(".js") ? "../../../mod.d.ts" : "../../../mod.ts",
  import.meta.url,
);

const REFERENCE = "its reference is at https://jsr.io/@automlp/automlp/doc";

let documented: Api | undefined;

/**
 * Returns the documentation of a part of the library, with its options, their defaults and an example: what Shift+Tab shows in a notebook.
 * It displays itself in a notebook and as text. The first call takes a second or two, because Deno reads the library's sources.
 *
 * @param what A function, a class, an instance of one, a method such as `popularity`, or a name: `"Search.select"`.
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
  const names = namesOf(what), api = documented ??= documentation();
  const entry = names.map((name) => entryOf(api, name)).find((one) => one !== undefined);
  if (entry) return shown(entryText(api, entry));
  const [asked] = typeof what === "string" && what !== "" ? [what] : [];
  throw new InputError(
    `Cannot help with ${asked === undefined ? "this" : `"${asked}"`}: the library has no such thing${
      asked === undefined ? "" : didYouMean(asked, api.names())
    }; give a function, a class or a name, as in help(prepare) or help("Search.select")`,
  );
}

/** Names under which a value may be documented: a function's or class's own name; for an object, that of its class or its own. */
function namesOf(what: unknown): string[] {
  if (typeof what === "string") return [what];
  if (typeof what === "function") return [what.name];
  if (typeof what !== "object" || what === null) return [];
  const { name } = what as { name?: unknown };
  // "Item-kNN" is itemKnn.
  const own = String(name ?? "").toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return [what.constructor?.name ?? "", own];
}

function entryOf(api: Api, name: string): Entry | undefined {
  const [owner, member] = name.split(".");
  return member === undefined ? api.entry(owner) : api.member(owner, member);
}

function documentation(): Api {
  const state = (state: string, wish: string) => new InputError(`Cannot show help: ${state}; ${wish}`);
  if (MODULE.protocol !== "file:") {
    throw state(
      "the library was loaded from the net, and its sources are not at hand",
      REFERENCE,
    );
  }
  try {
    return Api.now(MODULE.href);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) {
      throw state(`Deno cannot read the sources: ${(error as Error).message}`, REFERENCE);
    }
    throw state(
      "this program may not start deno, which reads the sources",
      "run deno with --allow-run --allow-read",
    );
  }
}

/** Shows text as Markdown in a notebook, and as it is elsewhere. */
const shown = (text: string): object => ({
  [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": text, "text/plain": text }),
  [Symbol.for("Deno.customInspect")]: () => text,
  toString: () => text,
});
