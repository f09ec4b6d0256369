/**
 * What memory a search or a training will take, before it begins.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import { modelParameters } from "../automlp/network.ts";
import { rowsHeld } from "../backend/linear_cross_entropy.ts";
import type { Engine } from "../backend/types.ts";
import { defaultBatchSize } from "../evaluate/scores.ts";
import { sizeOf } from "../layers/parameters.ts";
import { lossOf } from "../train/losses/registry.ts";
import type { TrainingSettings } from "../train/settings.ts";
import { type Mixing, modulePass } from "./activations.ts";

/** The parts of an estimate by what takes the memory. */
export const PARTS = [
  "program and data",
  "weights",
  "Adam's moments",
  "copies of weights",
  "activations of a step",
  "scores of a step",
  "item vectors of a step",
  "evaluation",
] as const;
export type Part = (typeof PARTS)[number];

/** Bytes by part. The evaluation is what it takes beyond a step, whose memory it has. */
export type MemoryEstimate = Record<Part, number>;

/** What of a dataset decides over memory. */
export interface DatasetCounts {
  interactions: number;
  /** At most so many targets are in the training part, and in a batch. */
  targets: number;
  /** Of the validation or the test part, whichever has more: at most so many histories are scored at once. */
  positives: number;
  /** Frozen negatives of a positive, of all protocols together. */
  negatives: number;
}

/** What of learning decides over memory. */
export interface Learning {
  /** `train`: one network. `losses`, `outputs`: a search by these, `second order`: with directions in the space of weights. */
  kind: "train" | "losses" | "outputs" | "second order";
  settings: Pick<TrainingSettings, "loss" | "negatives" | "batchSize">;
}

/** What is done: learning, or scoring with a network that has learnt. */
export type Workload = Learning | { kind: "score" };

const FLOAT_BYTES = 4;
/** What allocators add: alignment, and gaps that nothing fits into. */
const SLACK = 1.1;
/** Of the program with its libraries, by engine, and of an interaction in tables and arrays. */
const PROGRAM_BYTES = { native: 440e6, webgpu: 350e6, wasm: 180e6, cpu: 180e6 };
const INTERACTION_BYTES = 60;

/**
 * Copies outside of the engine: those of a checkpoint (values and moments), the best epoch's values, those of the network that is
 * given away, and what is not yet collected.
 */
const COPIES = { train: 7, losses: 5, outputs: 5, "second order": 5, score: 1 };

/** The counts of a dataset, by its manifest alone. */
export function countsOf({ manifest: { counts, negatives } }: SequenceDataset): DatasetCounts {
  return {
    interactions: counts.interactions,
    targets: counts.train,
    positives: Math.max(counts.validation, counts.test),
    negatives: negatives.protocols.length * negatives.count,
  };
}

/**
 * Estimates the memory of the whole process.
 *
 * @param engine Its name, and what it computes on.
 */
