/**
 * Options that go well with known data, by name. They lie beneath the configuration file and the flags.
 *
 * @module
 */

/** The name of options that go well with known data; `bench/README.md` says what they reach. What `preset` of {@link automlp} takes. */
export type PresetName = "demo" | "ml-1m";

/** The presets; `bench/README.md` says what they reach, and in what time. */
export const PRESETS = {
  /** For the demonstration data: the whole job in a minute on two cores. Among the candidates are two that cannot see the item three steps back. */
  demo: { candidates: [1, 2, 3, 5, 10], layers: 1, length: 30, epochs: 8, patience: 3, batchSize: 256 },
  /** For MovieLens-1M and its like: the most for an hour of processor time. */
  "ml-1m": { schedule: "cosine", epochs: 12, searchEpochs: 2 },
} satisfies Record<PresetName, Record<string, unknown>>;

/** Their names. */
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];
