/**
 * Tables of figures in which the best is marked, as Markdown, LaTeX, CSV, HTML and text.
 *
 * @module
 */
import { stringify } from "../../pipeline/std/csv.ts";
import type { Block } from "../../pipeline/display/page.ts";
import { formatCell, type Table, tableBox, tableElement } from "../../pipeline/display/table.ts";

/** A figure over some repetitions; NaN if there is none. */
export interface Figure {
  mean: number;
  /** Standard deviation over repetitions; undefined with one. */
  sd?: number;
  /** 1 for the best of its column, 2 for the next. */
  rank?: 1 | 2;
  /** A mark such as `*`, which a note explains. */
  mark?: string;
}

/** An amount as people read it and as a program does: `1:34` and 94.2; a missing value is "–" and "". */
export interface Amount {
  said: string;
  value: number | string;
}

/** The content of a table's cell. */
export type Cell = string | number | Figure | Amount;

/** A table whose cells are figures, amounts, numbers or text. */
export interface MarkedTable {
  caption?: string;
  columns: string[];
  rows: Cell[][];
  /** Units of the amounts by column, for programs, which get the values without units. */
  units?: Record<string, string>;
  /** See {@link Table.spare}. */
  spare?: string[];
}

/** Marks the best and the next of each column of figures; higher is better. */
export function ranked({ rows, ...rest }: MarkedTable): MarkedTable {
  const marked = rows.map((row) => row.map((cell) => isFigure(cell) ? { ...cell } : cell));
  for (const [column] of rest.columns.entries()) {
    const figures = marked.map((row) => row[column]).filter(isFigure).filter(({ mean }) =>
      !Number.isNaN(mean)
    ).sort((a, b) => b.mean - a.mean);
    if (figures.length < 2) continue;
    // Figures that agree in all digits shown count as equal.
    const isShownAs = (figure: Figure, other: Figure) => digits(figure.mean) === digits(other.mean);
    const next = figures.find((figure) => !isShownAs(figure, figures[0]));
    for (const figure of figures) {
      if (isShownAs(figure, figures[0])) figure.rank = 1;
      else if (next && isShownAs(figure, next)) figure.rank = 2;
    }
  }
  return { ...rest, rows: marked };
}

/** Whether a table has figures or amounts, unlike one of plain text and numbers. */
export const isRanked = ({ rows }: MarkedTable): boolean =>
  rows.some((row) => row.some((cell) => typeof cell === "object"));

const isFigure = (cell: Cell): cell is Figure => typeof cell === "object" && "mean" in cell;
/** A cell as text, a figure without its rank. */
const plain = (cell: Cell): string | number =>
  typeof cell !== "object" ? cell : isFigure(cell) ? words(cell) : cell.said;
const digits = (value: number) => value.toFixed(4);

function words({ mean, sd, mark = "" }: Figure, plusMinus = " ± "): string {
  if (Number.isNaN(mean)) return "–";
  return digits(mean) + (sd === undefined ? "" : plusMinus + digits(sd)) + mark;
}

/** The table as lines of text for a terminal: ¹ marks the best of a column, ² the next. */
export function plainTable({ rows, ...rest }: MarkedTable): Table {
  const said = (figure: Figure) => words(figure) + (figure.rank ? ["", " ¹", " ²"][figure.rank] : "");
  return { ...rest, rows: rows.map((row) => row.map((cell) => isFigure(cell) ? said(cell) : plain(cell))) };
}

/** Escapes text, in one line, so that GitHub's Markdown takes nothing in it for markup. */
export const escapeMarkdown = (text: string): string =>
  formatCell(text).replace(/[\\|`*_<>[\]$~&]/g, (character) => `\\${character}`);

/** The table in GitHub's Markdown: the best bold, the next underlined. */
export function markdownTable(table: MarkedTable): string {
  const { caption = "", columns, rows } = table, escape = escapeMarkdown;
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

/** The table in LaTeX with the rules of `booktabs`: the best bold, the next underlined. */
export function latexTable(table: MarkedTable): string {
  const { caption = "", columns, rows } = table;
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

/** The LaTeX names of Greek letters; it has none for those that look like Latin letters. */
const GREEK =
  "α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho " +
  "ς varsigma σ sigma τ tau υ upsilon φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega";

/** Replacements for what pdfLaTeX does not know or misreads: a bracket or a star after the end of a row would be an option of it. */
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

/** The table as CSV, unrounded and without units: a column for each mean, and one for its deviation if there is any. */
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

/** Text that is an amount, with its unit, or a range of two: from … to. */
const AMOUNT = /^(–?|[−+-]?[\d.,:]+( … [−+-]?[\d.,:]+)?( [^\s\d]+)?)$/;

const isAmount = (cell: Cell) => typeof cell !== "string" || AMOUNT.test(cell);
/** [columns] Whether a column has only amounts, which are right-aligned. */
const amounts = ({ columns, rows }: MarkedTable) =>
  columns.map((_, i) => rows.every((row) => isAmount(row[i])));
/** Maximum number of characters in a cell that is not broken; longer cells are sentences. */
const UNBROKEN = 40;

/** The table as HTML for a page or a notebook: the best bold, the next underlined. */
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
