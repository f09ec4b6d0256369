/** Measuring: medians, turns, and what a process used. */
import assert from "node:assert/strict";
import { inTurn, median, medianRun, runProcess } from "../../bench/measure.ts";
import { RunError } from "../../pipeline/contract/errors.ts";

const MIB = 2 ** 20;
const deno = (code: string) => ({ command: [Deno.execPath(), "eval", "--no-config", code] });

Deno.test("median: odd, even, one, none", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

Deno.test("a process is measured with its output and its children's memory", async () => {
  const idle = await runProcess(deno("console.log('hi'); console.error('there')"));
  assert.equal(idle.stdout, "hi\n");
  assert.equal(idle.stderr, "there\n");
  assert.ok(idle.wallSeconds > 0 && idle.userSeconds + idle.systemSeconds > 0);
  const filled = "const a = new Uint8Array(200 * 2 ** 20).fill(1); console.log(a[5])";
  const large = await runProcess(deno(filled));
  assert.ok(large.peakBytes > idle.peakBytes + 150 * MIB, `${idle.peakBytes} and ${large.peakBytes}`);
  const nested = await runProcess(deno(
    `new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", ${
      JSON.stringify(filled)
    }] }).outputSync()`,
  ));
  assert.ok(nested.peakBytes > idle.peakBytes + 150 * MIB, "the grandchild's memory counts");
  // Each run has its own figures: a small run after a large one is small.
  const again = await runProcess(deno("0"));
  assert.ok(again.peakBytes < large.peakBytes - 150 * MIB);
});

Deno.test("a process gets its folder and environment; one that fails says why", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const { stdout } = await runProcess({
      ...deno("console.log(Deno.cwd(), Deno.env.get('COLOUR'))"),
      cwd: folder,
      env: { COLOUR: "green" },
    });
    assert.equal(stdout, `${Deno.realPathSync(folder)} green\n`);
  } finally {
    Deno.removeSync(folder);
  }
  const failure = (request: { command: string[] }, message: RegExp) =>
    assert.rejects(runProcess(request), (error) => error instanceof RunError && message.test(error.message));
  await failure(deno("console.error('first\\nno luck'); Deno.exit(3)"), /exit code 3 \(no luck\)$/);
  await failure({ command: ["no-such-program"] }, /^Cannot run no-such-program: .*no-such-program/);
});

Deno.test("parties take turns; medians are taken figure by figure", async () => {
  const order: string[] = [];
  const say = (name: string) => (run: number) => order.push(name + run);
  assert.deepEqual(await inTurn(2, { a: say("a"), b: say("b") }), { a: [1, 3], b: [2, 4] });
  assert.deepEqual(order, ["a0", "b0", "a1", "b1"]);

  const run = (wallSeconds: number, peakBytes: number) => ({
    wallSeconds,
    userSeconds: 1,
    systemSeconds: wallSeconds,
    peakBytes,
    code: 0,
    stdout: "",
    stderr: "",
  });
  assert.deepEqual(medianRun([run(1, 30), run(2, 10), run(9, 20)]), {
    wallSeconds: 2,
    cpuSeconds: 3,
    peakBytes: 20,
  });
});
