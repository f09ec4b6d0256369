/**
 * Defines what an engine is, and what each backend reports about itself.
 *
 * @module
 */
import type { AttentionKernels } from "./attention.ts";
import type { ConvolutionKernels } from "./convolution.ts";
import type { LinearCrossEntropyKernels, SampledCrossEntropyKernels } from "./cross_entropy.ts";
import type { FeedForwardKernels } from "./feed_forward.ts";
import type { BasicKernels } from "./kernels.ts";
import type { Mixers } from "./mixers.ts";
import type { RecurrentKernels } from "./recurrent.ts";
import type { MixedPrecision } from "./precision.ts";
import type { Tf } from "./tensor.ts";
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { z } from "zod";

/**
 * The engines, in the order in which they are tried.
 *
 * @example
 * ```ts
 * import { ENGINES, openEngine } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const engine = await openEngine();
 * assert(ENGINES.includes(engine.name));
 * ```
 */
export const ENGINES = ["native", "wasm", "cpu"] as const;
/** One of the {@link ENGINES}. */
export type EngineName = "native" | "wasm" | "cpu";
true satisfies Same<EngineName, (typeof ENGINES)[number]>;

/** All operations of sequence models. */
export interface SequenceKernels
  extends
    RecurrentKernels,
    AttentionKernels,
    ConvolutionKernels,
    FeedForwardKernels,
    LinearCrossEntropyKernels,
    SampledCrossEntropyKernels {}

/** All operations that networks are built from. */
export interface Kernels extends BasicKernels, Mixers, SequenceKernels {}

/** Whether a backend is available on this machine now. */
export type Finding =
  | {
    found: true;
    /** The device it computes on, as in "CPU, 2 threads, oneDNN". */
    device: string;
  }
  | {
    found: false;
    /** Why it is not available, as in "it is not installed". */
    reason: string;
    /** What the user can do, as in "run deno task engine". */
    wish: string;
  };

/** An engine that was passed over, and why. {@link openEngine} reports it. */
export interface PassedOver {
  /** Its name. */
  engine: EngineName;
  /** Why it was passed over. */
  reason: string;
  /** What the user can do, as in "run deno task engine". */
  wish?: string;
}

/** Settings of a backend when {@link openEngine} opens it. */
export interface BackendOptions {
  /** Number of threads of one operation. Default: all cores. Only the native engine uses more than one, and only the call that
   * opens it can set this. */
  threads?: number;
}

/** An opened backend: part of an {@link Engine}. */
export interface Opened {
  /** The tensor library. */
  tf: Tf;
  /**
   * The fused operations that this library's networks use.
   * @internal
   */
  kernels: Kernels;
  /**
   * Mixed precision, if the engine supports it.
   * @internal
   */
  bfloat16?: MixedPrecision;
  /** The device it computes on, in readable form, as in "CPU, 2 threads, oneDNN". */
  device: string;
  /** Number of threads of one operation; left out if a GPU computes. */
  threads?: number;
  /** Whether tensors are kept in GPU memory instead of the memory of the process. */
  isOnGpu: boolean;
  /** Versions of the libraries, as in "tfjs 4.22.0, libtensorflow 2.21.0". */
  version: string;
}

/** The interface that each file in `backends/` implements. */
export interface Backend {
  name: EngineName;
  find(options: BackendOptions): Promise<Finding>;
  open(options: BackendOptions): Promise<Opened>;
}

/** The engine of this process, as {@link openEngine} returns it. */
export interface Engine extends Opened {
  /** Name of the engine. */
  name: EngineName;
  /** Faster engines that were not available or not asked for. */
  passedOver: PassedOver[];
  /** One line that says which engine is used, on what device, and why no faster one is. */
  explanation: string;
  /** Returns the number of tensors that are alive, and their size in bytes. */
  memory(): { tensors: number; bytes: number };
  /** Returns what `JSON.stringify` writes. */
  toJSON(): Pick<Engine, "name" | "device" | "threads" | "passedOver" | "explanation">;
}

/** An engine, as an argument. */
export const ENGINE: Wanted = objectWith("an engine, as await openEngine() gives it", "kernels", "tf");

export const engineShape = {
  engine: z.enum(ENGINES).optional().meta({
    title: "NAME",
    description: "compute on this engine and no other",
    fallback: "the fastest there is",
  }),
};

export const threadsShape = {
  threads: z.int().positive().optional()
    .meta({ title: "N", description: "threads of the native engine", fallback: "all cores" }),
};
