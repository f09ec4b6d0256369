/**
 * The engine on libtensorflow, in native code. It is not part of the packages: `provision.ts` puts it into the cache.
 *
 * @module
 */
import { createRequire } from "node:module";
import { cachePlace } from "../../../pipeline/contract/machine/cache_folder.ts";
import { folderOnDisk } from "../../../pipeline/contract/machine/package_folder.ts";
import { fusedKernels, mixedPrecision, type NativeBackend, rawKernels } from "../kernels_native.ts";
import { engineFolder, findNative, nvidiaGpu, recentFailure, thesePlatforms } from "../provision/store.ts";
import type { Backend, BackendOptions, Finding } from "../types.ts";
import { loadCore, select } from "./cpu.ts";

/** A compiled binding that has been loaded. */
interface Binding extends Record<string, unknown> {
  TF_Version: string;
  isUsingGpuDevice(): boolean;
}

function find({ threads }: BackendOptions = {}): Promise<Finding> {
  return Promise.try((): Finding => {
    const platforms = thesePlatforms();
    if (platforms.length === 0) {
      return {
        found: false,
        reason: `there is none for ${Deno.build.os} on ${Deno.build.arch}`,
        wish: "use Linux or macOS",
      };
    }
    if (!cachePlace()) {
      return {
        found: false,
        reason: "there is no cache folder that it could be in, for no home folder is known",
        wish: "set AUTOMLP_CACHE to a folder",
      };
    }
    const engine = findNative(platforms);
    if (!engine) {
      return {
        found: false,
        reason: recentFailure() ?? "it has not been made yet",
        wish: folderOnDisk() === undefined
          ? "install the program, and run automlp engine"
          : "run deno task engine",
      };
    }
    // Permission is checked for this one file: a process may be allowed to load only certain libraries.
    if (Deno.permissions.querySync({ name: "ffi", path: engine.path }).state !== "granted") {
      return {
        found: false,
        reason: "loading it is not permitted",
        wish: `run deno with --allow-ffi=${engineFolder()}`,
      };
    }
    return {
      found: true,
      device: engine.platform.endsWith("-cuda") ? `CUDA: ${nvidiaGpu()}` : onCpu(threadsOf(threads)),
    };
  });
}

/** Environment variable from which libtensorflow and our own operations take their number of threads. */
const THREADS = "TF_NUM_INTRAOP_THREADS";

/**
 * Returns the number of threads asked for or set by the variable, otherwise what the machine gives this process: in a container, fewer than
 * all cores.
 */
function threadsOf(asked?: number): number {
  const said = Number(Deno.env.get(THREADS));
  return asked ?? (Number.isInteger(said) && said > 0 ? said : navigator.hardwareConcurrency);
}

const onCpu = (threads: number) => `CPU, ${threads} thread${threads === 1 ? "" : "s"}, oneDNN`;

export const native: Backend = {
  name: "native",
  find,
  async open({ threads: asked }) {
    const engine = findNative(thesePlatforms());
    if (!engine) throw new Error("it is not in the cache");
    const threads = threadsOf(asked);
    // libtensorflow reads these when it is loaded. By default it uses every core, even if a container may use only a few.
    if (!Deno.env.has("TF_CPP_MIN_LOG_LEVEL")) Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
    Deno.env.set(THREADS, String(threads));
    const tf = await loadCore();
    // The package's entry module looks for a binding in its own folder and complains, so its parts are imported one by one.
    const { NodeJSKernelBackend } = await import("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js");
    await import("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
    const binding: Binding = createRequire("file:///")(engine.path);
    const backend = new NodeJSKernelBackend(binding as never, "automlp");
    tf.registerBackend("tensorflow", () => backend);
    await select(tf, "tensorflow");
    const gpu = binding.isUsingGpuDevice(), seam = backend as unknown as NativeBackend;
    return {
      tf,
      kernels: gpu ? rawKernels(tf, seam) : fusedKernels(tf, seam), // our own operations are for the CPU
      ...(!gpu && { bfloat16: mixedPrecision(tf, seam) }),
      ...(gpu
        ? { device: `CUDA: ${nvidiaGpu()}`, isOnGpu: true }
        : { device: onCpu(threads), threads, isOnGpu: false }),
      version: `tfjs ${tf.version_core}, libtensorflow ${binding.TF_Version}`,
    };
  },
};
