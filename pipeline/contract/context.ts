/**
 * Progress and interruption of work that was passed neither: silence, or what the surroundings offer. A notebook offers its
 * output and its stop button, so that no cell has to pass them; nothing else calls {@link offerContext}.
 *
 * @module
 */
import { type Progress, silent } from "./progress.ts";
import type { StageContext } from "./stage.ts";

let surroundings: () => StageContext = () => ({});

/** From now on, work that is passed no progress or no signal takes those that `offer` gives when it begins. */
export function offerContext(offer: () => StageContext): void {
  surroundings = offer;
}

/** The context of a piece of work: what was passed, else what the surroundings offer, else silence. */
export function contextOf(passed: StageContext): { progress: Progress; signal?: AbortSignal } {
  const offered = passed.progress && passed.signal ? {} : surroundings();
  return {
    progress: passed.progress ?? offered.progress ?? silent,
    signal: passed.signal ?? offered.signal,
  };
}
