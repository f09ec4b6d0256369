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
  const option = call && keys && optionsAt(api, call, known).find(({ name }) => name === word);
  if (option) return optionText(option);
  const found = word === "" ? [] : entriesOf(api, word, object, known);
  const entries = found.length > 0 || !call ? found : entriesOf(api, call.callee, call.object, known);
  return entries.length > 0 ? entries.map((entry) => entryText(api, entry)).join("\n\n---\n\n") : undefined;
}

/** The options that may be given where the cursor is in a call. */
export function optionsAt(api: Api, call: NonNullable<Place["call"]>, known: Known): Member[] {
  const [entry] = entriesOf(api, call.callee, call.object, known);
  const types = entry?.parameters[Math.min(call.argument, entry.parameters.length - 1)]?.types ?? [];
  return types.flatMap((type) => api.properties(type));
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
      types.filter((type) => api.entry(type)?.kind === "interface" && api.properties(type).some(isOptional))
        .flatMap((type) => api.properties(type))
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

const isOptional = ({ signature }: Member) => /^(readonly )?[\w$]+\?/.test(signature);

const optionLine = ({ signature, doc }: Member) =>
  `- \`${signature.replace(/\s+/g, " ")}\`${doc ? ` – ${unlinked(doc).replace(/\s+/g, " ")}` : ""}`;