export function estimateMemory(
  network: NetworkConfig,
  work: Workload,
  data: DatasetCounts,
  { name, device }: Pick<Engine, "name" | "device">,
): MemoryEstimate {
  const parameters = modelParameters(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const mixing = name === "native" ? "fused" : "composed", learns = work.kind !== "score";
  const step = learns ? stepNumbers(network, work, data, mixing) : NO_STEP;
  const evaluation = evaluationNumbers(network, data, mixing), inStep = sumOf(step);
  const evaluates = work.kind === "train" || work.kind === "score";
  const numbers: MemoryEstimate = {
    "program and data": (PROGRAM_BYTES[name] + data.interactions * INTERACTION_BYTES) / FLOAT_BYTES +
      // Of both parts, as tables and as arrays.
      4 * data.positives * data.negatives,
    "weights": parameters,
    "Adam's moments": learns ? 2 * parameters : 0,
    "copies of weights": COPIES[work.kind] * parameters,
    "activations of a step": SLACK * step.activations,
    "scores of a step": SLACK * step.scores,
    "item vectors of a step": SLACK * step.vectors,
    "evaluation": evaluates ? evaluation.copied + SLACK * Math.max(0, evaluation.tensors - inStep) : 0,
  };
  // Tensors of a graphics processor are in its own memory.
  const onHost = /^(CUDA|WebGPU)/.test(device)
    ? ["program and data", "copies of weights", "evaluation"]
    : PARTS;
  return Object.fromEntries(
    PARTS.map((part) => [part, onHost.includes(part) ? numbers[part] * FLOAT_BYTES : 0]),
  ) as MemoryEstimate;
}

/** The sum of all parts, in bytes. */
export const totalOf = (estimate: MemoryEstimate): number =>
  Object.values(estimate).reduce((sum, bytes) => sum + bytes, 0);

interface StepNumbers {
  activations: number;
  scores: number;
  vectors: number;
}

const NO_STEP: StepNumbers = { activations: 0, scores: 0, vectors: 0 };
const sumOf = ({ activations, scores, vectors }: StepNumbers) => activations + scores + vectors;

/** Numbers that are alive together at the end of a step. */
function stepNumbers(
  network: NetworkConfig,
  { kind, settings }: Learning,
  { targets }: DatasetCounts,
  mixing: Mixing,
): StepNumbers {
  const batch = Math.min(settings.batchSize, targets), { candidates } = network;
  const encoded = encodedItems(network, settings, batch);
  const scores = scoreNumbers(network, settings, batch, mixing);
  const trained = kind === "train" || kind === "losses" ? [candidates.at(-1)!] : candidates;
  const training = {
    activations: activationNumbers(network, trained, batch, mixing, true),
    scores,
    vectors: vectorNumbers(network, encoded, mixing) +
      (kind === "second order" ? 8 * encoded * network.dim : 0),
  };
  if (kind !== "losses") return training;
  // α is judged by each candidate's loss, in one pass forward. The step of the weights has that memory, too.
  const judging = {
    activations: activationNumbers(network, candidates, batch, mixing, false),
    scores: candidates.length * scores,
    vectors: vectorNumbers(network, encoded, mixing) + 3 * (candidates.length - 1) * encoded * network.dim,
  };
  return sumOf(judging) > sumOf(training) ? judging : training;
}

/** Items whose vectors a step computes: with a loss over all items, all of them. */
function encodedItems(
  { items, length }: NetworkConfig,
  { loss, negatives }: Learning["settings"],
  batch: number,
): number {
  const drawn =
    { "none": items, "each target": batch * negatives, "shared": negatives }[lossOf(loss).negatives];
  return Math.min(items, batch * (length + 1) + drawn) + 1;
}

/** Embedded sequences [T, B, D], and what the modules make of them. */
function activationNumbers(
  network: NetworkConfig,
  short: readonly number[],
  batch: number,
  mixing: Mixing,
  backward: boolean,
): number {
  const { length, dim, layers, longLayers, dropout } = network;
  const whole = length * batch * dim, dropping = backward && dropout > 0;
  const passes = [
    ...(longLayers > 0 ? [modulePass(length, longLayers, batch, network, mixing)] : []),
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

/** The scores that a loss is made of, and their gradients. */
function scoreNumbers(
  { items, dim }: NetworkConfig,
  { loss, negatives }: Learning["settings"],
  batch: number,
  mixing: Mixing,
): number {
  switch (lossOf(loss).negatives) {
    case "none":
      return Math.min(batch, rowsHeld(items)) * items * (mixing === "fused" ? 1 : 8);
    case "each target":
      return batch * (1 + negatives) * (3 * dim + 6);
    case "shared":
      return batch * negatives * 8;
  }
}

/** The vectors of items, with what features add, and their gradients. */
function vectorNumbers(
  { items, dim, features, score }: NetworkConfig,
  encoded: number,
  mixing: Mixing,
): number {
  const fused = features.length > 0 ? 11 + 4 * features.length : 1;
  const vectors = encoded * dim * (fused + 6 + (score === "cosine" ? 6 : 0));
  // Adam's step of some rows makes whole tables anew where it is composed.
  return mixing === "fused" ? vectors : vectors + dim * (9 * encoded + 3 * items);
}

/** Numbers in tensors, and as arrays, while positives are ranked. */
function evaluationNumbers(
  network: NetworkConfig,
  { positives, negatives }: DatasetCounts,
  mixing: Mixing,
): { tensors: number; copied: number } {
  const { items, dim, features } = network, width = Math.max(items + 1, 1 + negatives);
  const batch = Math.min(defaultBatchSize(width), positives);
  const vectors = (items + 1) * dim * (features.length > 0 ? 7 + 2 * features.length : 2);
  const activations = activationNumbers(network, [network.candidates.at(-1)!], batch, mixing, false);
  return {
    tensors: vectors + activations + batch * Math.max(width, (1 + negatives) * dim),
    // The scores of a batch, and of the one before that is not yet collected.
    copied: 2 * batch * width,
  };
}
