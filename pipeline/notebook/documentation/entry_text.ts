/**
 * Documentation of one export of the library, as Markdown.
 *
 * @module
 */
import type { Api, Entry, Member } from "./api.ts";

/** `{@link evaluate}` → `evaluate`. */
const unlinked = (text: string) => text.replace(/\{@link ([^}]+)\}/g, "`$1`");

/** Formats an option: its declaration and its meaning. */
export const optionText = ({ signature, doc }: Member) => `${codeBlock(signature)}\n\n${unlinked(doc)}`;
const codeBlock = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;

/** Formats one export of the library: its declaration, description, parameters and options, what it returns and throws, and an example. */
export function entryText(api: Api, { signature, doc, tags, parameters, kind, title }: Entry): string {
  const of = (wanted: string) => tags.filter((tag) => tag.kind === wanted);
  const isType = ["interface", "typeAlias"].includes(kind);
  const types = isType
    ? [title]
    : parameters.flatMap(({ types }) => types.filter((type) => isOptions(api, type)))
      // A class's other parameters, such as a manifest, are not written by hand.
      .filter((type) => kind !== "class" || type.endsWith("Options"));
  const options = types.flatMap((type) => api.properties(type));
  const choices = types.flatMap((type) => api.choices(type)).filter(({ properties }) =>
    properties.length > 0
  );
  const list = (title: string, lines: string[]) => lines.length > 0 ? [`**${title}**`, lines.join("\n")] : [];
  return [
    `**${title}**`,
    codeBlock(signature),
    unlinked(doc),
    ...list("Parameters", of("param").map(({ name, doc = "" }) => `- \`${name}\` ${unlinked(doc)}`)),
    ...list(isType ? "Properties" : "Options", options.map(optionLine)),
    ...list("Options by method", byLine(choices)),
    ...list("Members", kind === "class" ? memberLines(api, title) : []),
    ...list("Returns", of("return").map(({ doc = "" }) => unlinked(doc))),
    ...list("Throws", of("throws").map(({ tsType, doc = "" }) => `- ${tsType?.repr ?? ""} ${unlinked(doc)}`)),
    ...of("example").flatMap(({ doc = "" }) => ["**Example**", doc.trim()]),
  ].filter((part) => part !== "").join("\n\n");
}

/** The documented members of a class and its instances: one line each, with the first sentence of its documentation, which does not end within parentheses. */
const memberLines = (api: Api, name: string): string[] =>
  [true, false].flatMap((isClass) => api.members(name, isClass)?.names ?? []).flatMap((member) => {
    const entry = api.member(name, member);
    if (!entry) return [];
    const doc = entry.doc.split(/(?<=[.:])\s(?![^(]*\))/)[0].replace(/:$/, ".");
    return [optionLine({ signature: asMember(entry.signature), doc })];
  });

/** Rewrites a declaration in a class as a user of its instances sees it: `get users(): number` becomes `users: number`. */
const asMember = (signature: string) =>
  signature.replace(/;$/, "").replace(/^override /, "").replace(/^get ([\w$]+)\(\)/, "$1")
    .replace(/^(static )?(?:async )?\*?/, "$1").replace(/\(\s+/g, "(").replace(/,\s+\)/g, ")");

/** Lists each option once, with the methods that have it if not all do. */
function byLine(choices: ReturnType<Api["choices"]>): string[] {
  const lines = new Map<string, string[]>();
  for (const { choice, properties } of choices) {
    for (const line of properties.map(optionLine)) lines.getOrInsertComputed(line, () => []).push(choice);
  }
  const all = choices.map(({ choice }) => choice);
  return [...lines].map(([line, names]) => {
    const others = all.filter((name) => !names.includes(name));
    if (others.length === 0) return line;
    return `${line} (${others.length === 1 ? `all but ${others}` : names.join(", ")})`;
  });
}

/** Whether a type holds options, and is not an object with behavior, such as a model. */
const isOptions = (api: Api, type: string): boolean =>
  ["interface", "typeAlias"].includes(api.entry(type)?.kind ?? "") && !api.hasMethods(type) &&
  api.properties(type).some(isOptional);

const isOptional = ({ signature }: Member) => /^(readonly )?[\w$]+\?/.test(signature);

const optionLine = ({ signature, doc }: Pick<Member, "signature" | "doc">) =>
  `- \`${signature.replace(/\s+/g, " ")}\`${doc ? ` – ${unlinked(doc).replace(/\s+/g, " ")}` : ""}`;
