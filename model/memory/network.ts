/**
 * Estimates the memory of a network from its parameters alone: for each position of each sequence, a matrix of weights yields as many
 * numbers as it has outputs, and as many gradients.
 *
 * @module
 */
import { isTable, type ParameterSpec } from "../layers/parameters.ts";
import type { PlaceWindow } from "../train/network.ts";
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
} from "./estimate.ts";
import { type AskedBatch, encodedItems, rowStepNumbers, scoreNumbers } from "./losses.ts";

/** The sizes of a network. */
export interface NetworkSizes {
  parameters: readonly ParameterSpec[];
  /** Number of items. */
  items: number;
  /** Longest history, T. */
  length: number;
  /** Size of an item's embedding, D. */
  dim: number;
  /** Number of attention weights of a sequence, one for each pair of positions: T² for each head of each layer; 0 without attention. */
  pairs: number;
  window?: PlaceWindow;
  /** Number of networks that are trained, or score, side by side. Default: 1. */
  networks?: number;
}

/** The examples that a network learns from. */
export interface NetworkExamples {
  /** Number of examples in an epoch: no batch has more. */
  examples: number;
  /** Maximum number of targets of an example. */
  targets: number;
}

/** Estimates the memory of a process that trains a network, or scores with it. */
export function estimateNetwork(
  sizes: NetworkSizes,
  work: Learning & NetworkExamples | { kind: "score" },
  data: DatasetCounts,
  engine: EngineMemory,
): MemoryEstimate {
  const layering = layeringOf(engine), { items, dim, length } = sizes;
  return estimateOf(
    {
      parameters: sizes.parameters,
      step: work.kind === "score" ? NO_STEP : stepNumbers(sizes, work, layering),
      evaluating: (batch) =>
        2 * (items + 1) * dim + activationNumbers(sizes, { batch, asked: batch }, layering) +
        batch * Math.max(items + 1, (1 + data.negatives) * dim),
      items,
      length,
      networks: sizes.networks,
    },
    work,
    data,
    engine,
  );
}

function stepNumbers(
  sizes: NetworkSizes,
  { settings, examples, targets }: Learning & NetworkExamples,
  layering: Layering,
): StepNumbers {
  const batch = Math.min(settings.batchSize, examples), asked = batch * targets;
  const encoded = encodedItems(sizes, settings, { batch, asked }),
    tables = sizes.parameters.filter(isTable).length;
  return {
    // Each is kept with its gradient.
    activations: 2 * activationNumbers(sizes, { batch, asked }, layering),
    scores: scoreNumbers(sizes, settings, asked, layering),
    vectors: tables * (7 * encoded * sizes.dim + rowStepNumbers(sizes, encoded, layering)),
  };
}

/** Counts the numbers that a forward pass over a batch yields. */
function activationNumbers(sizes: NetworkSizes, { batch, asked }: AskedBatch, layering: Layering): number {
  const { parameters, length, dim, pairs, window } = sizes, isFused = layering === "fused";
  const isOfWindow = ({ name }: ParameterSpec) => window !== undefined && name.startsWith(window.prefix);
  const outputs = outputsOfAll(parameters.filter((spec) => !isOfWindow(spec)));
  const whole = batch * (length * (4 * dim + (isFused ? 1 : 2) * outputs) + (isFused ? 0 : 4 * pairs));
  if (!window) return whole;
  // For each position of the window, the item's vector and what its cells keep: two matrices compute the gates together, which count once.
  const within = (isFused ? 0.5 : 2) * outputsOfAll(parameters.filter(isOfWindow));
  return whole + asked * window.places * (dim + within);
}

const outputsOfAll = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((sum, spec) => sum + outputsOf(spec), 0);

/**
 * Counts the numbers that a parameter yields for each position. A dense layer has shape [outputs, inputs], a convolution [kernel, inputs,
 * outputs]; its bias is added within. A gain stands for its norm, and for the residual with dropout that comes with a norm.
 */
function outputsOf({ rows, shape, mean = 0 }: ParameterSpec): number {
  if (rows) return 0;
  if (shape.length === 1) return 4 * mean * shape[0];
  return shape.length === 3 ? shape[2] : shape[0];
}
