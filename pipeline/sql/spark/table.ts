/**
 * Reads tables of a cluster's catalog: `table:database.name`.
 *
 * Their rows have no order and no position: a row is identified by a hash of the columns that are read. Rows that agree in all of
 * these are interchangeable.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";
import { ROLES, type RowLocation } from "../../contract/stage/location.ts";
import type { ColumnsWish } from "../../readers/roles.ts";
import { SPARK as d } from "../dialect.ts";
import { numbers, type Runner } from "../runner.ts";
import type { ClusterFile } from "../source.ts";
import type { Part, PartFiles } from "./part.ts";
import { type TypedColumns, typedColumns } from "./typed_columns.ts";

const PREFIX = "table:";

/** Whether a pattern names a table. */
export const isTable = (pattern: string): boolean => pattern.startsWith(PREFIX);

/**
 * Returns a table's name in a query.
 *
 * @throws {InputError} for a name without a database, since it would then depend on the session's current database.
 */
function queryName(pattern: string): string {
  const parts = pattern.slice(PREFIX.length).match(/`(?:[^`]|``)+`|[^.`]+/g) ?? [];
  const names = parts.map((part) => part.startsWith("`") ? part.slice(1, -1).replaceAll("``", "`") : part);
  if (names.length < 2 || parts.join(".") !== pattern.slice(PREFIX.length)) {
    throw new InputError(
      `Cannot read ${pattern} on the cluster: name the table with its database, as in table:default.clicks`,
    );
  }
  return names.map(d.name).join(".");
}

/** Formats the columns that are read of each row as one text, in which null and an empty text differ. */
const rowText = ({ roles }: Pick<TypedColumns, "roles">) => `to_json(struct(${roles.join(", ")}))`;

/** Describes a table by its rows: only these show whether it has changed, since a table may be a view, or have any format. */
export async function tableFacts(
  runner: Runner,
  pattern: string,
  wish: ColumnsWish | undefined,
): Promise<ClusterFile> {
  const table = queryName(pattern), columns = await typedColumns(runner, table, pattern, wish, []);
  const facts = await runner.rows(
    `SELECT coalesce(sum(octet_length(text)), 0) AS bytes, count(*) AS n, hex(coalesce(sum(xxhash64(text)), 0)) AS digest
    FROM (SELECT ${rowText(columns)} AS text FROM (SELECT ${
      columns.selects.join(", ")
    } FROM ${table}) read) rows`,
  );
  const [bytes, n, digest] = facts.row(0) as [number, number, string];
  return { path: pattern, bytes: Number(bytes), digest: `${n}-${digest}` };
}

/** Reads a table. */
export async function readTable(
  runner: Runner,
  { pattern, index }: PartFiles,
  wish: ColumnsWish | undefined,
  warnings: string[],
): Promise<Part> {
  const table = queryName(pattern), columns = await typedColumns(runner, table, pattern, wish, warnings);
  const { roles, selects, use, time } = columns, view = `part_${index}`;
  await runner.view(
    view,
    `SELECT ${roles.join(", ")}, xxhash64(${rowText(columns)}) & ${2n ** 63n - 1n} AS source_row
    FROM (SELECT ${selects.join(", ")} FROM ${table}) read`,
  );
  const { n } = await numbers(runner, `SELECT count(*) AS n FROM ${view}`);
  return {
    view,
    use,
    time,
    flaws: [],
    rows: n,
    blank: 0,
    locate: (wanted) => locate(runner, wanted, { view, columns, pattern }),
  };
}

/** Finds rows again. A row's text is the columns that are read, as JSON; it has no line. */
async function locate(
  runner: Runner,
  wanted: string,
  { view, columns, pattern }: { view: string; columns: TypedColumns; pattern: string },
): Promise<RowLocation[]> {
  const roles = ROLES.filter((role) => columns.roles.includes(role));
  const frame = await runner.rows(
    `SELECT ${rowText(columns)} AS text, ${
      roles.map((role) => `cast(${role} AS STRING) AS ${role}`).join(", ")
    }
    FROM ${view} WHERE source_row IN (SELECT source_row FROM (${wanted}) wanted) ORDER BY source_row`,
  );
  return (frame.rows() as (string | null)[][]).map(([text, ...fields]) => ({
    file: pattern,
    line: 0,
    text: text!,
    fields: Object.fromEntries(roles.map((role, i) => [role, fields[i]]).filter(([, field]) => field)),
  }));
}
