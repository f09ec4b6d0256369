import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";

/** Runs a command of `model/commands/` as a user does, with an empty cache. */
async function command(name: string, ...args: string[]) {
  const cache = Deno.makeTempDirSync();
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...[
          "run",
          "--quiet",
          "--no-prompt",
          "--allow-read",
          "--allow-env",
          "--allow-ffi",
          "--allow-sys",
          "--allow-run",
        ],
        ...[`--allow-write=${cache}`, "--allow-net=127.0.0.1"],
        ...[fileURLToPath(new URL(`../../../model/commands/${name}.ts`, import.meta.url)), ...args],
      ],
      // No program is found on this path: neither Python nor a compiler.
      env: { AUTOMLP_CACHE: cache, NO_COLOR: "1", PATH: cache },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    Deno.removeSync(cache, { recursive: true });
  }
}

Deno.test("engine: where it cannot be made, one line says why, and the job goes on", async () => {
  const { code, stdout, stderr } = await command("engine");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^No native engine: .*no C\+\+ compiler.* The work goes on with another; .*$/);
  const json = await command("engine", "--json");
  assert.equal(JSON.parse(json.stdout).ready, false);
});

Deno.test("doctor: finds, explains and measures", async () => {
  const { code, stdout, stderr } = await command("doctor", "--json");
  assert.equal(code, 0, stderr);
  const { backends, engine, versions, machine } = JSON.parse(stdout);
  assert.deepEqual(backends.map(({ backend }: { backend: string }) => backend), [
    "native",
    "webgpu",
    "wasm",
    "cpu",
  ]);
  assert.equal(backends[0].found, false);
  assert.match(backends[0].wish, /deno task engine/);
  assert.ok(engine.name === "wasm" || engine.name === "webgpu", engine.name);
  assert.equal(Object.values(engine.milliseconds).length, 3);
  assert.ok(Object.values(engine.milliseconds as Record<string, number>).every((ms) => ms > 0));
  assert.equal(versions.deno, Deno.version.deno);
  assert.ok(machine.cores > 0 && machine.memoryGiB > 0);
  assert.match((await command("doctor", "--backend", "cpu")).stdout, /Measured on cpu/);
});

Deno.test("doctor and engine: wrong use", async () => {
  assert.deepEqual(await command("doctor", "--backend", "wsm"), {
    code: 2,
    stdout: "",
    stderr: 'error: Option --backend takes native, webgpu, wasm, cpu, not "wsm" (did you mean "wasm"?)',
  });
  assert.equal((await command("engine", "--forse")).code, 2);
});
