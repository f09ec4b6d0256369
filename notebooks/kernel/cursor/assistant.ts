/**
 * Answers a front end's questions about code at the cursor (Shift+Tab, Tab) that Deno's kernel cannot answer.
 *
 * @module
 */
import type { Api, Entry, Members } from "../../../pipeline/notebook/documentation/api.ts";
import { bindingsIn, placeAt } from "./code.ts";
import { completion, tidied } from "./completion.ts";
import { inspection } from "./inspection.ts";
import type { Message } from "./messages.ts";
import type { Onlooker } from "./relay.ts";

/** Watches a kernel's shell channel. */
export class Assistant implements Onlooker {
  readonly #questions = new Map<string, { code: string; cursor: number }>();
  /** By the cells' variables: the types that they give, for completions. */
  readonly #known = new Map<string, string[]>();
  /** By the cells' variables: their own type. */
  readonly #is = new Map<string, string>();
  #api?: Promise<Api | undefined>;

  /**
   * @param load Reads the library's documentation; called once, when it is first needed or by {@link begin}.
   * @param folder The notebook's folder, which paths are relative to.
   */
  constructor(readonly load: () => Promise<Api>, readonly folder: string) {}

  /** Reads the documentation in advance: JupyterLab waits one second for completions, and reading takes longer. */
  begin(): void {
    this.#documentation();
  }

  asked({ id, type, content: { code, cursor_pos: cursor } }: Message): void {
    if (typeof code !== "string") return;
    if (type === "execute_request") this.#learn(code);
    if ((type === "inspect_request" || type === "complete_request") && typeof cursor === "number") {
      this.#questions.set(id, { code, cursor: unitsOf(code, cursor) });
    }
  }

  answer({ type, parent, content }: Message): Promise<Record<string, unknown> | undefined> | undefined {
    const question = parent === undefined ? undefined : this.#questions.get(parent);
    if (!question || type !== "inspect_reply" && type !== "complete_reply") return undefined;
    this.#questions.delete(parent!);
    return type === "inspect_reply" ? this.#inspect(question, content) : this.#complete(question, content);
  }

  async #inspect(
    { code, cursor }: { code: string; cursor: number },
    own: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    const api = await this.#documentation();
    const text = own.found === true ? undefined : api && inspection(api, placeAt(code, cursor), this.#known);
    if (text === undefined) return undefined;
    return { status: "ok", found: true, data: { "text/markdown": text, "text/plain": text }, metadata: {} };
  }

  async #complete(
    { code, cursor }: { code: string; cursor: number },
    own: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    const place = placeAt(code, cursor), api = await this.#documentation();
    const found = api && completion(api, place, cursor, this.#known, this.folder);
    if (found) {
      return {
        status: "ok",
        matches: found.matches,
        cursor_start: pointsOf(code, found.from),
        cursor_end: pointsOf(code, found.to),
        metadata: {},
      };
    }
    if (!Array.isArray(own.matches)) return undefined;
    const members = place.object === undefined ? undefined : api && this.#members(api, place.object);
    return { ...own, matches: tidied(own.matches, place.word.slice(0, cursor - place.from), members) };
  }

  /** The members of a class, or of a variable that a cell created. */
  #members(api: Api, object: string): Members | undefined {
    const type = this.#is.get(object);
    return type === undefined ? api.members(object, true) : api.members(type);
  }

  /** Without documentation, the kernel's own answers are used. */
  #documentation(): Promise<Api | undefined> {
    return this.#api ??= this.load().catch(() => undefined);
  }

  /** Variables that a cell creates: `const search = new Search(…)`, `const { dataset } = await prepare(…)`. */
  async #learn(code: string): Promise<void> {
    const bindings = bindingsIn(code);
    if (bindings.length === 0) return;
    const api = await this.#documentation();
    if (!api) return;
    for (const { name, maker, object, property } of bindings) {
      const entry = object === undefined
        ? api.entry(maker)
        : api.member(this.#is.get(object) ?? object, maker);
      const { gives: types, is }: Pick<Entry, "gives" | "is"> = entry && property !== undefined
        ? taken(api, entry, property)
        : entry ?? { gives: [] };
      if (types.length > 0) this.#known.set(name, types);
      else this.#known.delete(name);
      if (is !== undefined) this.#is.set(name, is);
      else this.#is.delete(name);
    }
  }
}

/** Returns the types that a property of an expression's result gives, and its own. */
function taken(api: Api, { gives, is }: Entry, property: string): Pick<Entry, "gives" | "is"> {
  const of = (type: string) => api.properties(type).find(({ name }) => name === property);
  return {
    gives: gives.flatMap((type) => of(type)?.types ?? []),
    is: is === undefined ? undefined : of(is)?.is,
  };
}

/** Jupyter counts characters; strings count UTF-16 units. */
const unitsOf = (code: string, points: number): number => Array.from(code).slice(0, points).join("").length;
const pointsOf = (code: string, units: number): number => Array.from(code.slice(0, units)).length;
