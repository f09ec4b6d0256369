/** In a separate process: Mesa's software adapter and libtensorflow, which other tests load, crash each other. */
import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { findApart } from "../../../model/backend/diagnose.ts";

const finding = await findApart("webgpu");

Deno.test({
  name: `webgpu: the contract${finding.found ? "" : ` (no webgpu engine: ${finding.reason})`}`,
  ignore: !finding.found,
  async fn() {
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...[
          "test",
          "--quiet",
          "--no-prompt",
          "--unstable-webgpu",
          "--allow-read",
          "--allow-env",
          "--allow-ffi",
          "--allow-sys",
        ],
        fileURLToPath(new URL("webgpu_contract.ts", import.meta.url)),
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(code === 0 && /\d+ passed \| 0 failed/.test(text), `ended with ${signal ?? code}: ${text}`);
  },
});
