/**
 * Answers a front end's questions about code at the cursor (Tab, Shift+Tab) by Deno's language server, to which the cells that ran are one
 * document.
 *
 * @module
 */
import { resolve } from "node:path";
import type { LanguageServer } from "./language_server.ts";
import type { Helper } from "./relay.ts";
import type { Content, Message } from "./wire.ts";

/** A cell's code, and a place in it in UTF-16 units. */
interface Place {
  code: string;
  at: number;
}

/** What the language server offers at a place, and of what it says as far as it matters. */
interface Item {
  label: string;
  kind: number;
  sortText?: string;
  insertText?: string;
  detail?: string;
  documentation?: Markdown;
}
interface Markdown {
  value: string;
}
interface Signatures {
  signatures: { label: string; documentation?: Markdown }[];
}

/** The protocol's number for a property. */
const PROPERTY = 5;

/** Milliseconds that a completion may take: JupyterLab waits for one second. */
const LIMIT = 900;

/**
 * One more import, in the place of that which is being typed: the server takes longer where the modules are not those of its last answer. It
 * is what is asked about at the start, too, as the server's first answer takes seconds.
 */
const LIBRARY = 'import {} from "automlp";\n';

/** Imports, which are allowed at the top of a module only. */
const IMPORT = /(?<=^|;[ \t]*)import\b(?!\s*\()[^"'`;]*["'][^"'\n]*["'];?/gm;
/** An import that is being typed, and one of names of which it is not yet said where from. */
const IMPORTING = /(?<=^|;[ \t]*)import\b(?!\s*\()[^;"'`]*(["'][^"'\n]*)?(?![^])/m;
const NAMES = /(?<=^|;[ \t]*)import\s+(?:type\s+)?\{[^}"'`;]*(?![^])/m;

/** The name of a module that a line ends in: `import … from "au`, `import("au`. */
const MODULE = /\b(?:from|import)\s*\(?\s*["'](?<module>[^"']*)$/;
/** The text that a line ends in, behind what stands before its quote. */
const TEXT = /^(?<before>(?:[^"'`]|(["'`])(?:(?!\2|\\).|\\.)*\2)*)(["'])(?<typed>(?:(?!\3|\\).|\\.)*)$/;
/** What is said of a word of which nothing is known. */
const NOTHING = /^```\w+\nany\n```\s*$/;
/** What stands before the quote of an index: `row["rank"]`. */
const INDEX = /[\p{L}\p{N}_$)\]]\s*\[\s*$/u;
/** The word that a line ends in. */
const WORD = /[\p{L}\p{N}_$]*$/u;

/** What follows a place in a word that is called. */
const CALLED = /^[\p{L}\p{N}_$]*\(/u;

/** Members of every object, and those of the error that an unknown variable is to the kernel. */
const PLUMBING = new Set(["constructor", ...Object.getOwnPropertyNames(Object.prototype)]);
const OF_ERRORS = new Set(["message", "name", "stack"]);

/** A notebook as its kernel has seen it. */
export class Cursor implements Helper {
  /** The code of the cells that ran, by what tells cells apart; that which ran last is the last. */
  readonly #cells = new Map<string, string>();

  /**
   * @param server Answers; it is asked something at once.
   * @param folder The notebook's folder, which paths are relative to.
   * @param modules Names of modules that can be imported.
   */
  constructor(readonly server: LanguageServer, readonly folder: string, readonly modules: string[]) {
    this.#warm();
  }

  ran({ content: { code, silent }, metadata: { cellId } }: Message): void {
    if (typeof code !== "string" || silent === true) return;
    const cell = typeof cellId === "string" ? cellId : code;
    this.#cells.delete(cell);
    this.#cells.set(cell, code);
    if (code.match(IMPORT)) this.#warm();
  }

  /** Lets the server read what is imported, which takes longer than anything else. */
  #warm(): void {
    this.#items({ code: "", at: 0 });
  }

  async answer({ type, content: { code, cursor_pos: points } }: Message): Promise<Content | undefined> {
    if (typeof code !== "string" || typeof points !== "number") return undefined;
    // Jupyter counts characters; strings count UTF-16 units.
    const place = { code, at: Array.from(code).slice(0, points).join("").length };
    return await (type === "inspect_request" ? this.#inspect(place) : this.#complete(place));
  }

  /** The kernel's words in order, without those that nobody looks for. */
  tidied({ type, content }: Message): Content | undefined {
    if (type !== "complete_reply" || !Array.isArray(content.matches)) return undefined;
    const nameOf = (word: string) => word.split(".").at(-1)!;
    const words = (content.matches as string[]).filter((word) => !PLUMBING.has(nameOf(word)));
    const isError = words.every((word) => OF_ERRORS.has(nameOf(word)));
    return { ...content, matches: isError ? [] : words.sort((a, b) => a.localeCompare(b)) };
  }

  async #complete(place: Place): Promise<Content | undefined> {
    const { code, at } = place, line = code.slice(code.lastIndexOf("\n", at - 1) + 1, at);
    const { module } = MODULE.exec(line)?.groups ?? {};
    const modules = module === undefined ? [] : this.modules.filter((name) => name.startsWith(module));
    if (modules.length > 0) return completed(place, modules, module!);
    const items = await Promise.race([this.#items(place), after(LIMIT)]), names = items?.map(nameOf) ?? [];
    const { before, typed } = TEXT.exec(line)?.groups ?? {}, word = WORD.exec(line)![0];
    const texts = typed === undefined ? [] : names.filter((name) => name.startsWith(typed));
    if (texts.length > 0) return completed(place, texts, typed);
    const words = names.filter((name) => isOffered(name, word));
    if (words.length > 0) return completed(place, words, word);
    if (typed !== undefined) {
      const isPath = items && !INDEX.test(before) && !IMPORTING.test(code.slice(0, at));
      const files = isPath ? filesFor(this.folder, typed) : [];
      return completed(place, files, typed.slice(typed.lastIndexOf("/") + 1));
    }
    // The kernel knows values, and offers everything where nothing is typed.
    return word !== "" || line.endsWith(".") ? undefined : completed(place, [], word);
  }

  async #inspect(place: Place): Promise<Content | undefined> {
    const text = await this.#word(place) ?? await this.#call(place);
    if (text === undefined) return undefined;
    // A link leads to a file of this machine.
    const plain = text.replace(/\[([^\]]+)\]\(file:[^)]*\)/g, "`$1`");
    return { status: "ok", found: true, data: { "text/markdown": plain, "text/plain": plain }, metadata: {} };
  }

  /** What is known of the word at a place. */
  async #hover(place: Place): Promise<string | undefined> {
    const text = (await this.#ask<{ contents: Markdown }>("hover", place))?.contents.value;
    return text !== undefined && NOTHING.test(text) ? undefined : text;
  }

  /** What is known of the word at a place, and the options of its call if it is one that begins with them. */
  async #word({ code, at }: Place): Promise<string | undefined> {
    const text = await this.#hover({ code, at }), [called] = CALLED.exec(code.slice(at)) ?? [];
    if (text === undefined || called === undefined) return text;
    return [text, ...await this.#options({ code, at: at + called.length })].join("\n\n");
  }

  /** What is known of the call that a place is in, and the options that may be given there. */
  async #call(place: Place): Promise<string | undefined> {
    const [signature] = (await this.#ask<Signatures>("signatureHelp", place))?.signatures ?? [];
    if (!signature) return undefined;
    const { code, at } = place, name = WORD.exec(signature.label.split(/[<(]/, 1)[0])![0];
    const callee = code.slice(0, at).lastIndexOf(`${name}(`);
    const text = callee < 0 ? undefined : await this.#hover({ code, at: callee });
    return [
      text ?? `\`\`\`ts\n${signature.label}\n\`\`\`\n${signature.documentation?.value ?? ""}`,
      ...await this.#options(place),
    ].join("\n\n");
  }

  /** The options that may be given at a place, or in an object that begins there. */
  async #options({ code, at }: Place): Promise<string[]> {
    const within = { code: `${code.slice(0, at)}{ ${code.slice(at)}`, at: at + 2 };
    for (const place of [{ code, at }, within]) {
      const items = await this.#items(place);
      const isOptional = items.some(({ label }) => label.endsWith("?"));
      if (!isOptional || items.some(({ kind }) => kind !== PROPERTY)) continue;
      const known = await Promise.all(items.map((item) => this.server.resolve(item)));
      return ["**Options**", known.map((item, i) => optionLine(item ?? items[i])).join("\n")];
    }
    return [];
  }

  async #items(place: Place): Promise<Item[]> {
    const found = await this.#ask<{ items: Item[] } | Item[]>("completion", place);
    const items = Array.isArray(found) ? found : found?.items ?? [];
    return items.filter(({ insertText = "" }) => !insertText.startsWith("[")).sort(byUse); // no [Symbol.iterator]
  }

  /** Asks about a place in a cell that would run next. */
  #ask<T>(question: string, place: Place): Promise<T | undefined> {
    const { text, at } = documentOf([...this.#cells.values()], place);
    return this.server.at(question, text, at);
  }
}

/**
 * All code as one module, and where the place is in it. A cell may declare again what an earlier one declared, so each is in a block within
 * the block of the one before.
 */
function documentOf(cells: string[], { code, at }: Place): { text: string; at: number } {
  const before = code.slice(0, at);
  const imports = (from: string[]) =>
    [...new Set(from.flatMap((cell) => cell.match(IMPORT) ?? []))].map((line) => `${line}\n`).join("");
  if (IMPORTING.test(before)) {
    const head = imports(cells),
      isOpen = NAMES.test(before) && !/^[^{}"'`;]*\}\s*from\b/.test(code.slice(at));
    return { text: head + (isOpen ? `${before}} from "automlp";` : code), at: head.length + at };
  }
  const blocks = cells.map((cell) => `{ ${cell.replace(IMPORT, "")}\n`);
  const head = imports([...cells, code]) + LIBRARY + blocks.join("") + "{ ";
  return { text: head + code.replace(IMPORT, (line) => line.replace(/[^\n]/g, " ")), at: head.length + at };
}

/** What must be given comes before what may be, what the code declares before what every program has, functions before types. */
function byUse(a: Item, b: Item): number {
  const place = ({ sortText = "", label }: Item) => sortText + (/^\p{Lu}/u.test(label) ? "1" : "0");
  return place(a).localeCompare(place(b)) || a.label.localeCompare(b.label);
}

const after = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));

const nameOf = ({ label }: Item): string => label.replace(/\?$/, "");

/** Whether a name completes a word; one that cannot be written as a word does not, nor one that is private by its first letter. */
const isOffered = (name: string, word: string): boolean =>
  name.startsWith(word) && WORD.exec(name)![0] === name && (word !== "" || !name.startsWith("_"));

/** As in `k?: number`, with what the option means. */
function optionLine({ label, detail = label, documentation }: Item): string {
  const declared = detail.replace(/^\(property\) (?:[\w$<>, ]+\.)?/, "").replace(
    /(?<=\?: .*) \| undefined$/,
    "",
  );
  return `- \`${declared.replace(/\s+/g, " ")}\` – ${(documentation?.value ?? "").replace(/\s+/g, " ")}`;
}

/** The answer that words take the place of what was typed before a place. */
function completed({ code, at }: Place, words: readonly string[], typed: string): Content {
  const points = (units: number) => Array.from(code.slice(0, units)).length;
  return {
    status: "ok",
    matches: words,
    cursor_start: points(at - typed.length),
    cursor_end: points(at),
    metadata: {},
  };
}

/**
 * Lists the files that complete a path being typed, folders with a slash at the end; hidden files only if a dot was typed. The list is empty
 * if there is no such folder or it may not be read.
 *
 * @param from The folder that the path is relative to.
 */
function filesFor(from: string, typed: string): string[] {
  const slash = typed.lastIndexOf("/") + 1, begun = typed.slice(slash);
  try {
    return [...Deno.readDirSync(resolve(from, typed.slice(0, slash)))]
      .filter(({ name }) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")))
      .map(({ name, isDirectory }) => isDirectory ? `${name}/` : name)
      .sort((a, b) => a.localeCompare(b));
  } catch {
    return [];
  }
}
