/**
 * Estimates the memory that a search or a training will take, before it begins.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Engine } from "../backend/types.ts";
import { historiesAtOnce } from "../evaluate/scores.ts";
import { numbersIn } from "../backend/tensor.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { TrainingSettings } from "../train/settings.ts";

/** The parts of an estimate, by what takes the memory. */
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

/** Bytes by part. The evaluation counts what it takes beyond a step, whose memory it reuses. */
export type MemoryEstimate = Record<Part, number>;

/** The properties of a dataset that determine the memory. */
export interface DatasetCounts {
  interactions: number;
  /** Share of the interactions in the largest part of the dataset: see {@link OPEN}. */
  share: number;
  /** Maximum number of targets in the training part, and so in a batch. */
  targets: number;
  /** Number of positives in the validation or the test part, whichever has more: the maximum number of histories scored at once. */
  positives: number;
  /** Number of frozen negatives of a positive, in all protocols together. */
  negatives: number;
}

/** The properties of learning that determine the memory. */
export interface Learning {
  /** `train`: one network; `losses`, `outputs`: a search by these; `second order`: a search with directions in the space of weights. */
  kind: "train" | "losses" | "outputs" | "second order";
  settings: Pick<TrainingSettings, "loss" | "trainNegatives" | "batchSize">;
}

/** The kind of work: learning, or scoring with a trained network. */
export type Workload = Learning | { kind: "score" };

const FLOAT_BYTES = 4;
/** Overhead of allocators: alignment, and gaps that nothing fits into. */
const SLACK = 1.1;
/** Bytes of the program with its libraries, by engine, and of an interaction in tables and arrays. */
const PROGRAM_BYTES = { native: 440e6, wasm: 180e6, cpu: 180e6 };
const INTERACTION_BYTES = 60;

/**
 * Number of copies of the weights outside the engine: those of a checkpoint (values, moments, average), the best epoch's values, those of
 * the network that is returned, and garbage not yet collected. If a model only scores: those of its file, and what is read from it.
 */
const COPIES = { train: 8, losses: 5, outputs: 5, "second order": 5, score: 2 };

/** Number of parts of the dataset that are open at once: a search learns from one and judges by others. */
const OPEN = { train: 1, losses: 2, outputs: 3, "second order": 3, score: 1 };

/** Returns the counts of a dataset, from its manifest alone. */
export function countsOf({ parts, manifest: { counts, negatives } }: SequenceDataset): DatasetCounts {
  return {
    interactions: counts.interactions,
    share: Math.max(...parts.map(({ rows }) => rows)) / Math.max(counts.interactions, 1),
    targets: counts.train,
    positives: Math.max(counts.validation, counts.test),
    negatives: negatives.protocols.length * negatives.count,
  };
}

/** How an engine computes layers: as one operation that keeps no intermediate results, or composed of smaller ones that do. */
export type Layering = "fused" | "composed";
export const layeringOf = ({ name }: Pick<Engine, "name">): Layering =>
  name === "native" ? "fused" : "composed";

/** Counts of the numbers that are alive together at the end of a step. */
export interface StepNumbers {
  activations: number;
  scores: number;
  vectors: number;
}

export const NO_STEP: StepNumbers = { activations: 0, scores: 0, vectors: 0 };
export const sumOf = ({ activations, scores, vectors }: StepNumbers): number =>
  activations + scores + vectors;

/** What a network needs, counted in numbers. */
export interface Demand {
  parameters: readonly ParameterSpec[];
  step: StepNumbers;
  /** Returns how many numbers tensors hold while positives are ranked, besides their scores. */
  evaluating(batch: number): number;
  /** Number of items; ids run from 1. */
  items: number;
  /** Longest history, T. */
  length: number;
  /** Number of networks of the same sizes, one of which takes a step or scores at a time; `parameters` are those of one. Default: 1. */
  networks?: number;
}

/** The properties of an engine that determine the memory. */
export type EngineMemory = Pick<Engine, "name" | "isOnGpu">;

/** Estimates the memory of the whole process. */
export function estimateOf(
  { parameters: specs, step, evaluating, items, length, networks = 1 }: Demand,
  { kind }: Workload,
  data: DatasetCounts,
  { name, isOnGpu }: EngineMemory,
): MemoryEstimate {
  const parameters = networks * numbersIn(specs), ofOthers = parameters - parameters / networks;
  const evaluates = kind === "train" || kind === "score", width = Math.max(items + 1, 1 + data.negatives);
  const batch = Math.min(historiesAtOnce(width, length), data.positives);
  const held = Math.min(1, OPEN[kind] * data.share);
  const numbers: MemoryEstimate = {
    "program and data": (PROGRAM_BYTES[name] + held * data.interactions * INTERACTION_BYTES) / FLOAT_BYTES +
      // Negatives of validation and test, as tables and as arrays.
      4 * held * data.positives * data.negatives,
    // A training also keeps their moving average.
    "weights": kind === "train" ? 2 * parameters : parameters,
    "Adam's moments": kind === "score" ? 0 : 2 * parameters,
    "copies of weights": COPIES[kind] * parameters,
    "activations of a step": SLACK * step.activations,
    "scores of a step": SLACK * step.scores,
    // There are at most as many gradients as all networks have weights.
    "item vectors of a step": SLACK * step.vectors +
      (kind === "train" ? ofOthers : 0),
    // The scores of a batch and of the previous one, which is not yet collected; for several networks also their mean.
    // What the other networks keep for their items is as much as their weights.
    "evaluation": evaluates
      ? (networks > 1 ? 3 : 2) * batch * width + SLACK * Math.max(0, evaluating(batch) - sumOf(step)) +
        ofOthers
      : 0,
  };
  const onHost: readonly Part[] = isOnGpu ? ["program and data", "copies of weights", "evaluation"] : PARTS;
  return Object.fromEntries(
    PARTS.map((part) => [part, onHost.includes(part) ? numbers[part] * FLOAT_BYTES : 0]),
  ) as MemoryEstimate;
}

/** Returns the sum of some or all parts, in bytes. */
export const totalOf = (estimate: MemoryEstimate, parts: readonly Part[] = PARTS): number =>
  parts.reduce((sum, part) => sum + estimate[part], 0);
