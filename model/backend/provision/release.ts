/**
 * The parts of the native engine: their versions, and where each platform's parts come from.
 *
 * @module
 */
import { CUDA, cudaLibraries } from "../../../pipeline/terminal/launch/libraries.ts";

/** The npm package whose binding is compiled and whose backend is used; the version that deno.json pins. */
export const TFJS = "4.22.0";

/** Where the tensor library's own install script finds its parts. */
export const BUCKET = "https://storage.googleapis.com";

/** Where one platform gets libtensorflow from. Only `linux-x64` without CUDA is tested. */
export interface Platform {
  /** Name of the platform, as in `linux-x64`, with `-cuda` if libtensorflow computes on an NVIDIA GPU. */
  key: string;
  /** From the bucket: libtensorflow and the compiled binding. */
  bucket?: { version: string; library: string; binding: string };
  /** From PyPI: the wheel that contains libtensorflow, and what to ask `pip download` for. */
  wheel?: {
    version: string;
    project: string;
    python: string;
    tags: string[];
    cuda: boolean;
    /** Size and checksum of the wheel itself on PyPI; a wheel with another checksum is refused. */
    bytes?: number;
    sha256?: string;
  };
}

/** Returns the parts for a system and processor, as `Deno.build` names them; undefined if there is no native engine for them. */
export function platformOf(os: string, arch: string, gpu: boolean): Platform | undefined {
  const wheel = (project: string, bytes: number, sha256: string, ...tags: string[]) => ({
    version: "2.21.0",
    project,
    python: "3.12",
    tags,
    cuda: gpu,
    bytes,
    sha256,
  });
  switch (`${os}-${arch}${gpu ? "-cuda" : ""}`) {
    case "linux-x86_64":
      return {
        key: "linux-x64",
        bucket: {
          version: "2.9.1",
          library: "tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz",
          binding: `tf-builds/pre-built-binary/napi-v8/${TFJS}/CPU-linux-${TFJS}.tar.gz`,
        },
        wheel: wheel(
          "tensorflow-cpu",
          274_000_871,
          "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
          "manylinux_2_27_x86_64",
        ),
      };
    case "linux-x86_64-cuda":
      // NVIDIA's libraries are also wheels, under older tags.
      return {
        key: "linux-x64-cuda",
        wheel: wheel(
          "tensorflow",
          572_611_111,
          "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
          "manylinux_2_27_x86_64",
          "manylinux_2_17_x86_64",
          "manylinux2014_x86_64",
        ),
      };
    case "linux-aarch64":
      return {
        key: "linux-arm64",
        wheel: wheel(
          "tensorflow",
          281_946_471,
          "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
          "manylinux_2_27_aarch64",
        ),
      };
    case "darwin-aarch64":
      return {
        key: "darwin-arm64",
        wheel: wheel(
          "tensorflow",
          223_488_205,
          "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
          "macosx_12_0_arm64",
        ),
      };
    default:
      return undefined;
  }
}

let gpu: string | undefined | null = null; // null: not asked yet

/** Returns the name of the first NVIDIA GPU; undefined if there is none, or if asking is not permitted (`--allow-ffi`). */
export function nvidiaGpu(): string | undefined {
  if (gpu === null) gpu = [CUDA, ...cudaLibraries()].map(firstGpu).find((name) => name !== undefined);
  return gpu;
}

function firstGpu(library: string): string | undefined {
  try {
    const cuda = Deno.dlopen(library, {
      cuInit: { parameters: ["u32"], result: "i32" },
      cuDeviceGetName: { parameters: ["buffer", "i32", "i32"], result: "i32" },
    });
    const name = new Uint8Array(256);
    const found = cuda.symbols.cuInit(0) === 0 && cuda.symbols.cuDeviceGetName(name, name.length, 0) === 0;
    cuda.close();
    return found ? new TextDecoder().decode(name.subarray(0, name.indexOf(0))) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the platforms that this machine can use, fastest first: if the GPU's parts are not available, those for the CPU are used. */
export function thesePlatforms(): Platform[] {
  const { os, arch } = Deno.build;
  return [...(nvidiaGpu() ? [platformOf(os, arch, true)] : []), platformOf(os, arch, false)].filter((one) =>
    one !== undefined
  );
}
