/**
 * Programs without an administrator's right to read everything.
 *
 * @module
 */

import { root } from "./paths.ts";

/** Returns the output of a program that may read no more than owners and modes allow. */
export async function withoutRights(script: string): Promise<string> {
  const deno = [Deno.execPath(), "eval", "--quiet", "--config", `${root}deno.json`];
  const [command, ...args] = Deno.uid() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", ...deno]
    : deno;
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...args, script],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
