/**
 * A model for display.
 *
 * @module
 */
import { beside } from "../../pipeline/display/cell/fragment.ts";
import { formatCell, htmlTable, type Table, textTables } from "../../pipeline/display/table.ts";
import { showing } from "./parts.ts";
import { numbersIn } from "../backend/tensor.ts";
import { visible } from "../../pipeline/display/text/visible.ts";

/** A parameter tensor. */
interface Parameter {
  /** Name with its path: `long.0.sequence.w1`. */
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

/** A network as aligned text for a terminal. */
export const modelText = (model: Shown): string => textTables(tablesOf(model));

/** A network as an HTML fragment for a notebook. */
export const modelHtml = (model: Shown): string => beside(...tablesOf(model).map(htmlTable));

/** A network's sizes, which display themselves. */
export const networkWithDisplay = <C extends object>(config: C): C =>
  showing(config, () => [sizesTable(config, "Network")]);

const tablesOf = ({ name, parameters, config, specs }: Shown): Table[] => [
  sizesTable(config, `${name}: ${formatCell(parameters)} parameters`),
  partsTable(specs),
];

const sizesTable = (config: object, caption: string): Table => ({
  caption,
  columns: ["size", "value"],
  rows: Object.entries(config).filter(([key]) => key !== "method").map((
    [key, value],
  ) => [words(key), cellOf(value)]),
});

/** Number of tensors and values in each part of the network. */
function partsTable(specs: readonly Parameter[]): Table {
  return {
    caption: "Parameters",
    columns: ["part", "tensors", "values"],
    rows: [...Map.groupBy(specs, ({ name }) => name.split(".")[0])].map(([part, own]) => [
      part,
      own.length,
      numbersIn(own),
    ]),
  };
}

/** An option name as words: `channel hidden` for `channelHidden`. */
const words = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function cellOf(value: unknown): string | number {
  if (Array.isArray(value)) return value.map((v) => typeof v === "object" ? v.name : v).join(", ") || "none";
  // Sizes of different kinds do not share decimals, unlike the numbers of a column.
  if (typeof value === "number") return Number.isInteger(value) ? value : formatCell(value);
  return String(value);
}

/**
 * Its state and the options it was given: `AutoMLP, not fitted: epochs 10, candidates 3 5`.
 *
 * @param begun The folder of a fit that was stopped.
 */
export function unfittedText(options: object, begun?: string): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.map(([key, value]) => `${key} ${valueText(value)}`);
  const stopped = begun === undefined ? "" : `; a fit was begun in ${begun}: fit again resumes it`;
  return `AutoMLP, not fitted: ${words.join(", ") || "default options"}${stopped}`;
}

const valueText = (value: unknown): string =>
  visible(
    Array.isArray(value)
      ? value.join(" ")
      : typeof value === "object"
      ? JSON.stringify(value)
      : String(value),
  );
