/**
 * The engine in plain TypeScript: always available, slow.
 *
 * @module
 */
import util from "node:util";
import { plainKernels } from "../kernels_plain.ts";
import type { Tf } from "../tensor.ts";
import type { Backend } from "../types.ts";

const device = "CPU, 1 thread, JavaScript";

export const cpu: Backend = {
  name: "cpu",
  find: () => Promise.resolve({ found: true, device }),
  async open() {
    const tf = await loadCore();
    await import("@tensorflow/tfjs-backend-cpu");
    registerSegmentSum(tf, "cpu", cpuMemory);
    await select(tf, "cpu");
    // Its first operation would print an advertisement of other packages.
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
    return {
      tf,
      kernels: plainKernels(tf),
      device,
      threads: 1,
      isOnGpu: false,
      version: `tfjs ${tf.version_core}`,
    };
  },
};

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

/** A tensor as kernels see it. */
interface TensorInfo {
  dataId: object;
  shape: number[];
  dtype: "float32" | "int32";
}

type Numbers = Float32Array | Int32Array;

/** How a backend hands out memory. */
export interface Memory {
  /** Creates a new tensor. */
  make(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  /** Returns a tensor's numbers in place: writing to them changes the tensor. */
  numbers(tensor: TensorInfo): Numbers;
}

/** The functions that the WebAssembly backend offers its kernels. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Numbers;
}

/** The parts of the plain backend that its kernels use. */
interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: string, values: Numbers): TensorInfo;
  data: { get(dataId: object): { values: Numbers } };
}

/** The memory of the WebAssembly backend. */
export const wasmMemory = (backend: unknown): Memory => ({
  make: (shape, dtype) => (backend as WasmBackend).makeOutput(shape, dtype),
  numbers: (tensor) => (backend as WasmBackend).typedArrayFromHeap(tensor),
});

/** The memory of the plain backend. */
export const cpuMemory = (backend: unknown): Memory => ({
  make(shape, dtype) {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = dtype === "int32" ? new Int32Array(size) : new Float32Array(size);
    return (backend as CpuBackend).makeTensorInfo(shape, dtype, values);
  },
  numbers: ({ dataId }) => (backend as CpuBackend).data.get(dataId).values,
});

/** Registers the kernel for a backend, replacing any that it has. */
export function registerSegmentSum(
  tf: Tf,
  backendName: string,
  memoryOf: (backend: unknown) => Memory,
): void {
  const kernelName = tf.UnsortedSegmentSum;
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { numSegments } = attrs as unknown as { numSegments: number };
      const [x, ids] = [inputs.x, inputs.segmentIds] as unknown as [TensorInfo, TensorInfo];
      return segmentSum(memoryOf(backend), x, ids, numSegments) as ReturnType<
        Parameters<Tf["registerKernel"]>[0]["kernelFunc"]
      >;
    },
  });
}

/** x [N, ...], ids [N] → [segments, ...] */
function segmentSum(memory: Memory, x: TensorInfo, segmentIds: TensorInfo, segments: number): TensorInfo {
  const output = memory.make([segments, ...x.shape.slice(1)], x.dtype);
  // Views come after the allocation, which may move the memory.
  const from = memory.numbers(x), ids = memory.numbers(segmentIds), sums = memory.numbers(output).fill(0);
  const width = from.length / Math.max(1, ids.length);
  for (let row = 0, at = 0; row < ids.length; row++) {
    const id = ids[row];
    // As on the other backends, an id out of range drops its row.
    if (id < 0 || id >= segments) at += width;
    else for (let i = id * width; i < (id + 1) * width; i++) sums[i] += from[at++];
  }
  return output;
}
