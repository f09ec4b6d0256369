/** Helpers for the tests of experiments: small plans, and data that are learnt quickly. */
import { planOf, type SequenceDataset } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

export const SIZES = { length: 8, dim: 8, epochs: 2, batchSize: 64 };

export const plan = (methods: Parameters<typeof planOf>[0]["methods"], seeds = [1]) =>
  planOf({ name: "mine", methods, seeds, common: SIZES });

export const gru = (hidden: number) => ({ method: "gru4rec" as const, label: `GRU ${hidden}`, hidden });

export const withDataset = (work: (dataset: SequenceDataset, dir: string) => Promise<void>) =>
  withFolder(async (dir) => work(await plantedDataset(dir, { users: 30 }), dir));
