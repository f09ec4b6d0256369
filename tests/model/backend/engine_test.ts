import { strict as assert } from "node:assert";
import { openEngine, whyNot } from "../../../model/backend/engine.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";

/** A single test, since a process keeps the engine that it opens first. */
Deno.test("one engine a process, said aloud", async () => {
  for (const threads of [0, 1.5, 100_000]) {
    await assert.rejects(
      openEngine({ threads }),
      new InputError(`Cannot compute on ${threads} threads: give a whole number from 1 to 1024`),
    );
  }
  const notes: (string | undefined)[] = [];
  const progress: Progress = { ...silent, start: () => ({ advance() {}, end: (note) => notes.push(note) }) };
  const engine = await openEngine({ engine: "cpu", progress });
  assert.equal(engine.name, "cpu");
  assert.deepEqual(notes, ["cpu engine on CPU, 1 thread, JavaScript"]);
  assert.match(engine.version, /^tfjs 4\./);
  assert.equal(await openEngine(), engine);
  const warnings: string[] = [], warn = (message: string) => void warnings.push(message);
  for (const threads of [1, 4]) {
    assert.equal(await openEngine({ threads, progress: { ...silent, warn } }), engine);
  }
  assert.deepEqual(warnings, [
    "The engine of this process is open already, on CPU, 1 thread, JavaScript, and stays so: --threads 4 takes another process",
  ]);
  await assert.rejects(openEngine({ threads: 0 }), /^InputError: Cannot compute on 0 threads/);
  await assert.rejects(
    openEngine({ engine: "wasm" }),
    new InputError("Cannot open the wasm engine: this process works with cpu already; start another process"),
  );
  const before = engine.memory(), tensor = engine.tf.zeros([10]);
  assert.deepEqual(engine.memory(), { tensors: before.tensors + 1, bytes: before.bytes + 40 });
  tensor.dispose();
});

Deno.test("an engine that is not there is an input error that says what to do", async () => {
  const empty = Deno.makeTempDirSync();
  try {
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["eval", "--quiet"],
        `import { openEngine } from ${
          JSON.stringify(new URL("../../../model/backend/engine.ts", import.meta.url).href)
        };
         try { await openEngine({ engine: "native" }) } catch (error) { console.log(error.name, error.message) }
         const engine = await openEngine();
         console.log(engine.name);
         console.log(engine.explanation);
         await openEngine();`,
      ],
      env: { AUTOMLP_CACHE: empty, NO_COLOR: "1" },
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assert.equal(code, 0);
    assert.equal(
      lines[0],
      "InputError Cannot use the native engine: it has not been made yet; run deno task engine",
    );
    assert.equal(
      new TextDecoder().decode(stderr),
      "warning: Without the native engine the work takes several times as long: it has not been made yet; run deno task engine\n",
      "said once",
    );
    assert.equal(lines[1], "wasm");
    assert.match(
      lines[2],
      /^wasm engine on CPU.*; native: it has not been made yet \(run deno task engine\)$/,
    );
  } finally {
    Deno.removeSync(empty, { recursive: true });
  }
});

Deno.test("of an engine that does not start for a file that this user may not read, that is said, not to make it anew", () => {
  const message = (path: string) =>
    `[ERR_INVALID_PACKAGE_CONFIG] Invalid package config. Failed reading '${path}'.`;
  const { openSync } = Deno;
  Deno.openSync = (path, options) => {
    if (String(path).startsWith("/closed")) throw new Deno.errors.PermissionDenied("Permission denied");
    return openSync(path, options);
  };
  try {
    const closed = { "/closed/node_modules": "/.deno/a/node_modules/a", "/closed/deno/npm": "/registry/a" };
    for (const [packages, below] of Object.entries(closed)) {
      assert.deepEqual(whyNot("native", message(`${packages}${below}/package.json`)), {
        reason: `it does not start: this user may not read ${packages}${below}/package.json`,
        wish: `let everybody read the packages: chmod -R a+rX ${packages}`,
      });
    }
    for (const path of ["/packages/none.json", import.meta.filename!]) {
      assert.deepEqual(whyNot("native", message(path)), {
        reason: `it does not start: ${message(path)}`,
        wish: "run deno task engine --force",
      });
    }
  } finally {
    Deno.openSync = openSync;
  }
});
