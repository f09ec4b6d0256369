import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diagnosisText } from "../../../model/commands/doctor.ts";
import { treeOf } from "../../faults/tree.ts";
import { CALLED } from "../../../pipeline/terminal/called.ts";
import { withFolder } from "../../folders.ts";

/** Runs a command of `model/commands/` as a user does, with an empty cache. */
async function command(name: string, ...args: string[]) {
  const cache = Deno.makeTempDirSync();
  try {
    return await commandIn(cache, name, ...args);
  } finally {
    Deno.removeSync(cache, { recursive: true });
  }
}

/** The same with a given cache folder, outside of which the command may not write. */
async function commandIn(cache: string, name: string, ...args: string[]) {
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
}

Deno.test("engine: where it cannot be made, one line says why, and the job continues", async () => {
  const { code, stdout, stderr } = await command("engine");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^No native engine: .*no C\+\+ compiler.* The work continues with another; .*$/);
  const json = await command("engine", "--json");
  assert.equal(JSON.parse(json.stdout).ready, false);
});

Deno.test("engine, doctor: the installed program's commands are called as it is", async () => {
  Deno.env.set(CALLED, "automlp"); // the processes inherit it
  try {
    for (
      const [name, said] of [["engine", /automlp doctor says/], ["doctor", /run automlp engine/]] as const
    ) {
      const { stdout } = await command(name);
      const unbroken = stdout.replace(/\s+/g, " ");
      assert.match(unbroken, said);
      assert.doesNotMatch(unbroken, /deno task/);
    }
  } finally {
    Deno.env.delete(CALLED);
  }
});

Deno.test("engine: a home folder that is given as the cache loses nothing", () =>
  withFolder(async (home) => {
    const id = crypto.randomUUID(), library = "engine/libtensorflow-2.21.0-linux-x64";
    for (
      const file of [
        ...["thesis.pdf", "jupyter/thesis.ipynb", "engine/failed.json", "engine/lock", `${library}/thesis`],
        ...[
          `engine/.new-${id}/thesis`,
          `engine/.thesis.new-${id}/thesis`,
          `engine/.thesis.previous-${id}/thesis`,
        ],
      ]
    ) {
      Deno.mkdirSync(join(home, file, ".."), { recursive: true });
      Deno.writeTextFileSync(join(home, file), "mine");
    }
    const before = treeOf(home);
    for (const options of [[], ["--force"]]) {
      const { code, stdout } = await commandIn(home, "engine", ...options);
      assert.equal(code, 0);
      assert.match(stdout, /^No native engine: /);
    }
    assert.deepEqual(treeOf(home), before);
  }));

Deno.test("doctor: finds, explains and measures", async () => {
  const { code, stdout, stderr } = await command("doctor", "--json");
  assert.equal(code, 0, stderr);
  const { engines, engine, versions, machine } = JSON.parse(stdout);
  assert.deepEqual(engines.map(({ engine }: { engine: string }) => engine), [
    "native",
    "wasm",
    "cpu",
  ]);
  assert.equal(engines[0].found, false);
  assert.match(engines[0].wish, /deno task engine/);
  assert.equal(engine.name, "wasm");
  assert.equal(Object.values(engine.milliseconds).length, 3);
  assert.ok(Object.values(engine.milliseconds as Record<string, number>).every((ms) => ms > 0));
  assert.equal(versions.deno, Deno.version.deno);
  assert.ok(machine.cores > 0 && machine.memory > 2 ** 28 && machine.free <= machine.memory);
  assert.match((await command("doctor", "--engine", "cpu")).stdout, /Measured on cpu/);
});

Deno.test("doctor: a file in the place of the engine's folder is no bug", () =>
  withFolder(async (home) => {
    Deno.writeTextFileSync(join(home, "engine"), "");
    const { code, stderr } = await commandIn(home, "doctor", "--engine", "cpu");
    assert.deepEqual([code, stderr], [0, ""]);
  }));

Deno.test("doctor: what is said of engines fits the terminal", async () => {
  const { stdout } = await command("doctor", "--engine", "cpu", "--json");
  const wide = diagnosisText(JSON.parse(stdout), 80), narrow = diagnosisText(JSON.parse(stdout), 59);
  const engines = (text: string) =>
    text.split("\n\n").find((part) => part.startsWith("Engines"))!.split("\n");
  assert.ok(engines(wide).some((line) => line.length > 59), wide);
  assert.ok(engines(narrow).every((line) => line.length <= 59), narrow);
  assert.equal(engines(narrow).join(" ").replace(/\s+/g, " "), engines(wide).join(" ").replace(/\s+/g, " "));
});

Deno.test("doctor: without a cache folder, and within a limit of memory", async () => {
  const { stdout } = await command("doctor", "--engine", "cpu", "--json");
  const { cache: _, machine, ...rest } = JSON.parse(stdout);
  const within = { ...machine, memory: 25.3e9, free: 23.3e9, limit: 7e8 };
  const said = diagnosisText({ ...rest, machine: within }, 80);
  assert.match(said, /^memory +25\.3 GB, 23\.3 GB free; 700 MB for this process$/m);
  assert.match(said, /^cache +none: set AUTOMLP_CACHE$/m);
});

Deno.test("doctor and engine: wrong use", async () => {
  assert.deepEqual(await command("doctor", "--engine", "wsm"), {
    code: 2,
    stdout: "",
    stderr: 'error: Option --engine takes native, wasm, cpu, not "wsm" (did you mean "wasm"?)',
  });
  assert.equal((await command("engine", "--forse")).code, 2);
});
