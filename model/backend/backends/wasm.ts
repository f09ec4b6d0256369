/**
 * The engine in WebAssembly: nothing to install; its files come with its npm package.
 *
 * @module
 */
import { plainKernels } from "../kernels_plain.ts";
import { WASM_BYTES } from "../out_of_memory.ts";
import type { Backend } from "../types.ts";
import { loadCore, registerSegmentSum, select, wasmMemory } from "./cpu.ts";

// One thread: its thread pool starts workers in a way that Deno does not support.
const device = "CPU, 1 thread, WebAssembly";

interface WasmModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/**
 * Makes the module refuse what its memory cannot hold. Otherwise it would return address 0, or an address for only the lowest 32 bits of
 * the size, and the next operation would overwrite other tensors.
 */
function refuseBeyondHeap(module: WasmModule): void {
  module._free(module._malloc(8)); // the first call replaces the loader with the function itself
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const address = bytes > WASM_BYTES ? 0 : allocate(bytes);
    if (address === 0 && bytes > 0) {
      throw new RangeError("Array buffer allocation failed: WebAssembly memory is full");
    }
    return address;
  };
}

export const wasm: Backend = {
  name: "wasm",
  find: () => Promise.resolve({ found: true, device }),
  async open() {
    const tf = await loadCore();
    await import("@tensorflow/tfjs-backend-wasm");
    registerSegmentSum(tf, "wasm", wasmMemory);
    await select(tf, "wasm");
    refuseBeyondHeap((tf.backend() as unknown as { wasm: WasmModule }).wasm);
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return {
      tf,
      kernels: plainKernels(tf),
      device: simd ? `${device} with SIMD` : device,
      threads: 1,
      isOnGpu: false,
      version: `tfjs ${tf.version_core}`,
    };
  },
};
