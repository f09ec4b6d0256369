/** What is known about commands without loading them agrees with the commands themselves. */
import assert from "node:assert/strict";
import { DESCRIPTIONS } from "../../../model/methods/registry.ts";
import { METHODS } from "../../../model/methods/registry.ts";
import { COMMANDS } from "../../../model/commands/mod.ts";
import { type KnownSpecs, knownSpecs, readCommandLine } from "../../../pipeline/terminal/specs.ts";
import { overview } from "../../../pipeline/terminal/overview.ts";
import { allOptions, flagsOf } from "../../../pipeline/terminal/options.ts";
import { inProcess } from "../../in_process.ts";
import { fromFileUrl } from "../../paths.ts";

/** The commands whose options or texts depend on the method, with the methods. */
const BY_METHOD: Record<string, readonly string[]> = {
  train: DESCRIPTIONS.map(({ name }) => name),
  tune: METHODS,
};
const CALLS = Object.keys(COMMANDS).flatMap((name) => [
  [name],
  ...(BY_METHOD[name] ?? []).map((method) => [name, method]),
]);
const argsOf = ([name, method]: string[]): [name: string, args: string[]] => [
  name,
  [...(method ? ["--method", method] : []), "--help", "--json"],
];

Deno.test("specs.json holds what each command says of itself (UPDATE_SNAPSHOTS=1 writes it)", async () => {
  const own: KnownSpecs = {};
  for (const call of CALLS) own[call.join(" ")] = JSON.parse((await inProcess(...argsOf(call))).stdout);
  if (Deno.env.get("UPDATE_SNAPSHOTS")) {
    const lines = Object.entries(own).map(([name, spec]) =>
      `  ${JSON.stringify(name)}: ${JSON.stringify(spec)}`
    );
    const file = fromFileUrl(new URL("../../../pipeline/terminal/specs.json", import.meta.url));
    Deno.writeTextFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
    return;
  }
  assert.deepEqual(await knownSpecs(), own, "write pipeline/terminal/specs.json with UPDATE_SNAPSHOTS=1");
});

Deno.test("train's help says what its methods have; where none is named, that defaults are the method's", async () => {
  const specs = await knownSpecs();
  const training = (name: string) => {
    const { loss, rate, epochs, batchSize } = specs[name].options["Training"];
    return [...[loss, rate, epochs].map(({ fallback }) => fallback), batchSize.help, batchSize.fallback];
  };
  const step = ["number of histories in a training step", "128, fewer on small data"];
  assert.deepEqual(training("train"), ["by the method", "by the method", "100", ...step]);
  assert.deepEqual(training("train sasrec"), ["ce", "0.001", "100", ...step]);
  assert.deepEqual(training("train fpmc"), ["sampled-softmax", "0.005", "100", ...step]);
  assert.match(specs["pipeline"].options["Training"].batchSize.help, /^number of targets in a training step/);
});

Deno.test("a cluster's table is spoken of where the command takes one", async () => {
  const takes = Object.entries(await knownSpecs()).filter(([, spec]) =>
    JSON.stringify(spec).includes("table:DATABASE")
  );
  assert.deepEqual(takes.map(([name]) => name), ["prepare"]);
  assert(!overview(await knownSpecs()).includes("table:DATABASE"));
});

Deno.test("a command line is read by its method's options, and where it names none by those of all", async () => {
  const specs = await knownSpecs();
  assert.equal(readCommandLine("train", ["--method", "sasrec", "--heads", "2"], specs).values.heads, 2);
  assert.throws(
    () => readCommandLine("train", ["--method", "fpmc", "--heads", "2"], specs),
    /Unknown option/,
  );
  assert.equal(readCommandLine("train", ["--config", "x.yaml", "--heads", "2"], specs).values.heads, 2);
});

Deno.test("the longest help has 60 options besides those of every command: what is rarely set is a key of a file", async () => {
  const { options } = (await knownSpecs()).pipeline;
  assert(flagsOf(allOptions(options)).length <= 60);
});
