/**
 * Describes what a command or program was not permitted to do.
 *
 * @module
 */

import { currentSpeech, type Speech } from "../../display/text/option_names.ts";

const ACTIONS: Record<string, string> = {
  read: "read",
  write: "write",
  net: "reach",
  env: "read the environment variable",
  run: "start",
  ffi: "load",
  sys: "ask the system for",
};

const WRITE_ONLY_NAMED =
  "a command may write only to the places that its command line names: name this one there, as with --out";

/**
 * Returns the line for an error of Deno's permissions; undefined for any other error.
 *
 * @param speech Whether it is a command, whose permissions we set, or a program, whose permissions its caller sets.
 * @example
 * ```ts
 * import { deniedLine } from "./denied.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new Deno.errors.NotCapable('Requires net access to "example.com:443", run again with the --allow-net flag');
 * assert(deniedLine(error, "command") === "Cannot reach example.com:443: this command has no permission for it; see permissions in automlp's deno.json");
 * ```
 */
export function deniedLine(error: unknown, speech: Speech = currentSpeech()): string | undefined {
  if (!(error instanceof Deno.errors.NotCapable)) return undefined;
  const [, kind, what] = error.message.match(/^Requires (\w+) access(?: to "?(.*?)"?)?, run again/) ?? [];
  const action = `Cannot ${ACTIONS[kind] ?? "use"} ${what ?? "something"}`;
  if (kind === "all") return `${action}: it is the system's own, and no file or folder of yours`;
  if (speech === "code") {
    const needed = kind in ACTIONS ? `, or --allow-${kind}` : "";
    return `${action}: this program has no permission for it; start it with deno run -A${needed}`;
  }
  return kind === "write"
    ? `${action}: ${WRITE_ONLY_NAMED}`
    : `${action}: this command has no permission for it; see permissions in automlp's deno.json`;
}
