/** Reads what documents show: blocks of code, whole programs, command lines. */
import { root } from "../paths.ts";

/** The text of a document. */
export const textOf = (document: string): string => Deno.readTextFileSync(root + document);

/** The languages of a document's blocks. */
export const languagesOf = (document: string): string[] =>
  [...textOf(document).matchAll(/^```(.*)\n(?:.*\n)*?```$/gm)].map(([, language]) => language);

/** The blocks of a document in a language. */
export const blocksOf = (document: string, language: string): string[] =>
  [...textOf(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) =>
    code
  );

/** Whole programs: a block without an import continues the one before it, like cells of a notebook. */
export function programsOf(document: string): string[] {
  return blocksOf(document, "ts").reduce<string[]>(
    (all, code) => code.startsWith("import") ? [...all, code] : [...all.slice(0, -1), all.at(-1) + code],
    [],
  );
}

/** A command line of a document. */
export interface CommandLine {
  line: string;
  /** Whether it is within a sentence or a table. */
  isWithin: boolean;
}

/** An indented line after an empty one or another such line, with its continuation lines. */
const BLOCK = /(?<=\n\n(?: {4}\S.*\n)*) {4}(\S(?:.*\\\n)*.*)/;
/** One of our commands within a sentence or a table. */
const WITHIN = /`((?:deno task|automlp) [^`\n]+)`/;

/** A document's command lines in reading order, without the remarks after them. */
export function commandLinesOf(document: string): CommandLine[] {
  const text = textOf(document).replace(/^```.*\n(?:.*\n)*?```$/gm, "");
  return [...text.matchAll(new RegExp(`${BLOCK.source}|${WITHIN.source}`, "g"))]
    .map(([, block, within]) => ({
      line: (block ?? within).replace(/\\\n\s*/g, "").replace(/ +# .*$/, "").replace(/ …$/, ""),
      isWithin: within !== undefined,
    }));
}

/** A line's words; quotation marks keep a word together. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|[^\s']+/g)].map(([word, single, double]) =>
    single ?? double ?? word
  );
