/**
 * The tensor library itself, loaded once, with the functions restored that it misses in Deno.
 *
 * @module
 */
import util from "node:util";
import type { Tf } from "../tensor.ts";

/** Loads the tensor library. */
export async function loadCore(): Promise<Tf> {
  // Node removed these; the native engine still calls them.
  const legacy = util as unknown as Record<string, (value: unknown) => boolean>;
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
  return await import("@tensorflow/tfjs-core");
}

/** Makes a registered backend the current one. */
export async function select(tf: Tf, backend: string): Promise<void> {
  if (!await tf.setBackend(backend)) throw new Error(`the ${backend} backend did not start`);
  await tf.ready();
}
