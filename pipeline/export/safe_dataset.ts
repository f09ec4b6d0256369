/**
 * A dataset whose texts no spreadsheet takes for formulas. Exports use it in place of the original, so an id is changed in the same
 * way wherever it occurs, including in lists of ids.
 *
 * @module
 */
import pl, { type DataFrame, type Expr, type LazyDataFrame } from "nodejs-polars";
import { SequenceDataset } from "../contract/dataset.ts";
import type { TableName } from "../contract/dataset/manifest.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";
import type { DatasetPart, Negatives, Sequences } from "../contract/dataset/users_part.ts";
import type { HeldOut, Split } from "../contract/stage.ts";
import { formatCell } from "../display/table.ts";
import { safeCell, safeCells } from "../display/text/safe_cell.ts";
import { numberOf, sideColumns } from "./side.ts";

/** The tables that contain text from the source. */
const TEXTS = ["users", "items", "features"] as const;

/** A dataset with an apostrophe before every id, value and name that would be a formula. */
export class SafeDataset extends SequenceDataset {
  readonly #texts: Map<TableName, DataFrame>;
  /** Changes with their counts: `2 user ids`, `1 value of "title"`. */
  readonly changes: string[];

  constructor(readonly source: SequenceDataset) {
    const { folder, manifest } = source;
    const features = manifest.features.map((one) => ({
      ...one,
      name: safeCell(one.name),
      column: safeCell(one.column),
    }));
    super(folder, { ...manifest, features });
    this.#texts = new Map(TEXTS.map((name) => [name, safeTable(source, name)]));
    this.changes = [...changesIn(this, "users"), ...changesIn(this, "items")];
  }

  /** Describes in a sentence what was changed, and how to undo it. */
  get note(): string {
    const { changes } = this;
    if (changes.length === 0) return "Safe cells changed nothing: no id or text begins as a formula does";
    const list = [changes.slice(0, -1).join(", "), changes.at(-1)].filter(Boolean).join(" and ");
    return `Put an apostrophe in front of ${list}, wherever they occur: a spreadsheet would take them for formulas. ` +
      "They are no longer those of the source; without their first apostrophe they are again";
  }

  // None of these contain text.
  override get heldOut(): readonly HeldOut[] {
    return this.source.heldOut;
  }
  override get parts(): readonly DatasetPart[] {
    return this.source.parts;
  }
  override sequences(): Sequences {
    return this.source.sequences();
  }
  override targets(split: Split): Uint32Array {
    return this.source.targets(split);
  }
  override negatives(protocol: Protocol, split: HeldOut): Negatives {
    return this.source.negatives(protocol, split);
  }

  override stored(name: TableName): DataFrame {
    return this.#texts.get(name) ?? this.source.stored(name);
  }

  override scan(name: TableName): LazyDataFrame {
    return this.#texts.get(name)?.lazy() ?? this.source.scan(name);
  }

  override slice(name: TableName, start: number, rows: number): LazyDataFrame {
    return this.#texts.get(name)?.lazy().slice(start, rows) ?? this.source.slice(name, start, rows);
  }
}

const isText = (type: unknown) => /^DataType\((String|Categorical)/.test(String(type));

/** Returns a table with safe texts under safe names. Numbers are unchanged. */
function safeTable(source: SequenceDataset, name: typeof TEXTS[number]): DataFrame {
  const frame = source.stored(name);
  return frame.select(
    ...frame.columns.map((column, i) => {
      const safe = isText(frame.dtypes[i]) ? safeColumn(source, name, column) : pl.col(column);
      return safe.alias(safeCell(column));
    }),
  );
}

function safeColumn(source: SequenceDataset, table: typeof TEXTS[number], name: string): Expr {
  const text = pl.col(name).cast(pl.String);
  const column = table === "features"
    ? undefined
    : sideColumns(source, table).find((one) => one.name === name);
  if (column?.kind === "number") {
    // The text of a number, as it was read.
    return pl.when(numberOf({ name, kind: "number" }).isNull()).then(safeCells(text)).otherwise(text);
  }
  const separator = column?.separator;
  // If the separator itself begins a formula, the values before it may be empty, so the whole cell counts instead of its values.
  if (typeof separator !== "string" || safeCell(separator) !== separator) return safeCells(text);
  return text.str.split(separator).lst.eval(safeCells(pl.element())).lst.join(separator);
}

function changesIn(safe: SafeDataset, of: "users" | "items"): string[] {
  const before = safe.source.stored(of), after = safe.stored(of);
  const encodings = new Set(safe.source.manifest.features.map(({ column }) => column)); // not exported
  const renamed = before.columns.filter((name) => safeCell(name) !== name && !encodings.has(name)).length;
  const counts = before.columns.flatMap((column, i): [number, one: string, many: string][] => {
    if (!isText(before.dtypes[i])) return [];
    const own = before.getColumn(column).cast(pl.String), other = after.getColumn(safeCell(column));
    const n = pl.DataFrame({ own, other }).filter(pl.col("own").neq(pl.col("other"))).height;
    const one = of.slice(0, -1);
    if (column === "id") return [[n, `${one} id`, `${one} ids`]];
    return [[n, `value of "${column}"`, `values of "${column}"`]];
  });
  return [...counts, [renamed, "name of a column", "names of columns"] as const]
    .filter(([n]) => n > 0).map(([n, one, many]) => `${formatCell(n)} ${n === 1 ? one : many}`);
}
