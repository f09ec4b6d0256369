/**
 * The engine on the GPU, through WebGPU. Tensors must be read with `await tensor.data()`, as reading synchronously is impossible. A
 * training step reads its loss synchronously, so this engine cannot train.
 *
 * @module
 */
import { plainKernels } from "../kernels_plain.ts";
import type { Backend, Finding } from "../types.ts";
import { loadCore, select } from "./core.ts";

/** The parts of WebGPU that are used here, declared so that its types need not be loaded. */
interface Gpu {
  requestAdapter(): Promise<
    {
      isFallbackAdapter?: boolean;
      info: { description: string; vendor: string; isFallbackAdapter?: boolean };
    } | null
  >;
}

async function find(): Promise<Finding> {
  const gpu = (navigator as { gpu?: Gpu }).gpu;
  if (!gpu) {
    return { found: false, reason: "Deno runs without WebGPU", wish: "run deno with --unstable-webgpu" };
  }
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) {
    return {
      found: false,
      reason: "no graphics adapter was found",
      wish: "install a driver with Vulkan, Metal or DX12",
    };
  }
  const { info } = adapter;
  const software = adapter.isFallbackAdapter || info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|software|basic render/i.test(info.description);
  return {
    found: true,
    device: `WebGPU: ${info.description || info.vendor}`,
    reserve: software
      ? "its only adapter is software, slower than wasm"
      : "nothing can be trained on it, as Deno cannot wait for what it computes",
  };
}

export const webgpu: Backend = {
  name: "webgpu",
  find,
  async open() {
    const found = await find();
    if (!found.found) throw new Error(found.reason);
    const tf = await loadCore();
    await import("@tensorflow/tfjs-backend-webgpu");
    await select(tf, "webgpu");
    return {
      tf,
      kernels: plainKernels(tf),
      device: found.device,
      isOnGpu: true,
      version: `tfjs ${tf.version_core}`,
    };
  },
};
