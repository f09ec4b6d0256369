import assert from "node:assert/strict";
import { z } from "zod";
import { optionOf } from "../../../pipeline/terminal/schema_options.ts";
import { checkJob, jobShape } from "../../../model/experiment/options.ts";

const schema = z.object(jobShape);
const check = (input: z.input<typeof schema>) => checkJob(schema.parse(input));
const refused = (input: z.input<typeof schema>, message: RegExp) =>
  assert.throws(() => check(input), { name: "InputError", message });

Deno.test("the defaults, and a given length, are taken", () => {
  check({});
  check({ search: "none", short: 3 });
});

Deno.test("a length longer than the sequence is refused where it is used, and only there", () => {
  refused(
    { search: "none", short: 11, length: 10 },
    /^Cannot build the network: the short-term length 11 is longer/,
  );
  refused(
    { length: 10, lengths: [5, 20] },
    /the candidate length 20 is longer than the sequence, 10; raise --length/,
  );
  check({ length: 10 }); // if no lengths are given, those that fit are used
  refused({ search: "exhaustive", lengths: [3, 99] }, /the candidate length 99 /);
  check({ search: "none", short: 3, length: 10 });
  check({ search: "none", short: 3, length: 10, lengths: [20, 20] });
});

Deno.test("a candidate that is named twice is refused where candidates are used", () => {
  refused({ lengths: [3, 5, 3] }, /^Cannot search: --lengths names the length 3 twice$/);
});

Deno.test("the given length and the search exclude each other", () => {
  refused({ search: "none" }, /^Option --search none needs the length to train with: --short K$/);
  refused({ short: 3 }, /^Option --short goes with --search none, not with shared$/);
});

Deno.test("a warm start needs a search by gradient", () => {
  check({ warmStart: true });
  for (
    const input of [{ search: "none", short: 3 }, { search: "exhaustive" }, { method: "sasrec" }] as const
  ) {
    refused(
      { ...input, warmStart: true },
      /^Cannot warm-start: it begins training with the weights of a search/,
    );
  }
});

Deno.test("of one candidate no weights are searched to begin with, whoever named it", () => {
  const one =
    /^Cannot warm-start: of one candidate nothing is searched, .*; leave out warmStart, or name several --lengths$/;
  refused({ lengths: [5], warmStart: true }, one);
  refused({ length: 3, warmStart: true }, one); // only one of the usual lengths fits
  check({ lengths: [5] });
});

Deno.test("the metric that training stops by is read", () => {
  refused({ metric: "NDGC@10" as "NDCG@10" }, /^Cannot read the metric "NDGC@10"/);
});

Deno.test("a metric in small letters is the metric", () => {
  assert.equal(schema.parse({ metric: " ndcg@10" as "NDCG@10" }).metric, "NDCG@10");
});

Deno.test("a budget is some time, however it is written", () => {
  assert.equal(schema.parse({ budget: "1.5m" }).budget, 90);
  for (const budget of [0, "0", "0m", "0.0s", "9".repeat(400), "soon", "-1"]) {
    assert.equal(schema.safeParse({ budget }).success, false, String(budget));
  }
});

Deno.test("who stops by the name of a step is told what its phase is called", () => {
  const { choices = [], hints = {} } = optionOf(jobShape.until);
  for (const [word, hint] of Object.entries(hints)) {
    assert(!choices.includes(word) && choices.some((phase) => hint.endsWith(` ${phase}`)), hint);
  }
  assert.deepEqual(Object.keys(hints), ["prepare", "train", "report"]);
});
