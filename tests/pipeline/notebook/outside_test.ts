/** Outside a Jupyter kernel, the library has no effect on the program that imports it. */
import assert from "node:assert/strict";
import { inKernel } from "../../../pipeline/notebook/kernel.ts";
import { root } from "../../paths.ts";

Deno.test("this is no kernel, and asking does no harm", () => assert.equal(inKernel(), false));

Deno.test("a program that imports the library has no listener, no offer, and whole stacks", async () => {
  const code = `
    const { InputError } = await import("automlp");
    const { contextOf } = await import("./pipeline/contract/context.ts");
    const { silent } = await import("./pipeline/contract/progress.ts");
    const { progress, signal } = contextOf({});
    console.log(JSON.stringify({
      silent: progress.start === silent.start && progress.remark === undefined && progress.grow === undefined,
      signal: signal ?? null,
      stack: new InputError("x").stack.split("\\n").length,
    }));
    await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const program = new Deno.Command(Deno.execPath(), {
    args: ["eval", "-q", "--ext=js", code],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = program.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  program.kill("SIGINT");
  await reader.cancel();
  const { signal } = await program.status;
  await program.stderr.cancel();
  const seen = JSON.parse(value) as { silent: boolean; signal: null; stack: number };
  assert.equal(seen.silent, true);
  assert.equal(seen.signal, null);
  assert(seen.stack > 1);
  assert.equal(signal, "SIGINT", "without a listener the signal ends the program");
});
