/**
 * The search phase: from a network with several candidate lengths to the one that is trained.
 *
 * @module
 */
import { selectedName } from "../../records/candidates.ts";
import type { Architecture } from "../../records/records.ts";
import { NOT_COMPARED } from "../../views/architecture.ts";
import { isAutomlp } from "../options.ts";
import { findArchitecture } from "./find_architecture.ts";
import type { JobPhase } from "./phase.ts";

/** Leaves the selected length, with history and checkpoints of the search. */
export const searchPhase: JobPhase = {
  name: "search",
  done: ({ options, folder }) => !isAutomlp(options) || folder.readArchitecture() !== undefined,
  async run(work) {
    const { folder, record } = work, architecture = await findArchitecture(work);
    if (isGuess(architecture)) record.warn(guess(architecture));
    await record.write(); // first: with the architecture in place nobody searches again, and warnings and times are on record
    await folder.writeArchitecture(architecture);
  },
};

const COMPARED = ["given", "exhaustive"];

/** Whether the candidates were never compared: a search that was cut short, or one on very little. */
const isGuess = ({ method, candidates, evidence }: Architecture) =>
  !COMPARED.includes(method) && candidates.length > 1 && !evidence;

const guess = (architecture: Architecture) =>
  `${NOT_COMPARED}: k = ${selectedName(architecture)} has the largest α, which says little yet; ` +
  "search for longer, or compare with --search exhaustive";
