/** A small log in which each item depends on the one before, for tests of baselines. */
import type { Method, Recommender } from "../../../../model/recommender.ts";
import type { StageContext } from "../../../../pipeline/contract/stage.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";

const USERS = 60, ITEMS = 40;

function sequences(): Record<string, string[]> {
  const random = new RandomStream(5, "test/shop");
  return Object.fromEntries(Array.from({ length: USERS }, (_, user) => {
    let item = random.below(ITEMS);
    const next = () =>
      item = random.float() < 0.5 ? (item + 1) % ITEMS : Math.floor(ITEMS * random.float() ** 2);
    return [`u${user}`, Array.from({ length: 10 + random.below(10) }, () => `i${next()}`)];
  }));
}

export const SHOP = {
  users: USERS,
  /** Trains a method on the log, in a folder that is removed afterwards. */
  async train<Options>(method: Method<Options>, options: Options & StageContext): Promise<Recommender> {
    let trained: Recommender | undefined;
    await inFolder(async (folder) => {
      trained = await method.fit(await makeDataset(folder, { sequences: sequences() }), options);
    });
    return trained!;
  },
};
