/**
 * RecBole as the peer of whole methods: `recbole_train.py` in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Split } from "../mod.ts";
import { checkInterrupt, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Course } from "./recbole_pairs.ts";
import type { PartDigest } from "./recbole_positives.ts";

/** The script that drives RecBole. */
export const RECBOLE_SCRIPT = fileURLToPath(new URL("./recbole_train.py", import.meta.url));

/** The final output of the script. */
export interface RecboleResult extends Course {
  metrics: Record<"HR@10" | "NDCG@10" | "MRR@10", number>;
  /** NDCG@10 on validation of the epoch that is kept. */
  validation: number;
  parameters: number;
  /** Fewest and most items ranked for a test positive. */
  ranked: [number, number];
  parts: Record<Split, PartDigest>;
}

/** A run of RecBole. */
export interface RecboleRequest {
  python: string;
  /** The folder of the export. */
  folder: string;
  /** RecBole's name of the method. */
  method: string;
  threads: number;
  /** Seconds of the processor after which no epoch ends. */
  limit: number;
  /** Options that override RecBole's defaults. */
  config: Record<string, unknown>;
}

/**
 * Trains and tests one method.
 *
 * @throws {RunError} where RecBole fails; the message holds its last words.
 * @throws {Interrupted} where `signal` is aborted.
 */
export async function runRecbole(
  { python, folder, method, threads, limit, config }: RecboleRequest,
  { progress = silent, signal }: StageContext = {},
): Promise<RecboleResult> {
  const child = spawn(python, [RECBOLE_SCRIPT, folder, method, JSON.stringify({ threads, limit, config })], {
    env: { ...process.env, PYTHONWARNINGS: "ignore", OMP_NUM_THREADS: String(threads) },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const ended = once(child, "close").catch((error) => [(error as Error).message]);
  let complaints = "";
  child.stderr.setEncoding("utf8").on(
    "data",
    (text: string) => complaints = (complaints + text).slice(-4000),
  );
  const task = progress.start(`RecBole's ${method}`, limit, "s of the processor");
  let result: RecboleResult | undefined, before = 0;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const said = messageIn(line);
      if (said?.result) result = said.result;
      if (said?.seconds === undefined) continue;
      task.advance(said.seconds - before);
      before = said.seconds;
    }
  } finally {
    task.end(result && `${result.epochs} epochs`);
  }
  const [code] = await ended;
  checkInterrupt(signal, `running RecBole's ${method}`);
  if (result) return result;
  const words = complaints.trim().split("\n").at(-1) || "it said nothing";
  throw new RunError(`Cannot run RecBole's ${method}: it ended with exit code ${code} (${words})`);
}

/** RecBole prints lines of its own, too. */
function messageIn(line: string): { seconds?: number; result?: RecboleResult } | undefined {
  return line.startsWith("{") ? JSON.parse(line) : undefined;
}
