/**
 * RecBole as the peer: the same CSV, from the file to ready data loaders with negatives.
 *
 * @module
 */
import type { ProcessRequest } from "./measure.ts";

/** What the peer's script says of itself. */
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
  const python = Deno.env.get("AUTOMLP_PYTHON") ?? "python3";
  const there = await Deno.stat(script).then((entry) => entry.isFile, () => false);
  if (!there) return { absent: `no script at ${script} (--peer-script names another)` };
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", "import importlib.util as u, sys; sys.exit(u.find_spec('recbole') is None)"],
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) return { absent: `${python} has no RecBole (AUTOMLP_PYTHON names another Python)` };
  } catch {
    return { absent: `no Python at ${python} (AUTOMLP_PYTHON names another)` };
  }
  return { request: (data) => ({ command: [python, script, data] }) };
}

/** The figures in what the peer printed. Undefined where they are not there. */
export function parsePeerReport(stdout: string): PeerReport | undefined {
  const found = stdout.match(/total ([\d.]+) s, peak ([\d.]+) MiB/);
  return found ? { totalSeconds: Number(found[1]), peakBytes: Number(found[2]) * 2 ** 20 } : undefined;
}
