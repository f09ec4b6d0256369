/**
 * Estimates the memory that AutoMLP needs for training, search and scoring.
 *
 * @module
 */
import type { ParameterSpec } from "../../layers/parameters.ts";
import {
  type DatasetCounts,
  type EngineMemory,
  estimateOf,
  type Layering,
  layeringOf,
  type Learning,
  type MemoryEstimate,
  NO_STEP,
  type StepNumbers,
  sumOf,
  type Workload,
} from "../../memory/estimate.ts";
import { encodedItems, rowStepNumbers, scoreNumbers } from "../../memory/losses.ts";
import { LEARNERS } from "./candidates.ts";
import { type NetworkConfig, targetsPerHistory } from "./config.ts";
import { modelParameters } from "./network.ts";

/**
 * Estimates the memory of a process that trains, searches or scores with AutoMLP.
 *
 * @param parameters All parameters that a search trains, if there are more than the network has.
 * @param networks Number of networks in an ensemble.
 */
export function estimateMemory(
  network: NetworkConfig,
  work: Workload,
  data: DatasetCounts,
  engine: EngineMemory,
  parameters: readonly ParameterSpec[] = modelParameters(network),
  networks?: number,
): MemoryEstimate {
  const mixing = layeringOf(engine);
  return estimateOf(
    {
      parameters,
      step: work.kind === "score" ? NO_STEP : stepNumbers(network, work, data, mixing),
      evaluating: (batch) => evaluationNumbers(network, data, batch, mixing),
      items: network.items,
      length: network.length,
      networks,
    },
    work,
    data,
    engine,
  );
}

/** Counts the numbers that are alive together at the end of a step. */
function stepNumbers(
  network: NetworkConfig,
  { kind, settings }: Learning,
  { targets }: DatasetCounts,
  mixing: Layering,
): StepNumbers {
  const batch = Math.min(settings.batchSize, targets), { lengths } = network;
  const encoded = encodedItems(network, settings, { batch, asked: batch });
  const scores = scoreNumbers(network, settings, batch, mixing);
  /**
   * Numbers alive in a learning pass, or in a judging pass without gradients, if candidates have separate losses, each over the whole
   * batch.
   */
  const passOf = (short: readonly number[], losses: number, backward: boolean, gradients = losses) => ({
    activations: activationNumbers(network, short, backward ? sharing(network, batch) : alone(batch), {
      mixing,
      backward,
    }),
    scores: losses * scores,
    vectors: vectorNumbers(network, encoded, mixing) + 3 * (gradients - 1) * encoded * network.dim +
      (kind === "second order" ? 8 * encoded * network.dim : 0),
  });
  if (kind !== "losses") return passOf(kind === "train" ? [lengths.at(-1)!] : lengths, 1, true);
  // Each candidate learns from a window of the batch; together these are no more than the whole batch for `LEARNERS` candidates. α is
  // judged by the loss of each candidate, in one forward pass. A step needs the memory of the larger of the two.
  const learning = lengths.slice(-LEARNERS);
  const training = passOf(learning, learning.length, true, lengths.length);
  const judging = passOf(lengths, lengths.length, false);
  return sumOf(judging) > sumOf(training) ? judging : training;
}

/** Number of targets in a batch, and of their histories. */
interface BatchCounts {
  batch: number;
  histories: number;
}

/** Each target with a history of its own. */
const alone = (batch: number): BatchCounts => ({ batch, histories: batch });

/** Targets that share histories, if the network's targets do. */
const sharing = (network: NetworkConfig, batch: number): BatchCounts => ({
  batch,
  histories: Math.ceil(batch / targetsPerHistory(network)),
});

/**
 * Counts the numbers in embedded sequences, [T, histories, D] and, if histories are shared, [K, B, D], and in what the modules compute from
 * them.
 */
