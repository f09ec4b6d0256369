/**
 * Documentation of the code at the cursor, as Markdown.
 *
 * @module
 */
import type { Api, Entry, Member } from "../../../pipeline/notebook/documentation/api.ts";
import { entryText, optionText } from "../../../pipeline/notebook/documentation/entry_text.ts";
import type { Place } from "./code.ts";
import { importable } from "./importable.ts";

/** What variables are of, by their names. */
export type Known = ReadonlyMap<string, readonly string[]>;

/** What is at the cursor: the word if the library knows it, or else the call that it is in. Undefined where it is nothing of the library's. */
export function inspection(api: Api, place: Place, known: Known): string | undefined {
  const { word, object, call, keys, key } = place, asked = key ?? (keys && word);
  const option = call && asked && optionsAt(api, place, known).find(({ name }) => name === asked);
  if (option) return optionText(option);
  const found = word === "" ? [] : entriesOf(api, word, object, known);
  const entries = found.length > 0 || !call ? found : entriesOf(api, call.callee, call.object, known);
  return entries.length > 0 ? entries.map((entry) => entryText(api, entry)).join("\n\n---\n\n") : undefined;
}

/** The options that may be given where the cursor is in a call, or in an object that is the value of one of its options. */
export function optionsAt(api: Api, { call, path = [] }: Place, known: Known): Member[] {
  if (!call) return [];
  const [entry] = entriesOf(api, call.callee, call.object, known);
  const types = entry?.parameters[Math.min(call.argument, entry.parameters.length - 1)]?.types ?? [];
  const of = (types: readonly string[]) => types.flatMap((type) => api.properties(type, call.method));
  return path.reduce(
    (members, key) => of(members.find(({ name }) => name === key)?.types ?? []),
    of(types),
  );
}

/** What a text may be: an argument, or the value of an option. */
export interface TextValue {
  /** The texts that there are for it, or some of them; none where there are too many to name. */
  texts: readonly string[];
  /** Whether it may be another one. */
  isFree: boolean;
}

/** What the text may be that the cursor is in; undefined where it goes to nothing of the library's. */
export function valueAt(api: Api, place: Place, known: Known): TextValue | undefined {
  const { call, key } = place;
  if (!call) return undefined;
  if (key !== undefined) {
    const option = optionsAt(api, place, known).find(({ name }) => name === key);
    return option && { texts: option.texts, isFree: /\bstring\b/.test(option.signature) };
  }
  const [entry] = entriesOf(api, call.callee, call.object, known),
    parameter = entry?.parameters[call.argument];
  if (entry?.title === "help") return { texts: importable(api), isFree: false };
  return parameter && { texts: parameter.texts, isFree: parameter.texts.length === 0 };
}

/** A name of the library's; a member of what its object is known to be, or of all that have one of that name. */
function entriesOf(api: Api, name: string, object: string | undefined, known: Known): Entry[] {
  if (object === undefined) {
    const entry = api.entry(name);
    if (entry) return [entry];
    const types = known.get(name) ?? [];
    return types.flatMap((type) => api.entry(type) ?? []);
  }
  const owners = known.get(object) ??
    (api.entry(object) ? [object, ...api.entry(object)!.gives] : api.owners(name));
  return owners.flatMap((owner) => api.member(owner, name) ?? []);
}
