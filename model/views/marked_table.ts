/**
 * Tables of figures in which the best is marked, as Markdown, LaTeX, CSV, HTML and text.
 *
 * @module
 */
import { stringify } from "../../pipeline/std/csv.ts";
import type { Block } from "../../pipeline/display/page.ts";
import { formatCell, type Table, tableBox, tableElement } from "../../pipeline/display/table.ts";

/** A figure over some repetitions; NaN where there is none. */
export interface Figure {
  mean: number;
  /** Standard deviation over repetitions; undefined with one. */
  sd?: number;
  /** 1: the best of its column; 2: the next. */
  rank?: 1 | 2;
  /** As in `*`, for what a note explains. */
  mark?: string;
}

/** An amount as people read it, and as a program does: `1:34` and 94.2; a value that there is not is "–" and "". */
export interface Amount {
  said: string;
  value: number | string;
}

/** What is in a table. */
export type Cell = string | number | Figure | Amount;

/** A table whose cells are figures, amounts, numbers or text. */
export interface MarkedTable {
  caption: string;
  columns: string[];
  rows: Cell[][];
  /** By column, in what its amounts are counted: what a program is told, for it has them without units. */
  units?: Record<string, string>;
  /** See {@link Table.spare}. */
  spare?: string[];
}

/** Marks the best and the next of each column of figures; the higher is the better. */
export function ranked({ rows, ...rest }: MarkedTable): MarkedTable {
  const marked = rows.map((row) => row.map((cell) => isFigure(cell) ? { ...cell } : cell));
  for (const [column] of rest.columns.entries()) {
    const figures = marked.map((row) => row[column]).filter(isFigure).filter(({ mean }) =>
      !Number.isNaN(mean)
    ).sort((a, b) => b.mean - a.mean);
    if (figures.length < 2) continue;
    // Equal to the last digit that is shown is equal.
    const isShownAs = (figure: Figure, other: Figure) => digits(figure.mean) === digits(other.mean);
    const next = figures.find((figure) => !isShownAs(figure, figures[0]));
    for (const figure of figures) {
      if (isShownAs(figure, figures[0])) figure.rank = 1;
      else if (next && isShownAs(figure, next)) figure.rank = 2;
    }
  }
  return { ...rest, rows: marked };
}

const isFigure = (cell: Cell): cell is Figure => typeof cell === "object" && "mean" in cell;
/** A cell as people read it, a figure without its rank. */
const plain = (cell: Cell): string | number =>
  typeof cell !== "object" ? cell : isFigure(cell) ? words(cell) : cell.said;
const digits = (value: number) => value.toFixed(4);

function words({ mean, sd, mark = "" }: Figure, plusMinus = " ± "): string {
  if (Number.isNaN(mean)) return "–";
  return digits(mean) + (sd === undefined ? "" : plusMinus + digits(sd)) + mark;
}

/** As lines of text for a terminal: ¹ the best of a column, ² the next. */
export function plainTable({ rows, ...rest }: MarkedTable): Table {
  const said = (figure: Figure) => words(figure) + (figure.rank ? ["", " ¹", " ²"][figure.rank] : "");
  return { ...rest, rows: rows.map((row) => row.map((cell) => isFigure(cell) ? said(cell) : plain(cell))) };
}

/** Text of one line in which nothing is markup to GitHub's Markdown. */
export const escapeMarkdown = (text: string): string =>
  formatCell(text).replace(/[\\|`*_<>[\]$~&]/g, (character) => `\\${character}`);

/** As a table of GitHub's Markdown: the best bold, the next underlined. */
export function markdownTable(table: MarkedTable): string {
  const { caption, columns, rows } = table, escape = escapeMarkdown;
  const said = (figure: Figure) =>
    marks(figure, words(figure).replaceAll("*", "\\*"), "**", "**", "<u>", "</u>");
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${escape(caption)}**`,
    "",
    line(columns.map(escape)),
    line(amounts(table).map((right) => right ? "--:" : "---")),
    ...rows.map((row) =>
      line(row.map((cell) => isFigure(cell) ? said(cell) : escape(formatCell(plain(cell)))))
    ),
  ].join("\n");
}

