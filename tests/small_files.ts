/**
 * Programs whose files may not grow beyond a size, as on a disk that is full in the middle of one.
 *
 * @module
 */

import { root } from "./paths.ts";

/** What a program prints whose files may have 128 KiB at most: then writing fails with `File too large`. */
export async function withSmallFiles(script: string): Promise<string> {
  // The signal that comes first would end the program.
  const shell = 'trap "" XFSZ; ulimit -f 128; exec "$@"';
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: [
      ...["-c", shell, "bash", Deno.execPath(), "eval", "--quiet"],
      ...["--config", `${root}deno.json`, script],
    ],
    env: { NO_COLOR: "1", LC_ALL: "C" }, // of a locale that is not installed bash complains
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
