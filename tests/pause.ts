/**
 * Preloaded into a command: prints "paused" on stderr, in the middle of its writing, when it opens or creates a file with `AUTOMLP_PAUSE`
 * in its path. It waits until the file `AUTOMLP_GO_ON` exists, for a minute at most, and a moment longer.
 */
import { existsSync } from "node:fs";

const part = Deno.env.get("AUTOMLP_PAUSE")!, goOn = Deno.env.get("AUTOMLP_GO_ON")!;
const never = new Int32Array(new SharedArrayBuffer(4));
let paused = false;

/**
 * Milliseconds for signals sent before the file was created: a signal arrives through the launcher and through a thread of Deno's in
 * either process, each of which may be delayed on a busy machine.
 */
const MOMENT = 1000;

function pause(path: string | URL): void {
  if (paused || !String(path).includes(part)) return;
  paused = true;
  console.error("paused");
  for (let times = 0; times < 6000 && !existsSync(goOn); times++) Atomics.wait(never, 0, 0, 10);
  Atomics.wait(never, 0, 0, MOMENT);
}

const { mkdirSync, openSync } = Deno;
Deno.mkdirSync = (path, ...rest) => (mkdirSync(path, ...rest), pause(path));
Deno.openSync = (path, ...rest) => (pause(path), openSync(path, ...rest));
