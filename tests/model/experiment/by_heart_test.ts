import assert from "node:assert/strict";
import { byHeartRemark } from "../../../model/experiment/remarks.ts";
import type { TrainRecord } from "../../../model/records/records.ts";

/** Records of epochs with these metrics, and losses that fall by a tenth each time. */
function epochs(
  values: number[],
  { error = 0.001, loss = (epoch: number) => 8 - epoch / 10, last }: {
    error?: number;
    loss?: (epoch: number) => number;
    last?: Partial<TrainRecord>;
  } = {},
): TrainRecord[] {
  return values.map((value, i) => ({
    epoch: i + 1,
    step: 100 * (i + 1),
    loss: loss(i + 1),
    metrics: { "NDCG@10": value },
    standardErrors: { "NDCG@10": error },
    best: value === Math.max(...values.slice(0, i + 1)),
    seconds: i + 1,
    examplesPerSecond: 100,
    rate: 0.001,
    ...(i === values.length - 1 && last),
  }));
}

const remark = (...given: Parameters<typeof epochs>) => byHeartRemark(epochs(...given), "NDCG@10", 0.2);

Deno.test("a network that learns by heart is told of, with how far it fell", () =>
  assert.match(
    // AutoMLP on Amazon Beauty.
    byHeartRemark(
      epochs([0.0215, 0.0392, 0.0524, 0.0574, 0.0595, 0.06, 0.059, 0.058, 0.0577, 0.0573, 0.0575, 0.0574]),
      "NDCG@10",
      0.1,
    )!,
    /^NDCG@10 on validation fell by 4 % after epoch 6, while the loss went on falling: .* with a --dropout above 0\.1 it may/,
  ));

Deno.test("a training that is no better for some epochs is not one", () => {
  assert.equal(remark([0.03, 0.05, 0.06, 0.0595, 0.06, 0.0594, 0.0597]), undefined);
  // The mean of the last three is 5 % behind, which with so few users is chance.
  assert.equal(remark([0.03, 0.06, 0.057, 0.057, 0.057, 0.057], { error: 0.004 }), undefined);
  // The mean of the last three is 2.5 % below 0.06, which is no fall, and then 3.5 %.
  const [little, enough] = [0.0585, 0.0579].map((last) => remark([0.03, 0.06, last, last, last, last]));
  assert.equal(little, undefined);
  assert.match(enough!, /fell by 3 % after epoch 2/);
  // A training that was best in its second half is a normal early stop, and a few epochs say nothing yet.
  assert.equal(remark([0.03, 0.04, 0.05, 0.06, 0.05, 0.05, 0.05]), undefined);
  assert.equal(remark([0.03, 0.06, 0.05, 0.05, 0.05]), undefined);
  assert.equal(remark([]), undefined);
});

Deno.test("where the loss rises, too, or does not fall, be it in one of the last epochs, it is no learning by heart", () => {
  const values = [0.03, 0.06, 0.05, 0.05, 0.05, 0.05];
  for (
    const loss of [
      (epoch: number) => 8 + epoch / 10,
      () => 8,
      (epoch: number) => epoch === 5 ? 9 : 8 - epoch / 10,
    ]
  ) assert.equal(remark(values, { loss }), undefined);
});

Deno.test("an epoch that was cut, or not validated, does not count", () => {
  const values = [0.03, 0.06, 0.05, 0.05, 0.05, 0.05];
  assert.match(remark(values)!, /fell by 17 % after epoch 2/);
  assert.equal(remark(values, { last: { share: 0.4 } }), undefined);
  assert.equal(remark(values, { last: { metrics: {} } }), undefined);
});
