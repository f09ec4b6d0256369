/**
 * What can be imported, in the order in which somebody looks for it.
 *
 * @module
 */
import type { Api } from "../../../pipeline/notebook/documentation/api.ts";

/** The modules of the library, as notebooks import them. A test compares them with those that there are. */
export const MODULES: readonly string[] = [
  "automlp",
  "automlp/pipeline",
  "automlp/model",
  "automlp/notebook",
];

/** What README, the manual and the notebooks import, in the order of the work: the short way, then its steps one at a time. A test compares them. */
export const FIRST: readonly string[] = [
  ...[
    "automlp",
    "AutoMLP",
    "prepare",
    "train",
    "evaluate",
    "recommend",
    "compare",
    "compareAll",
    "help",
    "show",
  ],
  ...[
    "datasetNames",
    "readDataset",
    "resolveDataset",
    "readInteractions",
    "checkSchema",
    "filterInteractions",
  ],
  ...["buildVocabulary", "splitInteractions", "sampleNegatives", "exportDataset", "EXPORT_FORMATS"],
  ...["openEngine", "networkFor", "Search", "exhaustiveSearch", "packSearch", "unpackSearch", "Training"],
  ...[
    "itemKnn",
    "markov",
    "popularity",
    "runJob",
    "RunFolder",
    "saveModel",
    "loadModel",
    "readSafetensors",
    "plotBars",
    "plotLines",
    "terminalProgress",
    "silent",
  ],
];

/** Names of the library: those first, then what else a program calls, and types last, for a notebook needs none of them. */
export function importable(api: Api): string[] {
  const place = (name: string) => {
    const first = FIRST.indexOf(name);
    return first >= 0 ? first : FIRST.length + (api.isType(name) ? 1 : 0);
  };
  return api.names().sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
