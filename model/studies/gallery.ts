/**
 * A gallery: for a few people, what they did, what each method recommends, and what they took next.
 *
 * @module
 */
import { join } from "node:path";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { openEngine } from "../backend/engine.ts";
import { personOf, somePositives } from "../evaluate/insights/people.ts";
import { ItemSet } from "../evaluate/item_set.ts";
import { pickPositives, positivesOf } from "../evaluate/positives.ts";
import { adjusterFor, scoreChecked } from "../evaluate/scores.ts";
import { TopK } from "../evaluate/topk.ts";
import { putOnEngine } from "../methods/store.ts";
import type { ExperimentResults, GalleryPerson } from "../records/experiment.ts";
import { titlesOf } from "../titles.ts";
import { RunFolder } from "../runs/folder.ts";
import type { StudyFolder } from "./study_folder.ts";

/** Number of people, and of items recommended to each. */
const PEOPLE = 3, BEST = 5;

/** Returns the gallery of the rows' first seeds. Empty if nothing was evaluated. */
export async function galleryOf(
  { rows, protocols }: ExperimentResults,
  dataset: SequenceDataset,
  folder: StudyFolder,
  context: StageContext,
): Promise<GalleryPerson[]> {
  const done = rows.filter(({ cells }) => cells.length > 0).map(({ label, cells: [cell] }) => ({
    label,
    run: RunFolder.open(join(folder.path, cell.run)),
    tau: cell.logitAdjustment.full ?? 0,
  }));
  if (protocols.length === 0 || done.length === 0) return [];
  const places = somePositives(await positivesOf(dataset, "test"), PEOPLE), title = titlesOf(dataset);
  const chosen = await pickPositives(dataset, "test", places);
  const people = chosen.map((positive): GalleryPerson => ({
    ...personOf(dataset, positive, title),
    recommended: [],
  }));
  const engine = await openEngine({ progress: context.progress });
  for (const { label, run, tau } of done) {
    const adjust = adjusterFor(dataset, tau), { keepsSeen } = run;
    using loaded = await putOnEngine(run, dataset, { engine });
    for (const [i, { user, target, history }] of chosen.entries()) {
      const histories = {
        items: history,
        starts: Uint32Array.of(0),
        ends: Uint32Array.of(history.length),
        users: Uint32Array.of(user),
      };
      const scores = await scoreChecked(loaded.model, histories);
      adjust(scores);
      const items = bestOf(scores, keepsSeen ? [] : history, dataset.items);
      people[i].recommended.push({
        label,
        items: items.map(title),
        hit: items.includes(target),
      });
    }
  }
  return people;
}

function bestOf(scores: Float32Array, without: Iterable<number>, count: number): number[] {
  const leftOut = new ItemSet(count), best = new TopK(Math.min(BEST, count));
  leftOut.clear();
  for (const item of without) leftOut.add(item);
  const found = best.select(scores, leftOut);
  return Array.from(best.items.subarray(0, found));
}
