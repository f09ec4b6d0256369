/**
 * A network for people: its sizes, and where its parameters are.
 *
 * @module
 */
import { beside } from "../../pipeline/display/cell/fragment.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import { numbersIn } from "../backend/tensor.ts";

/** A parameter tensor. */
interface Parameter {
  /** With the path before it: `long.0.sequence.w1`. */
  name: string;
  shape: number[];
}

/** What is shown of a network. */
interface Shown {
  name: string;
  parameters: number;
  config: object;
  specs: readonly Parameter[];
}

/** As aligned text for a terminal. */
export const modelText = (model: Shown): string => tablesOf(model).map(textTable).join("\n\n");

/** As an HTML fragment for a notebook. */
export const modelHtml = (model: Shown): string => beside(...tablesOf(model).map(htmlTable));

function tablesOf({ name, parameters, config, specs }: Shown): Table[] {
  return [{
    caption: `${name}: ${formatCell(parameters)} parameters`,
    columns: ["size", "value"],
    rows: Object.entries(config).filter(([key]) => key !== "method").map((
      [key, value],
    ) => [words(key), cellOf(value)]),
  }, partsTable(specs)];
}

/** Where the parameters are: tensors and values of each part of the network. */
export function partsTable(specs: readonly Parameter[], nameOf = (path: string[]) => path[0]): Table {
  return {
    caption: "Parameters",
    columns: ["part", "tensors", "values"],
    rows: [...Map.groupBy(specs, ({ name }) => nameOf(name.split(".")))].map(([part, own]) => [
      part,
      own.length,
      numbersIn(own),
    ]),
  };
}

/** `channelHidden` as `channel hidden`. */
const words = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function cellOf(value: unknown): string | number {
  if (Array.isArray(value)) return value.map((v) => typeof v === "object" ? v.name : v).join(", ") || "none";
  // Sizes of different kinds share no decimals, as the numbers of a column would.
  if (typeof value === "number") return Number.isInteger(value) ? value : formatCell(value);
  return String(value);
}
