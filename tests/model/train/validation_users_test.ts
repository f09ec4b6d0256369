import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { evaluate, evaluateAmong } from "../../../model/evaluate/evaluate.ts";
import type { RankingProtocol } from "../../../model/records/evaluation.ts";
import { popularity } from "../../../model/methods/baselines.ts";
import { chooseValidationUsers, Validation } from "../../../model/train/validation.ts";
import { prepare } from "../../../pipeline/mod.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";
import { plantedDataset } from "../planted.ts";
import { OPTIONS, SIZES } from "./planted_training.ts";

const PROTOCOLS: RankingProtocol[] = ["recbole", "full"];
/** 60 users of 3 to 8 interactions. */
const SEQUENCES = Object.fromEntries(
  Array.from(
    { length: 60 },
    (_, u) => [`u${u}`, Array.from({ length: 3 + u % 6 }, (_, n) => `i${(u * u + 3 * n) % 23}`)],
  ),
);

Deno.test("the positives of some users are ranked as among all, by every protocol, in one part or several", () =>
  inFolder(async (folder) => {
    for (const partRows of [999, 20]) {
      const dataset = await makeDataset(`${folder}/${partRows}`, { sequences: SEQUENCES, partRows });
      const method = await popularity.fit(dataset, {});
      const options = { split: "validation", protocols: PROTOCOLS, logitAdjustment: 0, ks: [5] } as const;
      const all = await evaluate(method, dataset, options);
      const { among, ...numbers } = await chooseValidationUsers(dataset, "full", 17);
      assert.deepEqual(numbers, { users: 17, all: 60 });
      const some = await evaluateAmong(method, dataset, options, among);
      const kept = all.perUser.rows().filter(([user]) => among![dataset.userIndex(user)] === 1);
      assert.equal(kept.length, 2 * 17);
      assert.deepEqual(some.perUser.rows(), kept);
      for (const protocol of PROTOCOLS) {
        const gains = [...all.ranks(protocol)].filter((_, i) => among![i + 1] === 1)
          .map((rank) => rank <= 5 ? 1 / Math.log2(rank + 1) : 0);
        const mean = gains.reduce((sum, gain) => sum + gain, 0) / 17;
        assert(Math.abs(some.metrics[protocol]["NDCG@5"] - mean) < 1e-12, protocol);
      }
    }
  }));

Deno.test("users are drawn with equal probability, the same each time; by default all, or as many as large data allow", () =>
  inFolder(async (folder) => {
    const dataset = await makeDataset(folder, { sequences: SEQUENCES });
    const once = await chooseValidationUsers(dataset, "full", 30);
    assert.deepEqual(await chooseValidationUsers(dataset, "recbole", 30), once);
    assert.equal(once.among!.reduce((sum, one) => sum + one, 0), 30);
    assert.equal(once.among![0], 0, "nobody has the id 0");
    for (const wanted of [undefined, 60, 1000]) {
      assert.deepEqual(await chooseValidationUsers(dataset, "full", wanted), {
        users: 60,
        all: 60,
      });
    }
    // Each of the first 30 users is drawn as often as each of the last: the numbers are fixed, so this cannot fail by chance.
    const first = once.among!.slice(1, 31).reduce((sum, one) => sum + one, 0);
    assert(first > 9 && first < 21, `${first} of 30`);
  }));

Deno.test("a training that is validated on some users records so with each epoch, and says so with the figure", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { distance: 3 });
    const { progress, remarks } = listener(), engine = await openEngine();
    const config = networkFor(dataset, { ...SIZES, lengths: [4] });
    const training = new Training(engine, dataset, config, {
      ...OPTIONS,
      epochs: 2,
      protocol: "full",
      validationUsers: 25,
      progress,
    });
    const history = await training.run().then(() => training.history);
    assert.deepEqual(history.map(({ validationUsers }) => validationUsers), [25, 25]);
    assert.match(String(training), /on validation \(protocol full, 25 users drawn at random\)/);
    assert.deepEqual(remarks, [], "nobody is told what they asked for");
    training.dispose();
  }));

Deno.test("by default as many users validate as make two billion scores, but at least ten thousand; it is said once", () =>
  withFolder(async (dir) => {
    const users = 12_000, each = 20; // and 240,000 items
    const rows = Array.from({ length: users * each }, (_, i) => `${i / each | 0},i${i},${i}\n`);
    Deno.writeTextFileSync(`${dir}/log.csv`, "user,item,timestamp\n" + rows.join(""));
    const { dataset } = await prepare({
      data: `${dir}/log.csv`,
      out: `${dir}/data`,
      protocols: ["recbole"],
      evalNegatives: 1,
    });
    const { progress, remarks } = listener(),
      validation = new Validation(dataset, { ...OPTIONS, protocol: "full", progress });
    for (let time = 0; time < 2; time++) {
      const { among, ...numbers } = await validation.users();
      assert.deepEqual(numbers, { users: 10_000, all: users });
      assert.equal(among!.reduce((sum, one) => sum + one, 0), 10_000);
    }
    assert.deepEqual(remarks, [
      "Each epoch is validated on 10,000 users of 12,000, drawn at random; set validationUsers to have more or fewer",
    ]);
    const { among } = await chooseValidationUsers(dataset, "recbole");
    assert.equal(among, undefined, "negatives are quickly ranked");
  }));
