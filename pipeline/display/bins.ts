/**
 * The bins of a histogram of counts.
 *
 * @module
 */
import type { Bin } from "./plot.ts";

/**
 * Edges of histogram bins for whole numbers from `min` to `max`, both at least 1. Over a wide range they grow by a
 * factor of 2, or of a root of 2 where that gives no more than some 16 bins and the smallest holds four numbers or more.
 */
export function binEdges(min: number, max: number): { scale: "linear" | "log"; edges: number[] } {
  if (max < 8 * min) {
    const width = Math.ceil((max - min + 1) / 16), bins = Math.ceil((max - min + 1) / width);
    return { scale: "linear", edges: Array.from({ length: bins + 1 }, (_, i) => min + i * width) };
  }
  const octaves = Math.log2(max / min);
  const perOctave = [4, 2].find((n) => min * (2 ** (1 / n) - 1) >= 4 && octaves * n <= 16) ?? 1;
  const edge = (k: number) => Math.round(2 ** (k / perOctave));
  let k = Math.floor(Math.log2(min) * perOctave);
  if (edge(k + 1) <= min) k++; // the edge was rounded down
  const edges = [edge(k)];
  while (edges.at(-1)! <= max) edges.push(edge(++k));
  return { scale: "log", edges };
}

/**
 * How many of the counts fall into which bin.
 *
 * @param counts Whole numbers, at least 1; at least one of them.
 */
export function histogramOf(counts: Uint32Array): { scale: "linear" | "log"; bins: Bin[] } {
  // Few counts differ, however many there are.
  const sizes = new Map<number, number>();
  for (const count of counts) sizes.set(count, (sizes.get(count) ?? 0) + 1);
  const sorted = [...sizes].sort(([a], [b]) => a - b);
  const { scale, edges } = binEdges(sorted[0][0], sorted.at(-1)![0]);
  const bins = edges.slice(1).map((to, i) => ({ from: edges[i], to, count: 0 }));
  let bin = 0;
  for (const [count, size] of sorted) {
    while (count >= bins[bin].to) bin++;
    bins[bin].count += size;
  }
  return { scale, bins };
}
