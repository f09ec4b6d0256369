/** The native engine uses as many threads as it reports, and its own operations give the same bits with any number of them. */
import assert from "node:assert/strict";
import { ALL } from "../../../model/backend/engine.ts";
import { root } from "../../paths.ts";

/**
 * A separate program, since a process keeps the number of threads that it began with: it prints the bits of the mixers' outputs, in both
 * precisions.
 */
const program = (threads: number) => `
  import { createHash } from "node:crypto";
  import { openEngine } from "${root}model/backend/engine.ts";
  import { noise } from "${root}tests/model/backend/reference.ts";
  const { tf, kernels: k, bfloat16 } = await openEngine({ engine: "native", threads: ${threads} });
  const [n, batch, dim] = [9, 150, 64];
  const tensor = (seed, ...shape) => tf.tensor(noise(shape.reduce((a, b) => a * b), seed, 0.3), shape);
  const x = tensor(1, n, batch, dim), gain = tensor(2, dim), bias = tensor(3, dim), square = tensor(4, dim, dim);
  const sequence = { gain, bias, w1: tensor(5, dim, n), b1: bias, w2: tensor(6, n, dim), b2: tensor(7, n) };
  const channel = { w3: square, b3: bias, w4: square, b4: gain };
  const mixed = () => {
    const one = k.sequenceMixer(x, sequence, 1e-5), two = k.channelMixer(x, channel, 1e-5);
    return [
      one.y,
      two.y,
      ...Object.values(k.sequenceMixerGrad(x, x, sequence, one.kept, 1e-5)),
      ...Object.values(k.channelMixerGrad(x, x, channel, two.kept, 1e-5)),
    ];
  };
  const results = [
    ...mixed(),
    ...bfloat16.within(mixed),
    k.layerNorm(x, 1e-5).y,
    k.biasGrad(x, "last"),
    k.sumOfSquares([x, gain]),
    ...k.addScaled([x, gain], [x, bias], 0.3),
  ];
  const hash = createHash("sha256");
  for (const tensor of results) hash.update(new Uint8Array(tensor.dataSync().slice().buffer));
  console.log(results.length, hash.digest("hex"));
`;

const evaluate = async (code: string, env: Record<string, string> = {}) => {
  const args = ["eval", "--quiet", "--config", `${root}deno.json`, code];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
};

const finding = await ALL.find(({ name }) => name === "native")!.find({});
Deno.test({
  name: `native: the same bits on one thread and on several${finding.found ? "" : ` (${finding.reason})`}`,
  ignore: !finding.found,
  fn: async () => {
    const outputs = await Promise.all([1, 2, 5].map((threads) => evaluate(program(threads))));
    assert.match(outputs[0], /^33 [0-9a-f]{64}\n$/);
    assert.deepEqual(outputs, [outputs[0], outputs[0], outputs[0]]);
  },
});

Deno.test("an engine that takes no threads says so where some are asked of it", async () => {
  const open = (threads: number) =>
    evaluate(`
      import { openEngine } from "${root}model/backend/engine.ts";
      import { silent } from "${root}pipeline/contract/progress.ts";
      await openEngine({ engine: "wasm", threads: ${threads}, progress: { ...silent, warn: console.log } });
    `);
  assert.equal(
    await open(3),
    "--threads 3 changes nothing on the wasm engine: it goes with --engine native\n",
  );
  assert.equal(await open(1), "");
});

Deno.test({
  name:
    "native: it takes as many threads as it says, in a container and by libtensorflow's own variable, too",
  ignore: !finding.found,
  fn: async () => {
    const variable = "TF_NUM_INTRAOP_THREADS";
    const opened = (threads?: number) => `
      import { openEngine } from "${root}model/backend/engine.ts";
      const { threads } = await openEngine({ engine: "native", threads: ${threads} });
      console.log(threads, Deno.env.get("${variable}"));
    `;
    const cores = navigator.hardwareConcurrency;
    const outputs = await Promise.all([
      evaluate(opened(), { [variable]: "" }),
      evaluate(opened(), { [variable]: "3" }),
      evaluate(opened(2), { [variable]: "3" }),
    ]);
    assert.deepEqual(outputs, [`${cores} ${cores}\n`, "3 3\n", "2 2\n"]);
  },
});

Deno.test({
  name: "native: where the system gives fewer threads than were asked for, those do the work",
  ignore: !finding.found || Deno.build.os !== "linux",
  fn: async () => {
    // libtensorflow has its threads when memory for more stacks, of 8 MiB each, is cut off.
    const program = `
      import { openEngine } from "${root}model/backend/engine.ts";
      const { tf, kernels } = await openEngine({ engine: "native", threads: 200 });
      const x = tf.ones([100_000, 8]);
      x.dataSync();
      const [, size] = /VmSize:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"));
      const most = size * 1024 + 2 ** 29;
      const { success } = new Deno.Command("prlimit", { args: ["--pid", String(Deno.pid), "--as=" + most] }).outputSync();
      console.log(success, ...kernels.biasGrad(x, "last").dataSync());
    `;
    assert.equal(await evaluate(program), "true" + " 100000".repeat(8) + "\n");
  },
});
