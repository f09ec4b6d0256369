/**
 * Reads text files as rows that know their line number.
 *
 * Spark reads blocks of files in any order, but the lines within a block in order: the numbers of lines in the earlier blocks tell
 * at which line a block begins.
 *
 * @module
 */
import type { ColumnUse } from "../../contract/dataset/columns.ts";
import { InputError } from "../../contract/errors.ts";
import type { DataFrame } from "../../contract/frame.ts";
import { type ColumnRole, ROLES, type RowLocation } from "../../contract/stage/location.ts";
import { flawsAmong, type RowFlaw } from "../../contract/stage/row_flaws.ts";
import { numbers, type Runner } from "../engine.ts";
import {
  filesTable,
  lineBytes,
  lineOf,
  lineText,
  type Part,
  type PartFiles,
  passedOver,
  shownFile,
  sourceRow,
} from "./files.ts";

/** How the lines of a format are parsed. Expressions use the column `value`, and `fields`, which `parse` makes from it. */
export interface LineFormat {
  parse: string;
  fields: Partial<Record<ColumnRole, string>>;
  /** Which columns have a role, and which do not. */
  use: ColumnUse;
  /** For each flaw that a line can have: whether it has it. */
  flaws: Partial<Record<RowFlaw, string>>;
  /** Whether a line is blank. */
  blank: string;
  /** Whether blank lines are reported as dropped. */
  countsBlank: boolean;
  /** Number of lines before the first row, and the text of the last of them, which is the same in every file. */
  header: { lines: number; text: string };
  /** Conditions for lines that cannot be read at all, and the error for the first. */
  refusals: { found: string; message(place: RowLocation): InputError }[];
}

/**
 * Reads the lines of files.
 *
 * @param warnings Receives remarks for the user.
 */
export async function readLines(
  runner: Runner,
  files: PartFiles,
  format: LineFormat,
  warnings: string[],
): Promise<Part> {
  const d = runner.dialect, { index, pattern, before } = files, { header } = format;
  const roles = ROLES.filter((role) => format.fields[role]), flaws = flawsAmong(Object.keys(format.flaws));
  const [lines, raw, places, numbered, view] = ["lines", "raw", "places", "numbered", "part"].map((name) =>
    `${name}_${index}`
  );
  await runner.view(
    lines,
    `SELECT _metadata.file_path AS file, _metadata.file_block_start AS block, monotonically_increasing_id() AS seq, value
    FROM ${filesTable("text", pattern)}`,
  );
  const refusals = [
    { found: `(${header.lines} > 0 AND value <> ${d.text(header.text)})`, message: otherHeader(header.text) },
    {
      found: `instr(concat_ws('', ${roles.map((role) => format.fields[role]!).join(", ")}), '\uFFFD') > 0`,
      message: garbled,
    },
    ...format.refusals,
  ];
  await runner.keep(
    raw,
    `SELECT file, block, seq, ${roles.map((role) => `${format.fields[role]!} AS ${role}`).join(", ")},
      ${flaws.map((flaw) => `${format.flaws[flaw]} AS ${flaw}, `).join("")}${format.blank} AS blank,
      ${refusals.map(({ found }, i) => `${found} AS refusal${i}`).join(", ")}
    FROM (SELECT file, block, seq, value, ${format.parse} AS fields FROM ${lines}) parsed`,
  );
  await runner.keep(
    places,
    `SELECT file, block, first_seq, ${before} + dense_rank() OVER (ORDER BY file) AS file_number,
      (sum(n) OVER (PARTITION BY file ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) - n AS lines_before
    FROM (SELECT file, block, min(seq) AS first_seq, count(*) AS n FROM ${raw} GROUP BY file, block) blocks`,
  );
  const line = "p.lines_before + r.seq - p.first_seq + 1";
  await runner.view(
    numbered,
    `SELECT ${d.small("p")} r.*, ${line} AS line, ${sourceRow("p.file_number", `(${line})`)} AS source_row
    FROM ${raw} r JOIN ${places} p ON r.file = p.file AND r.block = p.block`,
  );
  const isRow = `line > ${header.lines} AND NOT blank`;
  const columns = [...roles, ...flaws, "source_row"].join(", ");
  await runner.view(view, `SELECT ${columns} FROM ${numbered} WHERE ${isRow}`);
  const at = (i: number) => i === 0 ? `line = ${header.lines}` : isRow;
  const found = await numbers(
    runner,
    `SELECT ${d.countIf(isRow)} AS n, count(DISTINCT CASE WHEN ${isRow} THEN file END) AS filled, ${
      d.countIf(`line > ${header.lines} AND blank`)
    } AS blank,
      ${
      refusals.map((_, i) => `${d.countIf(`refusal${i} AND ${at(i)}`)} AS refusal${i}`).join(", ")
    } FROM ${numbered}`,
  );
  const part: Part = {
    view,
    use: format.use,
    time: "text",
    flaws,
    rows: found.n,
    blank: format.countsBlank ? found.blank : 0,
    locate: (rows) => locate(runner, rows, { lines, numbered, roles, files }),
  };
  const refused = refusals.findIndex((_, i) => found[`refusal${i}`] > 0);
  if (refused < 0) {
    const filled = `SELECT file, ${d.countIf(isRow)} > 0 AS filled FROM ${numbered} GROUP BY file`;
    const state = header.lines > 0 ? "it has a header but no rows" : "it holds blank lines only";
    warnings.push(...await passedOver(runner, files, found.filled, filled, state));
    return part;
  }
  const [first] = await part.locate(
    `SELECT source_row FROM ${numbered} WHERE refusal${refused} AND ${
      at(refused)
    } ORDER BY source_row LIMIT 1`,
  );
  throw refusals[refused].message(first);
}

const otherHeader = (expected: string) => ({ file, text }: RowLocation) =>
  new InputError(
    `Cannot read ${file} together with the others: its header is ${
      JSON.stringify(text.slice(0, 80))
    }, theirs ${JSON.stringify(expected.slice(0, 80))}; name files that differ one by one, each with --data`,
  );

const garbled = ({ file, line }: RowLocation) =>
  new InputError(`Cannot read ${file}: line ${line} is not UTF-8 text; convert the file, as with iconv`);

/** Finds rows in the files again, with their full text. */
async function locate(
  runner: Runner,
  rows: string,
  { lines, numbered, roles, files }: {
    lines: string;
    numbered: string;
    roles: ColumnRole[];
    files: PartFiles;
  },
): Promise<RowLocation[]> {
  const wanted = `SELECT * FROM ${numbered} WHERE source_row IN (SELECT source_row FROM (${rows}) wanted)`;
  const frame: DataFrame = await runner.rows(
    `SELECT ${runner.dialect.small("w")} w.file, ${lineOf("w.source_row")} AS line, ${
      lineBytes.replace("value", "l.value")
    } AS text, ${
      roles.map((role) => `w.${role}`).join(", ")
    } FROM ${lines} l JOIN (${wanted}) w ON l.file = w.file AND l.block = w.block AND l.seq = w.seq ORDER BY w.source_row`,
  );
  return (frame.rows() as (string | null)[][]).map(([file, line, text, ...fields]) => ({
    file: shownFile(file!, files),
    line: Number(line),
    text: lineText(text!),
    fields: Object.fromEntries(roles.map((role, i) => [role, fields[i]]).filter(([, field]) => field)),
  }));
}
