/**
 * What a cursor is at in a cell's code: a word, an argument of a call, a key of an object of options, a name to import.
 *
 * @module
 */

import { aroundAt, before, closing, type Open } from "./brackets.ts";

/** The facts about a place in code. */
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
  /** The path of keys to that object: `columns` in `prepare({ columns: { ● } })`; none for the argument itself. */
  path?: string[];
  /** Whether the word is a text, all that stands between the quotes. */
  text?: boolean;
  /** Of a text that is the value of an option, or in a list that is: the option, which {@link Place.path} leads to. */
  key?: string;
  /** Whether the text is that of an index: `row["rank"]`. */
  index?: boolean;
  /** Whether names to import are listed there. */
  importing: boolean;
  /** Whether the word is the name of a module, as far as it stands before the cursor. */
  module?: boolean;
}

/** The name of a module that is being typed: `import … from "au`, `import("au`. */
const MODULE = /\b(?:from|import)\s*\(?\s*(["'])((?:(?!\1)[^\n])*)$/;

/** What stands before the bracket of an index, and not before that of a list. */
const INDEXED = /[\p{L}\p{N}_$)\]]$/u;

const WORD = /[\p{L}\p{N}_$]/u;

/** Analyzes a place, given in UTF-16 units. */
export function placeAt(code: string, cursor: number): Place {
  const module = MODULE.exec(before(code, cursor))?.[2];
  if (module !== undefined) {
    return { word: module, from: cursor - module.length, to: cursor, importing: false, module: true };
  }
  const { open, text } = aroundAt(code, cursor);
  if (text !== undefined) return textAt(code, cursor, open, text);
  let from = cursor, to = cursor;
  while (from > 0 && WORD.test(code[from - 1])) from--;
  while (to < code.length && WORD.test(code[to])) to++;
  const place: Place = {
    word: code.slice(from, to),
    from,
    to,
    object: memberOf(code, from),
    importing: isImport(code, open.at(-1)),
  };
  if (place.importing) return place;
  const objects = objectsIn(open), call = callAt(code, open.at(-1), from), inner = objects.at(-1);
  if (!call) return place;
  place.call = call;
  const path = pathTo(code, objects);
  if (inner && path && /[{,]\s*$/.test(before(code, from))) {
    place.keys = keysIn(code.slice(inner.at + 1, from));
    place.path = path;
  }
  return place;
}

/** A place in a text that begins behind a quote: an argument of a call, or the value of an option, or in a list that is. */
function textAt(code: string, cursor: number, open: Open[], from: number): Place {
  const to = Math.max(cursor, closing(code, code[from - 1], from - 1, code.length));
  const place: Place = { word: code.slice(from, to), from, to, text: true, importing: false };
  const list = open.at(-1)?.bracket === "[" ? open.pop() : undefined;
  if (list && INDEXED.test(code.slice(0, list.at))) return { ...place, index: true };
  const objects = objectsIn(open), call = callAt(code, open.at(-1), from), begin = list?.at ?? from - 1;
  if (!call) return place;
  if (objects.length === 0) return /[(,]\s*$/.test(before(code, begin)) ? { ...place, call } : place;
  const path = pathTo(code, objects), key = keyBefore(code, begin);
  return path && key !== undefined ? { ...place, call, path, key } : place;
}

/** Takes the objects that are open innermost; outermost first. */
function objectsIn(open: Open[]): Open[] {
  const objects: Open[] = [];
  while (open.at(-1)?.bracket === "{") objects.unshift(open.pop()!);
  return objects;
}

/** The call whose bracket is open before a place. */
function callAt(code: string, bracket: Open | undefined, from: number): Place["call"] {
  if (bracket?.bracket !== "(") return undefined;
  const head = before(code, bracket.at), callee = /([\p{L}\p{N}_$]+)\s*(?:<[^<>()]*>)?\s*$/u.exec(head);
  if (!callee) return undefined;
  const method = /^\(\s*["']([\w-]+)["']|\bmethod:\s*["']([\w-]+)["']/.exec(code.slice(bracket.at, from));
  return {
    callee: callee[1],
    object: memberOf(head, callee.index),
    argument: bracket.commas,
    ...(method && { method: method[1] ?? method[2] }),
  };
}

/** The keys that lead from an argument to the innermost object, each of which is the value of one; undefined where they do not begin an argument. */
function pathTo(code: string, objects: readonly Open[]): string[] | undefined {
  if (objects.length === 0 || !/[(,]\s*$/.test(before(code, objects[0].at))) return undefined;
  const path = objects.slice(1).map(({ at }) => keyBefore(code, at));
  return path.every((key) => key !== undefined) ? path : undefined;
}

/** Returns the key whose value begins at a place. */
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
