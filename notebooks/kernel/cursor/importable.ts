/**
 * Names that can be imported, in the order in which users look for them.
 *
 * @module
 */
import type { Api } from "../../../pipeline/notebook/documentation/api.ts";

/** The modules of the library, as notebooks import them. A test compares them with the modules that exist. */
export const MODULES: readonly string[] = [
  "automlp",
  "automlp/pipeline",
  "automlp/model",
  "automlp/notebook",
];

/** Names that README, the manual and the notebooks import, in the order of the work: the short way, then its single steps. A test compares them. */
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

/** Names of the library: the names above first, then other functions and classes, and types last, because a notebook needs none of them. */
export function importable(api: Api): string[] {
  const place = (name: string) => {
    const first = FIRST.indexOf(name);
    return first >= 0 ? first : FIRST.length + (api.isType(name) ? 1 : 0);
  };
  return api.names().sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
