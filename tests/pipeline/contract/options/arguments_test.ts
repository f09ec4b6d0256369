/** Mistakes in a call give one line in plain words. */
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import {
  AutoMLP,
  automlp,
  compareRuns,
  InputError,
  prepare,
  readDataset,
  RunFolder,
} from "../../../../mod.ts";

// deno-lint-ignore no-explicit-any -- as JavaScript and notebooks call it
type Any = any;

Deno.test("what a function is given in the wrong form is told in one line, with an example", async () => {
  const frame = pl.DataFrame({ user: ["a"] });
  const calls: [() => unknown, RegExp][] = [
    [
      () => prepare(undefined as Any),
      /^Cannot call prepare: its first argument is missing; .* as in prepare\(\{ data: "ratings\.csv"/,
    ],
    [
      () => prepare("orders.csv" as Any),
      /^Cannot call prepare: its first argument is a text; give one object with options/,
    ],
    [() => prepare(frame as Any), /^Cannot call prepare: its first argument is a data frame/],
    [() => prepare([{ user: 1 }] as Any), /^Cannot call prepare: its first argument is a list/],
    [
      () => automlp(frame as Any),
      /^Cannot call automlp: its first argument is a data frame; .* as in automlp\(\{ data/,
    ],
    [
      () => readDataset(undefined as Any),
      /^Cannot call readDataset: its first argument is missing; give the path of a folder/,
    ],
    [() => readDataset(3 as Any), /^Cannot call readDataset: its first argument is a number; give the path/],
    [
      () => RunFolder.open(undefined as Any),
      /^Cannot call RunFolder\.open: its first argument is missing; give the path/,
    ],
    [
      () => AutoMLP.load(undefined as Any),
      /^Cannot call AutoMLP\.load: its first argument is missing; give the path/,
    ],
    [
      () => compareRuns("runs/x" as Any),
      /^Cannot call compareRuns: its first argument is a text; give a list of runs' folders/,
    ],
  ];
  for (const [call, says] of calls) {
    const error = await Promise.try(call).then(() => assert.fail("it was taken"), (error) => error);
    assert(error instanceof InputError, String(error));
    assert.match(error.message, says);
    assert(!error.message.includes("\n"));
  }
});
