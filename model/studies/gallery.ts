/**
 * A gallery: for a few people, what they did, what each method recommends, and what they took next.
 *
 * @module
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
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
import { jsonText } from "../records/json.ts";
import { titlesOf } from "../titles.ts";
import { RunFolder } from "../runs/folder.ts";
import type { StudyFolder } from "./study_folder.ts";

/** Number of people, and of items recommended to each. */
const PEOPLE = 3, BEST = 5;

const FILE = "gallery.json";
const gallerySchema = z.object({
  /** The models that it shows. */
  runs: z.array(z.string()),
  people: z.array(z.object({
    user: z.string(),
    history: z.array(z.string()),
    earlier: z.int(),
    took: z.string(),
    recommended: z.array(z.object({ label: z.string(), items: z.array(z.string()), hit: z.boolean() })),
  })),
}).refine(
  ({ runs, people }) => people.every(({ recommended }) => recommended.length === runs.length),
  { path: ["people"], error: "somebody has not a list of each run" },
);

/** Returns the gallery of the rows' first seeds, from an earlier call if that shows the same models. Empty if nothing was evaluated. */
export async function galleryOf(
  { rows, protocols }: ExperimentResults,
  dataset: SequenceDataset,
  folder: StudyFolder,
  context: StageContext,
): Promise<GalleryPerson[]> {
  const done = rows.filter(({ cells }) => cells.length > 0).map(({ label, cells: [cell] }) => ({
    label,
    run: RunFolder.open(join(folder.path, cell.run)),
    place: cell.run,
    tau: cell.logitAdjustment.full ?? 0,
  }));
  if (protocols.length === 0 || done.length === 0) return [];
  // The folder alone is not enough: a cell may have been removed and trained anew.
  const runs = done.map(({ run, place, tau }) => [place, run.weightsHash, tau, run.keepsSeen].join(" "));
  const before = folder.read(FILE, gallerySchema);
  if (before && isDeepStrictEqual(before.runs, runs)) {
    return before.people.map((person) => labelled(person, done));
  }
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
  await folder.write(FILE, jsonText({ runs, people }));
  return people;
}

/** A person from an earlier call, in which the rows may have had other labels. */
const labelled = (person: GalleryPerson, rows: readonly { label: string }[]): GalleryPerson => ({
  ...person,
  recommended: person.recommended.map((one, i) => ({ ...one, label: rows[i].label })),
});

function bestOf(scores: Float32Array, without: Iterable<number>, count: number): number[] {
  const leftOut = new ItemSet(count), best = new TopK(Math.min(BEST, count));
  leftOut.clear();
  for (const item of without) leftOut.add(item);
  const found = best.select(scores, leftOut);
  return Array.from(best.items.subarray(0, found));
}
