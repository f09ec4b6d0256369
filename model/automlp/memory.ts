/**
 * What memory AutoMLP takes, in training, search and scoring.
 *
 * @module
 */
import type { NetworkConfig } from "./network_config.ts";
import { modelParameters } from "./network.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { modulePass } from "./activations.ts";
import { targetsPerHistory } from "./shared_histories.ts";
import { LEARNERS } from "./batch_windows.ts";
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
} from "../memory/estimate.ts";
import { encodedItems, rowStepNumbers, scoreNumbers } from "../memory/losses.ts";

/**
 * Estimates the memory of a process that trains, searches or scores with AutoMLP.
 *
 * @param parameters Of all that a search trains, where that is more than the network has.
 * @param networks Of an ensemble.
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

/** Numbers that are alive together at the end of a step. */
function stepNumbers(
  network: NetworkConfig,
  { kind, settings }: Learning,
  { targets }: DatasetCounts,
  mixing: Layering,
): StepNumbers {
  const batch = Math.min(settings.batchSize, targets), { candidates } = network;
  const encoded = encodedItems(network, settings, { batch, asked: batch });
  const scores = scoreNumbers(network, settings, batch, mixing);
  /** What a pass of learning, or of judging without a way back, has alive, where candidates have losses of their own, each of the whole batch. */
  const passOf = (short: readonly number[], losses: number, backward: boolean, gradients = losses) => ({
    activations: activationNumbers(network, short, backward ? sharing(network, batch) : alone(batch), {
      mixing,
      backward,
    }),
    scores: losses * scores,
    vectors: vectorNumbers(network, encoded, mixing) + 3 * (gradients - 1) * encoded * network.dim +
      (kind === "second order" ? 8 * encoded * network.dim : 0),
  });
  if (kind !== "losses") return passOf(kind === "train" ? [candidates.at(-1)!] : candidates, 1, true);
  // Each candidate learns from a window of the batch, together from no more than some of them would from all; α is judged by the loss of each, in
  // one pass forward. A step has the memory of the larger.
  const learning = candidates.slice(-LEARNERS);
  const training = passOf(learning, learning.length, true, candidates.length);
  const judging = passOf(candidates, candidates.length, false);
  return sumOf(judging) > sumOf(training) ? judging : training;
}

/** A batch of targets, and the histories that they have. */
interface BatchCounts {
  batch: number;
  histories: number;
}

/** Each target with a history of its own. */
const alone = (batch: number): BatchCounts => ({ batch, histories: batch });

/** Targets that share histories. */
const sharing = (network: NetworkConfig, batch: number): BatchCounts => ({
  batch,
  histories: Math.ceil(batch / targetsPerHistory(network)),
});

/** Embedded sequences, [T, histories, D] and, where histories are shared, [K, B, D], and what the modules make of them. */
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
  // Without a long-term module the gradient of the last k positions is filled up to all of them.
  const filled = backward && longLayers === 0 ? 2 * whole : 0;
  // Dropout forward and back; composed, with its mask.
  const dropped = dropping ? (mixing === "fused" ? 2 : 4) * whole : 0;
  return whole + dropped + filled + modules + passing + 12 * batch * dim;
}

/** The vectors of items, with what features add, and their gradients. */
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
 * Tensors of the size of all encoded items' vectors that making these takes: see `layers/fusion.ts`. Where a feature has fewer values than there
 * are items, these go through the fusing layer, else items do, and back.
 */
function fusedTensors({ features, fusion }: NetworkConfig, encoded: number, backward: boolean): number {
  if (features.length === 0) return backward ? 1 : 2;
  if (fusion === "sum") return features.length + (backward ? 8 : 5);
  return features.reduce(
    (sum, { kind, values }) => sum + (kind === "numeric" || values + 1 < encoded ? 1 : backward ? 4 : 2),
    backward ? 11 : 7,
  );
}

/** Numbers in tensors while a batch of positives is ranked. */
function evaluationNumbers(
  network: NetworkConfig,
  { negatives }: DatasetCounts,
  batch: number,
  mixing: Layering,
): number {
  const { items, dim } = network, width = Math.max(items + 1, 1 + negatives);
  const vectors = (items + 1) * dim * fusedTensors(network, items + 1, false);
  const activations = activationNumbers(network, [network.candidates.at(-1)!], alone(batch), {
    mixing,
    backward: false,
  });
  return vectors + activations + batch * Math.max(width, (1 + negatives) * dim);
}
