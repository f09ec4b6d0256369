/**
 * Progress and interruption for work that was passed neither: what the environment offers, or only warnings. A notebook offers its
 * output and its stop button, so that no cell has to pass them; nothing else calls {@link offerContext}.
 *
 * @module
 */
import { spoken } from "../display/text/option_names.ts";
import { visible } from "../display/text/visible.ts";
import { type Progress, silent } from "./progress.ts";
import type { StageContext } from "./stage.ts";

let surroundings: () => StageContext = () => ({});

/** Makes work that is passed no progress or no signal take what `offer` returns when the work begins, from now on. */
export function offerContext(offer: () => StageContext): void {
  surroundings = offer;
}

/**
 * The progress if the caller did not ask for any. Warnings still go to stderr, because everybody should know if an engine is missing and
 * everything takes ten times as long, or if half of the users are left out.
 */
const warningsAlone: Progress = {
  ...silent,
  warn: (message) => console.warn(`warning: ${visible(spoken(message))}`),
};

/** Returns the context of a piece of work: what was passed, else what the environment offers, else only warnings. */
export function contextOf(passed: StageContext): { progress: Progress; signal?: AbortSignal } {
  const offered = passed.progress && passed.signal ? {} : surroundings();
  return {
    progress: passed.progress ?? offered.progress ?? warningsAlone,
    signal: passed.signal ?? offered.signal,
  };
}
