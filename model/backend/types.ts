/**
 * What an engine is, and what each backend says of itself.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { objectWith, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import type { Kernels } from "./kernels.ts";
import type { MixedPrecision } from "./precision.ts";
import type { Tf } from "./tensor.ts";

/**
 * The engines, in the order of choice.
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
export const ENGINES = ["native", "webgpu", "wasm", "cpu"] as const;
/** One of the {@link ENGINES}. */
export type EngineName = "native" | "webgpu" | "wasm" | "cpu";
true satisfies Same<EngineName, (typeof ENGINES)[number]>;

/** Whether a backend can be had on this machine now. */
export type Finding =
  | {
    found: true;
    /** What it computes on, as in "CPU, 2 threads, oneDNN". */
    device: string;
    /** Why it is taken only on request, as in "a software adapter, slower than wasm"; undefined where it is not. */
    reserve?: string;
  }
  | {
    found: false;
    /** As in "it is not installed". */
    reason: string;
    /** What the user can do, as in "run deno task engine". */
    wish: string;
  };

/** An engine that was passed over, and why. {@link openEngine} says it. */
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
  /** Threads of one operation; all cores where left out. Only the native engine has more than one, and only the call that
   * opens it chooses. */
  threads?: number;
}

/** A backend, opened: part of an {@link Engine}. */
export interface Opened {
  /** The tensor library. */
  tf: Tf;
  /**
   * The fused operations, for networks of this library.
   * @internal
   */
  kernels: Kernels;
  /**
   * Mixed precision, where the engine has it.
   * @internal
   */
  bfloat16?: MixedPrecision;
  /** What it computes on, for people, as in "CPU, 2 threads, oneDNN". */
  device: string;
  /** Threads of one operation; left out where a graphics processor computes. */
  threads?: number;
  /** Whether tensors lie in the memory of a graphics processor, and not in that of the process. */
  isOnGpu: boolean;
  /** As in "tfjs 4.22.0, libtensorflow 2.21.0". */
  version: string;
}

/** What each file in `backends/` is. */
export interface Backend {
  name: EngineName;
  find(options: BackendOptions): Promise<Finding>;
  open(options: BackendOptions): Promise<Opened>;
}

/** The engine of this process, as {@link openEngine} returns it. */
export interface Engine extends Opened {
  /** Which of the engines it is. */
  name: EngineName;
  /** Faster engines that could not be had, or were not asked for. */
  passedOver: PassedOver[];
  /** One line that says which engine works, on what, and why none faster. */
  explanation: string;
  /** Tensors that are alive, and their bytes. */
  memory(): { tensors: number; bytes: number };
  /** What `JSON.stringify` writes. */
  toJSON(): Pick<Engine, "name" | "device" | "threads" | "passedOver" | "explanation">;
}

/** An engine, as an argument. */
export const ENGINE: Wanted = objectWith("an engine, as await openEngine() gives it", "kernels", "tf");
