/**
 * The presets, made of the YAML files beside this by the test `values_test.ts`: edit those.
 *
 * @module
 */

/** By preset and method. */
export const PRESETS = {
  "beauty": {
    "automlp": { "length": 20, "dropout": 0.4, "rate": 0.003, "epochs": 8 },
    "sasrec": { "length": 20, "dim": 128, "dropout": 0.5, "epochs": 60, "patience": 8 },
  },
  "demo": {
    "automlp": {
      "candidates": [1, 2, 3, 5, 10],
      "layers": 1,
      "length": 30,
      "epochs": 8,
      "patience": 3,
      "batchSize": 256,
      "dim": 64,
      "rate": 0.003,
    },
  },
  "ml-100k": {
    "automlp": {
      "patience": 8,
      "protocol": "full",
      "dim": 64,
      "layers": 1,
      "dropout": 0.0536,
      "rate": 0.00492,
      "batchSize": 128,
    },
    "bert4rec": { "patience": 8, "dim": 64 },
    "fdsa": {
      "patience": 8,
      "protocol": "full",
      "dim": 128,
      "layers": 1,
      "dropout": 0.401,
      "heads": 1,
      "rate": 0.00621,
      "batchSize": 64,
    },
    "fpmc": { "patience": 8, "dim": 64, "batchSize": 32 },
    "gru4rec-plus": {
      "patience": 8,
      "protocol": "full",
      "dim": 128,
      "layers": 2,
      "dropout": 0.00578,
      "hidden": 256,
      "rate": 0.00537,
      "batchSize": 128,
    },
    "gru4rec": {
      "patience": 8,
      "protocol": "full",
      "dim": 128,
      "layers": 1,
      "dropout": 0.401,
      "hidden": 64,
      "rate": 0.00621,
      "batchSize": 64,
    },
    "lstm-lstm": { "patience": 8, "dim": 64 },
    "nextitnet": {
      "patience": 8,
      "protocol": "full",
      "dim": 128,
      "dropout": 0.401,
      "rate": 0.00621,
      "batchSize": 64,
    },
    "sasrec": {
      "patience": 8,
      "protocol": "full",
      "dim": 128,
      "layers": 1,
      "dropout": 0.401,
      "heads": 1,
      "rate": 0.00621,
      "batchSize": 64,
    },
  },
  "ml-1m": {
    "automlp": {
      "length": 200,
      "targetsPerHistory": 16,
      "candidates": [20, 30, 40],
      "searchEpochs": 1,
      "schedule": "cosine",
      "epochs": 12,
    },
    "bert4rec": { "dim": 64, "schedule": "cosine", "rate": 0.002, "dropout": 0.1, "epochs": 40 },
    "fdsa": { "dim": 64, "schedule": "cosine", "rate": 0.002, "dropout": 0.1, "epochs": 20 },
    "fpmc": { "dim": 64, "schedule": "cosine", "rate": 0.005, "epochs": 10 },
    "gru4rec-plus": { "dim": 64, "schedule": "cosine", "rate": 0.002, "epochs": 16 },
    "gru4rec": { "dim": 64, "schedule": "cosine", "rate": 0.002, "epochs": 20 },
    "lstm-lstm": { "dim": 64, "schedule": "cosine", "rate": 0.002, "epochs": 16 },
    "nextitnet": { "dim": 64, "schedule": "cosine", "rate": 0.002, "epochs": 12 },
    "sasrec": { "dim": 64, "schedule": "cosine", "rate": 0.002, "dropout": 0.1, "epochs": 30 },
  },
} as const;
