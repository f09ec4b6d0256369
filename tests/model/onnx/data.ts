/** A small dataset with features of every kind, models of every method, and onnxruntime's results for them. */
import { join } from "node:path";
import type { SequenceDataset } from "../../../mod.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";
import { makeDataset, type Sketch } from "../../pipeline/export/dataset.ts";

/** Whether onnxruntime is installed; a remark for the names of tests that need it. */
export const hasRuntime: boolean = hasModules("onnxruntime");
export const remark: string = hasRuntime ? "" : " (ignored: no onnxruntime; set AUTOMLP_PYTHON)";

/** T of all models. */
export const LENGTH = 6;

const ITEMS = Array.from({ length: 30 }, (_, i) => `i${i}`);

/** Users with three to fourteen interactions with 30 items, which have features of these kinds. */
export function smallDataset(dir: string, features: Sketch["features"] = ALL): Promise<SequenceDataset> {
  const sequences = Object.fromEntries(
    Array.from({ length: 40 }, (_, u) => [
      `u${u}`,
      Array.from({ length: 3 + u % 12 }, (_, n) => ITEMS[(7 * u + n * (1 + u % 4)) % ITEMS.length]),
    ]),
  );
  const items = Object.fromEntries(ITEMS.map((id, i) => [id, {
    title: `Item ${i}`,
    brand: i % 7 === 0 ? null : `brand ${i % 3}`,
    price: i % 5 === 0 ? null : String(1 + i * i),
    tags: ["", "a", "b", "a|b", "a|b|c"][i % 5],
  }]));
  return makeDataset(dir, { sequences, items, features });
}

const ALL: Sketch["features"] = [
  { name: "brand", kind: "categorical" },
  { name: "price", kind: "numeric" },
  { name: "tags", kind: "multi", separator: "|" },
];

/** The output of a model; null is −∞. */
export interface Given {
  scores: (number | null)[][];
  topItems: number[][];
  topScores: (number | null)[][];
  /** Maximum difference between the vectors' dot products and the scores. */
  apart: number;
  metadata: Record<string, string>;
}

/** Runs models on histories of dense ids, `batch` at a time. */
export function runModels(
  dir: string,
  cases: { model: string; histories: number[][]; k: number; batch: number }[],
): Given[] {
  const path = join(dir, "cases.json");
  Deno.writeTextFileSync(path, JSON.stringify(cases));
  return runPython<Given[]>("run_onnx.py", path);
}

/** Writes a model's pieces into a file. */
export function writePieces(path: string, pieces: readonly Uint8Array[]): string {
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (const piece of pieces) for (let at = 0; at < piece.length;) at += file.writeSync(piece.subarray(at));
  return path;
}
