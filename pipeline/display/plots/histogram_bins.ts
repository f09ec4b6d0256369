/**
 * The bins of a histogram of counts.
 *
 * @module
 */
import type { HistogramBin } from "./plot.ts";

/**
 * Computes edges of histogram bins for whole numbers from `min` to `max`, both at least 1. Over a wide range they grow by a
 * factor of 2, or of a root of 2 if that gives no more than about 16 bins and the smallest holds at least four numbers.
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

/** Bins of counted whole numbers, and the scale of the axis. */
export interface Histogram {
  /** `log`: bins grow by a constant factor. `linear`: bins are equally wide, used if the range is small. */
  scale: "linear" | "log";
  bins: HistogramBin[];
}

/**
 * Computes the bins of numbers.
 *
 * @param sizes How often each number occurs: pairs of number and times, by ascending number; at least one pair, each number at least 1.
 */
export function histogramBins(sizes: readonly (readonly [number: number, times: number])[]): Histogram {
  const { scale, edges } = binEdges(sizes[0][0], sizes.at(-1)![0]);
  const bins = edges.slice(1).map((to, i) => ({ from: edges[i], to, count: 0 }));
  let bin = 0;
  for (const [number, times] of sizes) {
    while (number >= bins[bin].to) bin++;
    bins[bin].count += times;
  }
  return { scale, bins };
}

/**
 * Computes the bins of counts.
 *
 * @param counts Whole numbers, at least 1; at least one of them.
 */
export function histogramOf(counts: Uint32Array): Histogram {
  // There are few distinct counts, however many there are in all.
  const sizes = new Map<number, number>();
  for (const count of counts) sizes.set(count, (sizes.get(count) ?? 0) + 1);
  return histogramBins([...sizes].sort(([a], [b]) => a - b));
}
