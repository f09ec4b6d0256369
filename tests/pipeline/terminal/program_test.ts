import assert from "node:assert/strict";
import { taskArguments } from "../../command.ts";

/** Runs a task whose standard output is on a device that is always full. */
async function onFullDisk(name: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'exec "$0" "$@" > /dev/full', Deno.execPath(), ...taskArguments(name, ...args)],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test({
  name: "results and help that a full disk does not take are an error in one line, and no bug",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    for (
      const [name, ...args] of [["help"], ["prepare", "--help"], ["data", "list"], ["data", "list", "--json"]]
    ) {
      assert.deepEqual(await onFullDisk(name, ...args), {
        code: 1,
        stderr: "error: Cannot write to standard output: No space left on device (os error 28); " +
          "free some space there, or send it elsewhere\n",
      });
    }
  },
});
