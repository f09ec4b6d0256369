/**
 * Shows a network in readable form: its sizes, and how its parameters are distributed.
 *
 * @module
 */
import { beside } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { formatCell, htmlTable, type Table, textTable } from "../../pipeline/display/table.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { partsTable } from "../views/model.ts";
import type { NetworkConfig } from "./network_config.ts";

/** The properties of a network that are shown. */
interface Shown {
  name: string;
  parameters: number;
  config: NetworkConfig;
  specs: readonly ParameterSpec[];
}

/** Returns a model as aligned text, for a terminal. */
export const modelText = (model: Shown): string => tablesOf(model).map(textTable).join("\n\n");

/** Returns a model as an HTML fragment, for a notebook. */
export const modelHtml = (model: Shown): string => beside(...tablesOf(model).map(htmlTable));

/** Returns a network's description that displays itself. */
export function networkWithDisplay(config: NetworkConfig): NetworkConfig {
  const table = () => sizesTable(config, "Network");
  return withDisplay(config, { text: () => textTable(table()), html: () => htmlTable(table()) });
}

function sizesTable(config: NetworkConfig, caption: string): Table {
  const { items, features, length, dim, layers, longLayers, lengths, score, dropout, fusion } = config;
  const { targetsPerHistory, seenBias = 0 } = config;
  const names = features.map(({ name }) => name).join(", ");
  const fused = names && fusion === "sum" ? `${names} (sum)` : names;
  const [one] = lengths, several = lengths.length > 1;
  return {
    caption,
    columns: ["size", "value"],
    rows: [
      ["items", items],
      ["item features", fused || "none"],
      ["longest history T", length],
      ["channels D", dim],
      [several ? "candidate lengths k" : "short-term length k", several ? lengths.join(", ") : one],
      ["short-term layers L", layers],
      ["long-term layers", longLayers],
      ["hidden sizes R_s, R_c", `${config.sequenceHidden}, ${config.channelHidden}`],
      ["score", score === "cosine" ? `cosine / ${config.temperature}` : score],
      ["dropout", dropout],
      ...(seenBias !== 0 ? [["bias of what was seen", seenBias.toFixed(2)]] : []),
      ...(targetsPerHistory > 1 ? [["targets a history in training", targetsPerHistory]] : []),
    ],
  };
}

function tablesOf({ name, parameters, config, specs }: Shown): Table[] {
  return [sizesTable(config, `${name}: ${formatCell(parameters)} parameters`), partsTable(specs, partOf)];
}

/** Returns the module that a parameter belongs to, by its path. */
function partOf([first, second]: string[]): string {
  return {
    items: "item embeddings",
    features: "item features",
    long: "long-term module",
    short: `short-term module, k = ${second}`,
    output: "output layer",
  }[first] ?? first;
}