/** As a table of LaTeX with the rules of `booktabs`: the best bold, the next underlined. */
export function latexTable(table: MarkedTable): string {
  const { caption, columns, rows } = table;
  const said = (figure: Figure) => {
    if (Number.isNaN(figure.mean)) return "--";
    const text = words(figure, " \\pm ").replace(
      /[*†]+$/,
      (marks) => `^{${marks.replaceAll("†", "\\dagger ").trim()}}`,
    );
    return marks(figure, `$${text}$`, "\\textbf{\\boldmath ", "}", "\\underline{", "}");
  };
  const line = (cells: string[]) => `  ${cells.join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    `\\caption{${escapeLatex(caption)}}`,
    `\\begin{tabular}{${amounts(table).map((right) => right ? "r" : "l").join("")}}`,
    "  \\toprule",
    line(columns.map(escapeLatex)),
    "  \\midrule",
    ...rows.map((row) =>
      line(row.map((cell) => isFigure(cell) ? said(cell) : escapeLatex(formatCell(plain(cell)))))
    ),
    "  \\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
  ].join("\n");
}

/** Greek letters as LaTeX calls them; those that look like Latin ones it has not. */
const GREEK =
  "α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho " +
  "ς varsigma σ sigma τ tau υ upsilon φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega";

/** What pdfLaTeX does not know, or takes for something else: a bracket or a star behind the end of a row is an option of it. */
const LATEX: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "[": "{[}",
  "]": "{]}",
  "*": "{*}",
  "±": "$\\pm$",
  "×": "$\\times$",
  "−": "$-$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "→": "$\\rightarrow$",
  "…": "\\ldots{}",
  "·": "\\textperiodcentered{}",
  "–": "--",
  "—": "---",
  ...Object.fromEntries(
    GREEK.split(/ (?=[^a-zA-Z])/).map((pair) => pair.split(" ")).map((
      [letter, name],
    ) => [letter, `$\\${name}$`]),
  ),
};
const escapeLatex = (text: string) =>
  text.replace(
    /[^a-zA-Z0-9\s]/gu,
    (character) => LATEX[character] ?? (/[#$%&_{}]/.test(character) ? `\\${character}` : character),
  );

/** As CSV, unrounded and without units: a column for a mean, and one for its deviation where there is any. */
export function csvTable({ columns, rows, units = {} }: MarkedTable): string {
  const hasSpread = columns.map((_, i) =>
    rows.some(({ [i]: cell }) => isFigure(cell) && cell.sd !== undefined)
  );
  const wide = <T>(values: readonly T[], more: (value: T) => T) =>
    values.flatMap((value, i) => hasSpread[i] ? [value, more(value)] : [value]);
  const header = columns.map((column) => column in units ? `${column} (${units[column]})` : column);
  const bare = (cell: Cell): string | number => {
    if (typeof cell !== "object") return cell;
    return isFigure(cell) ? Number.isNaN(cell.mean) ? "" : cell.mean : cell.value;
  };
  return stringify([
    wide(header, (column) => `${column} sd`),
    ...rows.map((row) => wide(row, (cell) => isFigure(cell) ? cell.sd ?? "" : "").map(bare)),
  ]);
}

/** Text that is an amount, with its unit, or two of them: from … to. */
const AMOUNT = /^(–?|[−+-]?[\d.,:]+( … [−+-]?[\d.,:]+)?( [^\s\d]+)?)$/;

const isAmount = (cell: Cell) => typeof cell !== "string" || AMOUNT.test(cell);
/** [columns] Whether all that is in them is amounts, which are aligned right. */
const amounts = ({ columns, rows }: MarkedTable) =>
  columns.map((_, i) => rows.every((row) => isAmount(row[i])));
/** Longer cells are sentences, and may be broken. */
const UNBROKEN = 40;

/** As HTML for a page or a notebook: the best bold, the next underlined. */
export function markedHtml(table: MarkedTable): Block {
  const { caption, columns, rows } = table;
  const html = tableElement({ caption, columns, rows: rows.map((row) => row.map(plain)) }, {
    right: amounts(table),
    cellStyle: (text) => text.length <= UNBROKEN ? ";white-space:nowrap" : "",
    captionUnbroken: true,
    markup(html, i, j) {
      const cell = rows[i][j];
      if (!isFigure(cell)) return html;
      return marks(cell, html.replaceAll(" ", "\u00a0"), "<strong>", "</strong>", "<u>", "</u>");
    },
  });
  return { html: tableBox(html) };
}

function marks(
  { rank }: Figure,
  text: string,
  ...[strong, strongEnd, under, underEnd]: [string, string, string, string]
): string {
  if (rank === 1) return strong + text + strongEnd;
  return rank === 2 ? under + text + underEnd : text;
}
