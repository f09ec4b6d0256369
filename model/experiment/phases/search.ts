/**
 * The search phase: from a network with several candidate lengths to the one that is trained.
 *
 * @module
 */
import { guessWarning, isGuess } from "../../views/architecture.ts";
import { isAutomlp } from "../options.ts";
import { findArchitecture } from "./find_architecture.ts";
import type { JobPhase } from "./phase.ts";

/** Leaves the selected length, with history and checkpoints of the search. */
export const searchPhase: JobPhase = {
  name: "search",
  title: "search",
  is: isAutomlp,
  done: ({ folder }) => folder.readArchitecture() !== undefined,
  async run(work) {
    const { folder, record } = work, architecture = await findArchitecture(work);
    if (isGuess(architecture)) record.warn(guessWarning(architecture));
    await record.write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.writeArchitecture(architecture);
    return true;
  },
};
