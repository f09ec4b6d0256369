/**
 * Opens the compute engine: the fastest one available on this machine, or the one asked for.
 *
 * @module
 */
import { dirname } from "node:path";
import { quoted } from "../../pipeline/terminal/quoted.ts";
import { spoken } from "../../pipeline/display/text/option_names.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { deniedLine } from "../../pipeline/contract/errors/system.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import { lineView, withDisplay } from "../../pipeline/display/with_display.ts";
import { cpu } from "./backends/cpu.ts";
import { native } from "./backends/native.ts";
import { wasm } from "./backends/wasm.ts";
import { sayingOutOfMemory } from "./out_of_memory.ts";
import type { Backend, BackendOptions, Engine, EngineName, PassedOver } from "./types.ts";

/** All backends, in the order of choice. */
export const ALL: readonly Backend[] = [native, wasm, cpu];

/** More threads than any machine has cores. Each thread needs a stack: a hundred thousand would use up all memory and never start. */
const MAX_THREADS = 1024;

/** Settings of {@link openEngine}. */
export interface EngineOptions extends BackendOptions {
  /** The engine to open; no other is tried. */
  engine?: EngineName;
  /** Receives one line that says which engine is used. */
  progress?: Progress;
}

let opened: Promise<Engine> | undefined;
/** The number of threads that was asked for when the engine was opened. */
let openedWith: number | undefined;

/**
 * Opens the engine of this process. There is only one: a second call returns the same engine, with the threads that it was opened with.
 *
 * @throws {InputError} for an unknown option or an invalid number of threads; if the engine asked for is not available, or another is
 * already open; without permission to look for engines.
 *
 * @example
 * ```ts
 * import { openEngine } from "automlp";
 *
 * const { tf, explanation } = await openEngine();
 * console.log(explanation); // native engine on CPU, 2 threads, oneDNN
 * console.log(tf.sum([1, 2, 3]).dataSync()[0]);
 * ```
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { threads } = options, first = !opened;
  checkThreads(threads);
  if (!opened) [opened, openedWith] = [choose(options), threads];
  let engine: Engine;
  try {
    engine = await opened;
  } catch (error) {
    opened = undefined;
    const denied = deniedLine(error);
    throw denied === undefined ? error : new InputError(denied, { cause: error });
  }
  if (options.engine && engine.name !== options.engine) {
    throw new InputError(
      `Cannot open the ${options.engine} engine: this process works with ${engine.name} already; start another process`,
    );
  }
  const { progress } = contextOf(options);
  if (first) progress.start("opening the engine").end(engine.explanation);
  else if (threads !== undefined && threads !== openedWith && threads !== engine.threads) {
    progress.warn(
      `The engine of this process is open already, on ${engine.device}, and stays so: --threads ${threads} takes another process`,
    );
  }
  return engine;
}

/** @throws {InputError} for a number of threads that no engine accepts. */
function checkThreads(threads: number | undefined): void {
  if (threads === undefined || Number.isInteger(threads) && threads > 0 && threads <= MAX_THREADS) return;
  throw new InputError(`Cannot compute on ${threads} threads: give a whole number from 1 to ${MAX_THREADS}`);
}

async function choose({ engine: wanted, progress, threads }: EngineOptions): Promise<Engine> {
  const passedOver: PassedOver[] = [];
  for (const backend of ALL) {
    if (wanted && backend.name !== wanted) continue;
    const finding = await backend.find({ threads });
    if (!finding.found) {
      const { reason, wish } = finding;
      if (wanted) throw new InputError(`Cannot use the ${wanted} engine: ${reason}; ${wish}`);
      if (backend === native) {
        contextOf({ progress }).progress.warn(
          `Without the native engine the work takes several times as long: ${reason}; ${wish}`,
        );
      }
      passedOver.push({ engine: backend.name, reason, wish });
      continue;
    }
    try {
      const opened = await backend.open({ threads }), { tf } = opened;
      if (backend !== native && threads !== undefined && threads !== opened.threads) {
        contextOf({ progress }).progress.warn(
          `--threads ${threads} changes nothing on the ${backend.name} engine: it goes with --engine native`,
        );
      }
      const explanation = spoken(explain(backend.name, opened.device, passedOver));
      return withDisplay({
        ...opened,
        name: backend.name,
        tf: sayingOutOfMemory(tf),
        passedOver,
        explanation,
        memory() {
          const { numTensors, numBytes } = tf.memory();
          return { tensors: numTensors, bytes: numBytes };
        },
        toJSON: () => ({
          name: backend.name,
          device: opened.device,
          threads: opened.threads,
          passedOver,
          explanation,
        }),
      }, lineView(explanation));
    } catch (error) {
      const { reason, wish } = whyNot(backend.name, (error as Error).message.split("\n")[0]);
      if (wanted) throw new InputError(`Cannot use the ${wanted} engine: ${reason}; ${wish}`);
      contextOf({ progress }).progress.warn(`The ${backend.name} engine is there, but ${reason}; ${wish}`);
      passedOver.push({ engine: backend.name, reason, wish });
    }
  }
  throw new InputError(
    "Cannot compute: no engine works here, not even plain JavaScript; see deno task doctor",
  );
}

/** Explains why an engine that is installed does not start, and what the user can do. */
export function whyNot(name: EngineName, message: string): { reason: string; wish: string } {
  // Some packages have files that only their owner may read: in a container built by another user, reading them fails.
  const file = /'(\/[^']*)'/.exec(message)?.[1];
  if (file !== undefined && isClosed(file)) {
    const packages = /^.*?\/(node_modules|npm)(?=\/)/.exec(file)?.[0] ?? dirname(file);
    return {
      reason: `it does not start: this user may not read ${file}`,
      wish: `let everybody read the packages: chmod -R a+rX ${quoted(packages)}`,
    };
  }
  return {
    reason: `it does not start: ${message}`,
    wish: name === "native" ? "run deno task engine --force" : "see deno task doctor",
  };
}

/** Returns whether a file exists but may not be read. */
function isClosed(path: string): boolean {
  try {
    Deno.openSync(path).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

/** Returns a line such as `wasm engine on CPU, 1 thread; native: it has not been made yet (run deno task engine); …`. */
function explain(name: EngineName, device: string, passedOver: PassedOver[]): string {
  const others = passedOver.map(({ engine, reason, wish }) =>
    `${engine}: ${reason}${wish ? ` (${wish})` : ""}`
  );
  return [`${name} engine on ${device}`, ...others].join("; ");
}
