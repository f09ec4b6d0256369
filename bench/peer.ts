/**
 * RecBole as the peer: the same CSV, from the file to ready data loaders with negatives.
 *
 * @module
 */
import type { ProcessRequest } from "./measure.ts";
import { findPython } from "./python.ts";

/** The figures that the peer's script reports. */
export interface PeerReport {
  totalSeconds: number;
  peakBytes: number;
}

/** A peer that can run, or why not. */
export type Peer = { request: (data: string) => ProcessRequest } | { absent: string };

/**
 * Looks for the peer: a Python with RecBole (`AUTOMLP_PYTHON`, else `python3`) and the script that drives it.
 *
 * @param script A Python script that takes the path of a CSV and prints `total N s, peak N MiB`.
 */
export async function findPeer(script: string): Promise<Peer> {
  const found = await findPython(script, "recbole", "RecBole");
  if ("absent" in found) return found;
  return { request: (data) => ({ command: [found.python, script, data] }) };
}

/** Returns the figures in the peer's output; undefined if they are missing. */
export function parsePeerReport(stdout: string): PeerReport | undefined {
  const found = stdout.match(/total ([\d.]+) s, peak ([\d.]+) MiB/);
  return found ? { totalSeconds: Number(found[1]), peakBytes: Number(found[2]) * 2 ** 20 } : undefined;
}
