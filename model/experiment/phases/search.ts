/**
 * The search phase: from a network with several candidate lengths to the one that is trained.
 *
 * @module
 */
import { contextOf } from "../../../pipeline/contract/context.ts";
import { isGuess } from "../../views/architecture.ts";
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
    return record.cut("search") === undefined || asSelected || !canSearchOn(work);
  },
  left(work) {
    const { folder, record, options } = work;
    const cut = record.cut("search");
    if (cut) record.advise(cut, afterCutSearch(work));
    else if (!wants(options, "retrain")) {
      contextOf(work).progress.remark?.(
        `Nothing is left to search: k = ${folder.readArchitecture()!.shortTermLength} stays`,
      );
    }
  },
  async run(work) {
    const { folder, record } = work, { architecture, cut } = await findArchitecture(work);
    const length = architecture.shortTermLength, isCut = cut !== undefined;
    record.guessed(isGuess(architecture) ? { kind: "guess", length, isCut } : undefined);
    if (isCut) record.cutShort({ phase: "search", ...cut, ...afterCutSearch(work, architecture) });
    await record.write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.writeArchitecture(architecture);
    // Last: until then it is the architecture of the search that was cut, which is to be resumed after a kill.
    if (cut === undefined) record.endedByItself("search");
    return true;
  },
};
