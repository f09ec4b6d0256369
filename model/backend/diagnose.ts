/**
 * Diagnoses what this machine has to compute with, and how fast it is.
 *
 * @module
 */
import { silent } from "../../pipeline/contract/progress.ts";
import os from "node:os";
import process from "node:process";
import polars from "nodejs-polars";
import { ALL, openEngine } from "./engine.ts";
import { run } from "./provision/process.ts";
import { isMissing } from "../../pipeline/contract/errors/system.ts";
import { cachePlace } from "../../pipeline/contract/machine/cache_folder.ts";
import { engineFolder } from "./provision/store.ts";
import type { Engine, EngineName, Finding } from "./types.ts";

/** Everything that `deno task doctor` reports. */
export interface Diagnosis {
  machine: {
    system: string;
    processor: string;
    cores: number;
    /** Total memory in bytes. */
    memory: number;
    /** Available bytes of that memory. */
    free: number;
    /** Bytes that this process may use, if a container or batch job limits it to less than the machine has. */
    limit?: number;
    vectors: string[];
  };
  versions: Record<string, string>;
  /** The cache folder; `engine` is the size of the engine in it, in bytes. Undefined if neither a home folder nor a cache is known. */
  cache?: { folder: string; engine: number };
  engines: (Finding & { engine: EngineName })[];
  /** The engine that would be used, with the milliseconds of three operations. */
  engine: { name: EngineName; device: string; explanation: string; milliseconds: Record<string, number> };
}

/** Looks at the machine, opens an engine and measures it. */
export async function diagnose(wanted?: EngineName): Promise<Diagnosis> {
  const engines = [];
  for (const one of ALL) {
    engines.push({ engine: one.name, ...await one.find({}) });
  }
  const engine = await openEngine({ engine: wanted, progress: silent });
  const memory = Deno.systemMemoryInfo(), limit = process.constrainedMemory(), folder = cachePlace();
  return {
    machine: {
      system: `${Deno.build.os} ${Deno.osRelease()}, ${Deno.build.arch}`,
      processor: os.cpus()[0]?.model ?? "unknown",
      cores: navigator.hardwareConcurrency,
      memory: memory.total,
      free: memory.available,
      ...(limit > 0 && limit < memory.total && { limit }),
      vectors: await vectors(),
    },
    versions: {
      deno: Deno.version.deno,
      polars: polars.version,
      ...Object.fromEntries(engine.version.split(", ").map((part) => part.split(" "))),
    },
    ...(folder && { cache: { folder, engine: sizeOf(engineFolder(folder)) } }),
    engines,
    engine: {
      name: engine.name,
      device: engine.device,
      explanation: engine.explanation,
      milliseconds: await measure(engine),
    },
  };
}

/** Returns the processor's vector instructions, if the system reports them. */
async function vectors(): Promise<string[]> {
  const stdout = (await run("lscpu", [], { env: { LC_ALL: "C" } })).stdout;
  const flags = /^Flags:(.*)$/m.exec(stdout)?.[1].trim().split(" ") ?? [];
  return ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "sve"]
    .filter((flag) => flags.includes(flag));
}

/** Measures the median times of a matrix product, a gather of rows and the sum that is its gradient. */
async function measure({ tf, kernels }: Engine): Promise<Record<string, number>> {
  const rows = 12_800, table = 12_000, width = 64;
  const [a, values] = [tf.randomUniform([512, 512]), tf.randomUniform([rows, width])] as never[];
  const embedding = tf.randomUniform([table, width]) as never,
    ids = tf.randomUniform([rows], 0, table, "int32") as never;
  const operations = {
    "product of two 512×512 matrices": () => kernels.matMul(a, a),
    "gather of 12,800 rows of 64": () => kernels.gatherRows(embedding, ids),
    "sum of 12,800 rows into 12,000": () => kernels.segmentSum(values, ids, table),
  };
  const result: Record<string, number> = {};
  for (const [name, operation] of Object.entries(operations)) {
    const times: number[] = [];
    const began = performance.now();
    while (times.length < 3 || (times.length < 21 && performance.now() - began < 500)) {
      const start = performance.now(), output = operation();
      // If the device computes asynchronously, only a read waits for it.
      const first = tf.tidy(() => tf.slice(tf.reshape(output, [-1]), [0], [1]));
      await first.data();
      times.push(performance.now() - start);
      tf.dispose([output, first]);
    }
    result[name] = Math.round(times.sort((x, y) => x - y)[times.length >> 1] * 100) / 100;
  }
  tf.dispose([a, values, embedding, ids]);
  return result;
}

/** Returns the total size in bytes of the files below a folder. */
function sizeOf(folder: string): number {
  let bytes = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      bytes += isDirectory ? sizeOf(`${folder}/${name}`) : Deno.statSync(`${folder}/${name}`).size;
    }
  } catch (error) {
    if (!isMissing(error)) throw error; // nothing was made yet, or a file is in its place
  }
  return bytes;
}
