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

/** A table whose cells are figures, numbers or text. */
export interface MarkedTable {
  caption: string;
  columns: string[];
  rows: (string | number | Figure)[][];
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

const isFigure = (cell: string | number | Figure): cell is Figure => typeof cell === "object";
const digits = (value: number) => value.toFixed(4);

function words({ mean, sd, mark = "" }: Figure, plusMinus = " ± "): string {
  if (Number.isNaN(mean)) return "–";
  return digits(mean) + (sd === undefined ? "" : plusMinus + digits(sd)) + mark;
}

/** As lines of text for a terminal: ¹ the best of a column, ² the next. */
export function plainTable({ rows, ...rest }: MarkedTable): Table {
  const said = (figure: Figure) => words(figure) + (figure.rank ? ["", " ¹", " ²"][figure.rank] : "");
  return { ...rest, rows: rows.map((row) => row.map((cell) => isFigure(cell) ? said(cell) : cell)) };
}

/** As a table of GitHub's Markdown: the best bold, the next underlined. */
export function markdownTable(table: MarkedTable): string {
  const { caption, columns, rows } = table;
  const escape = (text: string) => formatCell(text).replace(/[\\|`*_<>]/g, (character) => `\\${character}`);
  const said = (figure: Figure) =>
    marks(figure, words(figure).replaceAll("*", "\\*"), "**", "**", "<u>", "</u>");
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    `**${escape(caption)}**`,
    "",
    line(columns.map(escape)),
    line(amounts(table).map((right) => right ? "--:" : "---")),
    ...rows.map((row) => line(row.map((cell) => isFigure(cell) ? said(cell) : escape(formatCell(cell))))),
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
      line(row.map((cell) => isFigure(cell) ? said(cell) : escapeLatex(formatCell(cell))))
    ),
    "  \\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
  ].join("\n");
}

const LATEX: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "α": "$\\alpha$",
  "±": "$\\pm$",
  "–": "--",
};
const escapeLatex = (text: string) =>
  text.replace(/[\\<>~^α±–]|[#$%&_{}]/g, (character) => LATEX[character] ?? `\\${character}`);

/** As CSV, unrounded: a column for a mean, and one for its deviation where there is any. */
export function csvTable({ columns, rows }: MarkedTable): string {
  const isColumnOf = (test: (cell: Figure) => boolean) => (_: string, i: number) =>
    rows.some((row) => isFigure(row[i]) && test(row[i] as Figure));
  const spread = columns.map(isColumnOf(({ sd }) => sd !== undefined));
  const wide = <T>(values: readonly T[], more: (value: T) => unknown) =>
    values.flatMap((value, i) => spread[i] ? [value, more(value)] : [value]);
  const header = wide(columns, (column) => `${column} sd`);
  const lines = rows.map((row) =>
    wide<string | number | Figure>(row, (cell) => isFigure(cell) ? cell.sd ?? "" : "")
      .map((cell) =>
        typeof cell === "object" && cell !== null
          ? (Number.isNaN((cell as Figure).mean) ? "" : (cell as Figure).mean)
          : cell
      )
  );
  return stringify([header, ...lines] as string[][]);
}

/** Text that is an amount, with its unit, or two of them: from … to. */
const AMOUNT = /^(–?|[−+-]?[\d.,:]+( … [−+-]?[\d.,:]+)?( [^\s\d]+)?)$/;

const isAmount = (cell: string | number | Figure) => typeof cell !== "string" || AMOUNT.test(cell);
/** [columns] Whether all that is in them is amounts, which are aligned right. */
const amounts = ({ columns, rows }: MarkedTable) =>
  columns.map((_, i) => rows.every((row) => isAmount(row[i])));
/** Longer cells are sentences, and may be broken. */
const UNBROKEN = 40;

/** As HTML for a page or a notebook: the best bold, the next underlined. */
export function markedHtml(table: MarkedTable): Block {
  const { caption, columns, rows } = table;
  const plain = rows.map((row) => row.map((cell) => isFigure(cell) ? words(cell) : cell));
  const html = tableElement({ caption, columns, rows: plain }, {
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
