/**
 * Programs with a size limit for files, as if the disk became full in the middle of a file.
 *
 * @module
 */

import { root } from "./paths.ts";

/** Returns the output of a program whose files may have at most 128 KiB: beyond that, writing fails with `File too large`. */
export async function withSmallFiles(script: string): Promise<string> {
  // The signal that is sent first would end the program.
  const shell = 'trap "" XFSZ; ulimit -f 128; exec "$@"';
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: [
      ...["-c", shell, "bash", Deno.execPath(), "eval", "--quiet"],
      ...["--config", `${root}deno.json`, script],
    ],
    env: { NO_COLOR: "1", LC_ALL: "C" }, // bash would warn about a locale that is not installed
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