function activationNumbers(
  network: NetworkConfig,
  short: readonly number[],
  { batch, histories }: BatchCounts,
  { mixing, backward }: { mixing: Layering; backward: boolean },
): number {
  const { length, dim, layers, longLayers, dropout } = network;
  const recent = histories < batch ? Math.max(...short) * batch * dim : 0;
  const whole = length * histories * dim + recent, dropping = backward && dropout > 0;
  const passes = [
    ...(longLayers > 0 ? [modulePass(length, longLayers, histories, network, mixing)] : []),
    ...short.map((k) => modulePass(k, layers, batch, network, mixing)),
  ];
  const modules = passes.reduce((sum, pass) => sum + pass.forward + (backward ? pass.backward : 0), 0);
  const passing = Math.max(...passes.map((pass) => pass.passing));
  // Without a long-term module the gradient of the last k positions is padded to all positions.
  const filled = backward && longLayers === 0 ? 2 * whole : 0;
  // Dropout forward and backward; if composed, with its mask.
  const dropped = dropping ? (mixing === "fused" ? 2 : 4) * whole : 0;
  return whole + dropped + filled + modules + passing + 12 * batch * dim;
}

/** Counts the numbers in the vectors of items, with what features add, and in their gradients. */
function vectorNumbers(
  network: NetworkConfig,
  encoded: number,
  mixing: Layering,
): number {
  const { dim, score } = network, fused = fusedTensors(network, encoded, true);
  const vectors = encoded * dim * (fused + 6 + (score === "cosine" ? 6 : 0));
  return vectors + rowStepNumbers(network, encoded, mixing);
}

/**
 * Counts the tensors, each the size of all encoded items' vectors, that computing these vectors takes: see `layers/item_vectors.ts`. If a feature
 * has fewer values than there are items, its values go through the fusing layer, otherwise the items do; the same holds for the way back.
 */
function fusedTensors({ features, fusion }: NetworkConfig, encoded: number, backward: boolean): number {
  if (features.length === 0) return backward ? 1 : 2;
  if (fusion === "sum") return features.length + (backward ? 8 : 5);
  return features.reduce(
    (sum, { kind, values }) => sum + (kind === "numeric" || values + 1 < encoded ? 1 : backward ? 4 : 2),
    backward ? 11 : 7,
  );
}

/** Counts the numbers in tensors while a batch of positives is ranked. */
function evaluationNumbers(
  network: NetworkConfig,
  { negatives }: DatasetCounts,
  batch: number,
  mixing: Layering,
): number {
  const { items, dim } = network, width = Math.max(items + 1, 1 + negatives);
  const vectors = (items + 1) * dim * fusedTensors(network, items + 1, false);
  const activations = activationNumbers(network, [network.lengths.at(-1)!], alone(batch), {
    mixing,
    backward: false,
  });
  return vectors + activations + batch * Math.max(width, (1 + negatives) * dim);
}

/** Counts of the numbers that a pass keeps. */
interface ModulePass {
  forward: number;
  backward: number;
  /** Additional numbers while the largest of its mixers is computed. */
  passing: number;
}

/** The sizes of a network that matter for a module. */
type Sizes = Pick<NetworkConfig, "dim" | "sequenceHidden" | "channelHidden">;

/**
 * Counts the numbers of one pass through a module over the newest `n` positions of `batch` sequences. Its last layer outputs one position.
 *
 * @param layers At least 1.
 */
function modulePass(
  n: number,
  layers: number,
  batch: number,
  { dim, sequenceHidden, channelHidden }: Sizes,
  mixing: Layering,
): ModulePass {
  const inner = layers - 1, row = batch * dim;
  const positions = n * row, hidden = sequenceHidden * row, channels = n * batch * channelHidden;
  // The gradients of each mixer's input: two for each inner layer, one for the last layer's sequence mixer, and one position for its
  // channel mixer.
  const backward = (2 * inner + 1) * positions + row;
  if (mixing === "fused") return { forward: 2 * inner * positions + 2 * row, backward, passing: 0 };
  return {
    // Normalised input twice, hidden units and their slope, output; the same for the channel mixer.
    forward: inner * (5 * positions + 2 * hidden + 2 * channels) + 2 * positions + 2 * hidden + 5 * row,
    backward,
    // GELU is about ten operations, the gradient of LayerNorm about seven.
    passing: Math.max(
      11 * hidden + 4 * positions,
      3 * hidden + 10 * positions,
      inner > 0 ? 11 * channels + 4 * positions : 0,
    ),
  };
}
