/**
 * Loaded before a command's own program: says each change of the file system before it is made, and kills the process, as kill -9
 * would, before one of them.
 *
 *     deno run … --preload 'file:///…/bench/kill/hook.ts?at=3' pipeline/commands/prepare.ts …
 *
 * @module
 */
import { onChange } from "../../pipeline/contract/files/changes.ts";
import { changeLine } from "./said.ts";

/** The change before which the process ends, counted from 1; 0: none. */
const at = Number(new URL(import.meta.url).searchParams.get("at"));

let changes = 0;
onChange((change) => {
  Deno.stderr.writeSync(new TextEncoder().encode(changeLine(change)));
  changes++;
  if (changes === at) Deno.kill(Deno.pid, "SIGKILL");
});
