/**
 * Preloaded into a command: says "paused" on stderr and waits a moment, in the middle of its writing, when it opens or makes what
 * `AUTOMLP_PAUSE` is a part of the path of.
 */
const part = Deno.env.get("AUTOMLP_PAUSE")!;
let paused = false;

function pause(path: string | URL): void {
  if (paused || !String(path).includes(part)) return;
  paused = true;
  console.error("paused");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
}

const { mkdirSync, openSync } = Deno;
Deno.mkdirSync = (path, ...rest) => (mkdirSync(path, ...rest), pause(path));
Deno.openSync = (path, ...rest) => (pause(path), openSync(path, ...rest));
