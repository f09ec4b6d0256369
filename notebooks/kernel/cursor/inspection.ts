/**
 * Documentation of what the cursor is at, as Markdown.
 *
 * @module
 */
import type { Api, Entry, Member } from "./api.ts";
import type { Place } from "./code.ts";

/** What variables are of, by their names. */
export type Known = ReadonlyMap<string, readonly string[]>;

/** What is at the cursor: the word if the library knows it, or else the call that it is in. Undefined where it is nothing of the library's. */
export function inspection(api: Api, place: Place, known: Known): string | undefined {
  const { word, object, call, keys } = place;
  const option = call && keys && optionsAt(api, place, known).find(({ name }) => name === word);
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
  const of = (types: readonly string[]) => types.flatMap((type) => api.properties(type));
  return path.reduce(
    (members, key) => of(members.find(({ name }) => name === key)?.types ?? []),
    of(types),
  );
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

/** `{@link evaluate}` → `evaluate`. */
const unlinked = (text: string) => text.replace(/\{@link ([^}]+)\}/g, "`$1`");

const optionText = ({ signature, doc }: Member) => `${codeBlock(signature)}\n\n${unlinked(doc)}`;
const codeBlock = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;

function entryText(api: Api, { signature, doc, tags, parameters, kind, title }: Entry): string {
  const of = (wanted: string) => tags.filter((tag) => tag.kind === wanted);
  const options = kind === "interface"
    ? api.properties(title)
    : parameters.flatMap(({ types }) =>
      types.filter((type) => isOptions(api, type)).flatMap((type) => api.properties(type))
    );
  const list = (title: string, lines: string[]) => lines.length > 0 ? [`**${title}**`, lines.join("\n")] : [];
  return [
    `**${title}**`,
    codeBlock(signature),
    unlinked(doc),
    ...list("Parameters", of("param").map(({ name, doc = "" }) => `- \`${name}\` ${unlinked(doc)}`)),
    ...list(kind === "interface" ? "Properties" : "Options", options.map(optionLine)),
    ...list("Returns", of("return").map(({ doc = "" }) => unlinked(doc))),
    ...list("Throws", of("throws").map(({ tsType, doc = "" }) => `- ${tsType?.repr ?? ""} ${unlinked(doc)}`)),
    ...of("example").flatMap(({ doc = "" }) => ["**Example**", doc.trim()]),
  ].filter((part) => part !== "").join("\n\n");
}

/** Whether an interface is one of options, and not of a thing that does something, as a model. */
const isOptions = (api: Api, type: string): boolean =>
  api.entry(type)?.kind === "interface" && !api.hasMethods(type) && api.properties(type).some(isOptional);

const isOptional = ({ signature }: Member) => /^(readonly )?[\w$]+\?/.test(signature);

const optionLine = ({ signature, doc }: Member) =>
  `- \`${signature.replace(/\s+/g, " ")}\`${doc ? ` – ${unlinked(doc).replace(/\s+/g, " ")}` : ""}`;
