/**
 * What a cursor is at in a cell's code: a word, an argument of a call, a key of an object of options, a name to import.
 *
 * @module
 */

/** An open bracket before the cursor. */
interface Open {
  bracket: string;
  at: number;
  /** Commas in it so far. */
  commas: number;
}

/** What is known of a place in code. */
export interface Place {
  /** The word that the cursor is in or behind, and where it begins and ends. */
  word: string;
  from: number;
  to: number;
  /** What the word is a member of: `search` in `search.select`. */
  object?: string;
  /** The call that the cursor is in: its name as it is written, `new` left out, and which argument, from 0. */
  call?: {
    callee: string;
    object?: string;
    argument: number;
    /** The method that it names, as its first argument or among its options: options go by it. */
    method?: string;
  };
  /** Whether the cursor is at a key of an object that is that argument, or lies in it; with the keys that are there already. */
  keys?: string[];
  /** The keys that lead to that object: `columns` in `prepare({ columns: { ● } })`; none for the argument itself. */
  path?: string[];
  /** Whether names to import are listed there. */
  importing: boolean;
  /** Whether the word is the name of a module, as far as it stands before the cursor. */
  module?: boolean;
}

/** The name of a module that is being typed: `import … from "au`, `import("au`. */
const MODULE = /\b(?:from|import)\s*\(?\s*(["'])((?:(?!\1)[^\n])*)$/;

const WORD = /[\p{L}\p{N}_$]/u;

/** Characters before a place in which it is looked what ends there: an expression may take the square of their number. */
const NEAR = 500;
const before = (code: string, at: number): string => code.slice(Math.max(0, at - NEAR), at);

/** Looks at a place, given in UTF-16 units. */
export function placeAt(code: string, cursor: number): Place {
  const module = MODULE.exec(before(code, cursor))?.[2];
  if (module !== undefined) {
    return { word: module, from: cursor - module.length, to: cursor, importing: false, module: true };
  }
  let from = cursor, to = cursor;
  while (from > 0 && WORD.test(code[from - 1])) from--;
  while (to < code.length && WORD.test(code[to])) to++;
  const open = openBrackets(code, from),
    place: Place = {
      word: code.slice(from, to),
      from,
      to,
      object: memberOf(code, from),
      importing: isImport(code, open.at(-1)),
    };
  if (place.importing) return place;
  const objects: Open[] = [];
  while (open.at(-1)?.bracket === "{") objects.unshift(open.pop()!);
  const call = open.at(-1), inner = objects.at(-1);
  if (call?.bracket !== "(") return place;
  const head = before(code, call.at), callee = /([\p{L}\p{N}_$]+)\s*(?:<[^<>()]*>)?\s*$/u.exec(head);
  if (!callee) return place;
  const method = /^\(\s*["']([\w-]+)["']|\bmethod:\s*["']([\w-]+)["']/.exec(code.slice(call.at, from));
  place.call = { callee: callee[1], object: memberOf(head, callee.index), argument: call.commas };
  if (method) place.call.method = method[1] ?? method[2];
  // An object that begins the argument holds options; one further in is the value of one of them.
  const path = objects.slice(1).map(({ at }) => keyBefore(code, at));
  const begins = objects.length > 0 && /[(,]\s*$/.test(before(code, objects[0].at));
  if (inner && begins && path.every((key) => key !== undefined) && /[{,]\s*$/.test(before(code, from))) {
    place.keys = keysIn(code.slice(inner.at + 1, from));
    place.path = path;
  }
  return place;
}

/** The key whose value begins at a place. */
const keyBefore = (code: string, at: number): string | undefined =>
  /([\p{L}_$][\p{L}\p{N}_$]*)\s*:\s*$/u.exec(before(code, at))?.[1];

/** What stands before the dot in front of a word; undefined where there is none. */
const memberOf = (code: string, at: number): string | undefined =>
  /([\p{L}\p{N}_$]+)\s*\??\.\s*$/u.exec(before(code, at))?.[1];

const isImport = (code: string, open: Open | undefined): boolean =>
  open?.bracket === "{" && /(^|[\n;])\s*import\s+(type\s+)?$/.test(before(code, open.at));

/** Keys of an object's text, as far as they stand at its top level. */
const keysIn = (text: string): string[] =>
  [...text.matchAll(/(?:^|,)\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*[:,]/gu)].map(([, key]) => key);

const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Brackets that are open at a place; those in text and in comments do not count. */
function openBrackets(code: string, end: number): Open[] {
  const open: Open[] = [];
  for (let i = 0; i < end; i++) {
    const c = code[i];
    if (c === "/" && code[i + 1] === "/") i = next(code, "\n", i, end);
    else if (c === "/" && code[i + 1] === "*") i = next(code, "*/", i + 1, end) + 1;
    else if (c === '"' || c === "'" || c === "`") i = closing(code, c, i, end);
    else if ("([{".includes(c)) open.push({ bracket: c, at: i, commas: 0 });
    else if (c in PAIRS && open.at(-1)?.bracket === PAIRS[c]) open.pop();
    else if (c === "," && open.length > 0) open.at(-1)!.commas++;
  }
  return open;
}

function next(code: string, text: string, from: number, end: number): number {
  const at = code.indexOf(text, from);
  return at < 0 ? end : at;
}

/** Where a text that begins at a quote ends. */
function closing(code: string, quote: string, from: number, end: number): number {
  for (let i = from + 1; i < end; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === quote) return i;
  }
  return end;
}

/** A name that a cell gives to what a class or a function makes. */
export interface Binding {
  name: string;
  maker: string;
  /** What the maker is a member of: `search` in `search.with()`. */
  object?: string;
  /** Which property of what is made, where it is taken apart. */
  property?: string;
}

const MADE =
  /(?:const|let|var)\s+([\p{L}\p{N}_$]+|\{[^}]*\})\s*=\s*(?:await\s+)?(?:new\s+)?(?:([\p{L}\p{N}_$]+)\s*\.\s*)?([\p{L}\p{N}_$]+)\s*\(/gu;

/** What a cell's variables are made by, as far as that is plain to see. */
export function bindingsIn(code: string): Binding[] {
  return [...code.matchAll(MADE)].flatMap(([, target, object, maker]): Binding[] => {
    const made = { maker, ...(object !== undefined && { object }) };
    if (!target.startsWith("{")) return [{ name: target, ...made }];
    return target.slice(1, -1).split(",").map((part) => part.split(":").map((word) => word.trim()))
      .filter(([property]) => property !== "")
      .map(([property, name = property]) => ({ name, property, ...made }));
  });
}
