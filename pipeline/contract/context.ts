/**
 * Progress and interruption of work that was passed neither: what the surroundings offer, or no more than warnings. A notebook offers its
 * output and its stop button, so that no cell has to pass them; nothing else calls {@link offerContext}.
 *
 * @module
 */
import { spoken } from "../display/text/option_names.ts";
import { visible } from "../display/text/visible.ts";
import { type Progress, silent } from "./progress.ts";
import type { StageContext } from "./stage.ts";

let surroundings: () => StageContext = () => ({});

/** From now on, work that is passed no progress or no signal takes those that `offer` gives when it begins. */
export function offerContext(offer: () => StageContext): void {
  surroundings = offer;
}

/**
 * Where nobody asked how far work is. Warnings are said all the same, on stderr: that an engine is missing and all takes ten times as long, or that half of
 * the users are left out, is to be known by everybody.
 */
const warningsAlone: Progress = {
  ...silent,
  warn: (message) => console.warn(`warning: ${visible(spoken(message))}`),
};

/** The context of a piece of work: what was passed, else what the surroundings offer, else warnings alone. */
export function contextOf(passed: StageContext): { progress: Progress; signal?: AbortSignal } {
  const offered = passed.progress && passed.signal ? {} : surroundings();
  return {
    progress: passed.progress ?? offered.progress ?? warningsAlone,
    signal: passed.signal ?? offered.signal,
  };
}
