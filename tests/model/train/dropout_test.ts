import assert from "node:assert/strict";
import "../../../model/methods/registry.ts";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { Search } from "../../../model/search/search.ts";
import { DropoutDraw } from "../../../model/train/dropout.ts";
import { Training } from "../../../model/train/training.ts";
import { withFolder } from "../../folders.ts";
import { plantedDataset } from "../planted.ts";

const engine = await openEngine();
const SMALL = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 1,
  sequenceHidden: 4,
  channelHidden: 4,
  dropout: 0.3,
};

/** The engine, and the masks that were requested from it. */
function watched(): { engine: Engine; masks: number[] } {
  const masks: number[] = [], { kernels } = engine;
  const dropout: typeof kernels.dropout = (x, rate, mask) => {
    masks.push(mask);
    return kernels.dropout(x, rate, mask);
  };
  return { engine: { ...engine, kernels: { ...kernels, dropout } }, masks };
}

Deno.test("a mask is a function of seed, purpose, step and place, and of nothing else", () => {
  const mask = (seed: number, purpose: string, step: number, place: number) =>
    new DropoutDraw(0.3, seed, purpose).at(step).mask(place);
  assert.equal(mask(1, "train", 5, 1), mask(1, "train", 5, 1));
  const others = [
    mask(2, "train", 5, 1),
    mask(1, "search", 5, 1),
    mask(1, "train", 6, 1),
    mask(1, "train", 5, 0),
  ];
  assert.equal(new Set([mask(1, "train", 5, 1), ...others]).size, 5);
  // The same draws in any order.
  const draw = new DropoutDraw(0.3, 1, "train"), [five, six] = [draw.at(5), draw.at(6)];
  assert.deepEqual([six.mask(0), five.mask(1)], [mask(1, "train", 6, 0), mask(1, "train", 5, 1)]);
});

Deno.test("a training's masks follow its seed; resumed, it has those that it would have had", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const config = networkFor(dataset, { ...SMALL, lengths: [2] });
    const masks = (seed: number, steps: number, state?: ReturnType<Training["state"]>) => {
      const { engine, masks } = watched();
      const training = new Training(engine, dataset, config, { seed, batchSize: 64 });
      if (state) training.restore(state);
      for (let i = 0; i < steps; i++) training.step();
      const reached = training.state();
      training.dispose();
      return { masks, reached };
    };
    const whole = masks(1, 4), other = masks(2, 4), first = masks(1, 2);
    assert.deepEqual(masks(1, 4).masks, whole.masks);
    assert.deepEqual([...first.masks, ...masks(1, 2, first.reached).masks], whole.masks);
    assert.equal(new Set([...whole.masks, ...other.masks]).size, 16, "two places, four steps, two seeds");
    const [embedded, joint] = whole.masks;
    assert.deepEqual(whole.masks.slice(0, 4), [embedded, joint, joint, embedded], "forward and back");
  }));

Deno.test("the second order looks ahead with the masks of the step that comes", () =>
  withFolder(async (dir) => {
    const dataset = await plantedDataset(dir, { users: 20 });
    const config = networkFor(dataset, { ...SMALL, lengths: [2, 3] });
    const { engine, masks } = watched();
    const search = new Search(engine, dataset, config, {
      seed: 1,
      search: "darts2",
      warmup: 0,
      batchSize: 64,
    });
    search.step();
    assert.equal(new Set(masks).size, 2);
    search.step();
    assert.equal(new Set(masks).size, 4);
    search.dispose();
  }));
