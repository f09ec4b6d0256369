/**
 * Figures that the AutoMLP paper reports (WWW 2023, Table 2): its own split, 100 negatives drawn by popularity for each target, so
 * nearest to protocol `recbole`.
 *
 * @module
 */
import type { PublishedRow } from "../records/experiment.ts";

const SOURCE = "AutoMLP, WWW 2023, Table 2";

/** MRR@10, NDCG@10 and HR@10 by method. */
type Rows = Record<string, [mrr: number, ndcg: number, hr: number]>;

/** Rows by data set, named as in `--dataset`. */
const TABLE: Record<string, Rows> = {
  "ml-1m": {
    "AutoMLP": [.3912, .4593, .6767],
    "FPMC": [.2453, .3088, .5156],
    "GRU4Rec": [.3893, .4553, .6666],
    "BERT4Rec": [.3535, .4289, .6695],
    "NextItNet": [.2085, .2642, .4455],
    "GRU4Rec+": [.3736, .4412, .6578],
    "FDSA": [.3725, .4409, .6594],
  },
  "amazon-beauty": {
    "AutoMLP": [.1438, .1754, .2779],
    "FPMC": [.0991, .1251, .2098],
    "GRU4Rec": [.1162, .1435, .2324],
    "BERT4Rec": [.0907, .1198, .2154],
    "NextItNet": [.1087, .1393, .2385],
    "GRU4Rec+": [.1325, .1638, .2657],
    "FDSA": [.1305, .1595, .2536],
  },
};

/** Returns the published figures for a data set; none for most. */
export const publishedOn = (dataset: string): PublishedRow[] =>
  Object.entries(TABLE[dataset] ?? {}).map(([label, [mrr, ndcg, hr]]) => ({
    label,
    source: SOURCE,
    protocol: "recbole",
    metrics: { "HR@10": hr, "NDCG@10": ndcg, "MRR@10": mrr },
  }));
