/**
 * The search phase: from a network with several candidate lengths to the one that is trained.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import { guessWarning, isGuess } from "../../views/architecture.ts";
import { isAutomlp, wants } from "../options.ts";
import { afterCutSearch, canSearchOn } from "./after_cut.ts";
import { findArchitecture } from "./find_architecture.ts";
import type { JobPhase } from "./phase.ts";

/** Writes the selected length, with history and checkpoints of the search. */
export const searchPhase: JobPhase = {
  name: "search",
  title: "search",
  is: isAutomlp,
  done(work) {
    const { folder, record, asSelected } = work;
    if (folder.readArchitecture() === undefined) return false;
    return record.whenCut("search") === undefined || asSelected || !canSearchOn(work);
  },
  left(work) {
    const { folder, record, options } = work;
    if (record.whenCut("search") !== undefined) record.adviseOnCut("search", afterCutSearch(work));
    else if (!wants(options, "retrain")) {
      contextOf(work).progress.remark?.(
        `Nothing is left to search: k = ${folder.readArchitecture()!.shortTermLength} stays`,
      );
    }
  },
  async run(work) {
    const { folder, record } = work, { architecture, cut } = await findArchitecture(work);
    record.guessed(isGuess(architecture) ? guessWarning(architecture, cut !== undefined) : undefined);
    if (cut !== undefined) record.cutShort("search", cut, afterCutSearch(work, architecture));
    await record.write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.writeArchitecture(architecture);
    // Last: until then it is the architecture of the search that was cut, which is to be resumed after a kill.
    if (cut === undefined) record.endedByItself("search");
    return true;
  },
};
