import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { runJob } from "../../../model/experiment/job.ts";
import { checkJob, jobShape } from "../../../model/experiment/options.ts";
import { searchedSizes, searchOver } from "../../../model/experiment/search_over.ts";
import { selectedPlace } from "../../../model/records/candidates.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

Deno.test("what is searched over: names with values, names alone, an object; the length is no more than the length", () => {
  const tuned = { layers: [1, 2, 3, 4], dim: [32, 64, 128] };
  assert.deepEqual(searchOver.parse("length"), {});
  assert.deepEqual(searchOver.parse(["length", "layers", "dim"]), tuned);
  assert.deepEqual(searchOver.parse("length,layers,dim"), tuned);
  assert.deepEqual(searchOver.parse("long-layers=0:2,sequenceHidden=16"), {
    longLayers: [0, 2],
    sequenceHidden: [16],
  });
  assert.deepEqual(searchOver.parse({ dim: [8, 16] }), { dim: [8, 16] });
  assert.deepEqual(searchOver.parse(searchOver.parse("dim=8:16")), { dim: [8, 16] });
});

Deno.test("a hidden size of the channel mixers that was given is that of all candidates, even where it is D", () => {
  const searched = (
    given: { channelHidden?: number; searchOver?: { dim?: number[]; channelHidden?: number[] } },
  ) => searchedSizes(given);
  assert.deepEqual(searched({ searchOver: { dim: [4, 8] } }), { dim: [4, 8] });
  assert.deepEqual(searched({ channelHidden: 8, searchOver: { dim: [4, 8] } }), {
    dim: [4, 8],
    channelHidden: [8],
  });
  const both = { dim: [4, 8], channelHidden: [2, 4] };
  assert.deepEqual(
    searched({ channelHidden: 8, searchOver: both }),
    both,
    "what is searched over is searched",
  );
  assert.deepEqual(searched({ channelHidden: 8, searchOver: {} }), {}, "D is one, and nothing follows it");
  assert.equal(searched({ channelHidden: 8 }), undefined);
});

Deno.test("what is searched over: what is none is told with what there is", () => {
  const problem = (given: string) => searchOver.safeParse(given).error?.issues[0].message;
  assert.match(
    problem("layer")!,
    /^"layer" is nothing that is searched over \(did you mean "layers"\?\); there are length, /,
  );
  assert.equal(problem("channel-hidden"), "say which values of channel-hidden, as in channel-hidden=32:64");
  assert.equal(problem("dim=a"), '"dim=a" does not name whole numbers, as in dim=1:2');
  assert.equal(problem("length=3:5"), "the lengths are named with --candidates");
  assert.equal(problem("dim=4:8,layers,dim=16"), "dim is named twice; name all its values at once");
  assert.equal(problem("long-layers=1:0:1"), "long-layers has the value 1 twice; name each value once");
  assert.equal(problem("layers=0:1"), "0 does not fit layers: give a number from 1");
  assert.equal(problem("layers=1,long-layers=0:1"), undefined);
  assert.equal(
    searchOver.safeParse({ sequenceHidden: [4, 0] }).error?.issues[0].message,
    "0 does not fit sequence-hidden: give a number from 1",
  );
});

Deno.test("sizes are searched by losses or by trials, not by mixed outputs nor without a search", () => {
  const schema = z.object(jobShape);
  const refused = (input: z.input<typeof schema>, message: RegExp) =>
    assert.throws(() => checkJob(schema.parse({ searchOver: "layers", ...input })), message);
  checkJob(schema.parse({ searchOver: "layers" }));
  checkJob(schema.parse({ searchOver: "layers", search: "exhaustive" }));
  refused({ relaxation: "outputs" }, /^InputError: Cannot search over layers by mixed outputs/);
  refused({ order: 2 }, /^InputError: Cannot search over layers by mixed outputs/);
  refused({ search: "none", short: 3 }, /^InputError: Option searchOver goes with a search/);
});

const OPTIONS = {
  length: 12,
  dim: 8,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 8,
  dropout: 0,
  candidates: [1, 3],
  searchOver: "dim=4:6", // neither is the network's own, 8; the hidden size of the channel mixers equals D
  searchEpochs: 12,
  batchSize: 64,
  rate: 0.01,
  epochs: 1,
  metric: "HR@1" as const,
  protocol: "full" as const,
  ks: [1],
};

for (const search of ["darts", "exhaustive"] as const) {
  Deno.test(`a job by ${search} search over sizes trains the network that was selected, and goes on where it was stopped`, () =>
    withFolder(async (dir) => {
      const dataset = await plantedDataset(dir, { users: 40 }), out = join(dir, "run");
      const options = { ...OPTIONS, search };
      await runJob(dataset, { ...options, until: "search" }, { out, seed: 1 });
      const { run } = await runJob(dataset, { ...options, resume: true }, {
        out,
        seed: 1,
      });
      const architecture = run.readArchitecture()!, place = selectedPlace(architecture);
      assert.equal(architecture.candidates.length, 4);
      assert.equal(architecture.shortTermLength, 3);
      const config = JSON.parse(Deno.readTextFileSync(join(out, "model/config.json"))).config;
      const { dim } = architecture.sizes![place];
      assert.deepEqual([config.candidates, config.dim, config.channelHidden], [[3], dim, dim]);
      const report = Deno.readTextFileSync(join(out, "report.html"));
      assert.match(
        report,
        /The network 3 \(dim \d\) was selected from 4 candidates by a (differentiable|complete) /,
      );
      assert.doesNotMatch(report, /undefined|NaN/);
      if (search === "exhaustive") {
        const trials = run.readTrials();
        assert.deepEqual(trials.map(({ sizes }) => sizes!.dim).toSorted(), [4, 4, 6, 6]);
        assert(trials.every(({ standardError }) => standardError! >= 0));
      }
    }));
}

Deno.test("a job over sizes keeps the hidden size that was given, from the search to the model", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 40 }), out = join(dir, "run");
    const options = { ...OPTIONS, channelHidden: 8, searchEpochs: 1, warmStart: true };
    await runJob(dataset, { ...options, until: "search" }, { out, seed: 1 });
    const { run } = await runJob(dataset, { ...options, resume: true }, { out, seed: 1 });
    assert.deepEqual(run.readArchitecture()!.sizes!.map(({ channelHidden }) => channelHidden), [8, 8, 8, 8]);
    const { dim, channelHidden } = JSON.parse(Deno.readTextFileSync(join(out, "model/config.json"))).config;
    assert([4, 6].includes(dim));
    assert.equal(channelHidden, 8);
  }));
