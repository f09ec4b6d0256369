/** `deno task bench`, as a command: help, and one line for each mistake. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

async function bench(...args: string[]) {
  const permissions = ["read", "write", "env", "ffi", "sys", "run"].map((name) => `--allow-${name}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, MAIN, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("bench: help lists the benches, and each bench's options", async () => {
  const [all, one] = await Promise.all([bench("--help"), bench("prepare", "--help")]);
  assert.equal(all.code, 0);
  assert.match(all.stdout, /prepare +Time and memory/);
  assert.equal(one.code, 0);
  for (const flag of ["--rows N,N,…", "--data FILE", "--runs N", "--peer-script FILE", "--json"]) {
    assert.ok(one.stdout.includes(flag), flag);
  }
});

Deno.test("bench: a mistake is one line and exit code 2", async () => {
  const mistakes: [string[], RegExp][] = [
    [[], /Which bench\? There is: prepare/],
    [["prepre"], /No bench is called "prepre" \(did you mean "prepare"\?\)/],
    [["prepare", "--rws", "5"], /Unknown option --rws \(did you mean --rows\?\)/],
    [["prepare", "--rows", "5k"], /rows/],
    [["prepare", "--runs", "0"], /runs/],
    [["prepare", "--data", "no/such/file.csv", "--no-peer"], /Cannot measure .*there is no such file/],
    [["prepare", "file.csv"], /Unexpected "file\.csv"/],
  ];
  await Promise.all(mistakes.map(async ([args, message]) => {
    const { code, stdout, stderr } = await bench(...args);
    assert.deepEqual([code, stdout, stderr.trim().split("\n").length], [2, "", 1], `${args}: ${stderr}`);
    assert.match(stderr, message);
  }));
});
