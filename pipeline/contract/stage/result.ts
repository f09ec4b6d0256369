/**
 * How a stage's result is displayed.
 *
 * @module
 */
import { frameView } from "../../display/table/frame.ts";
import { withDisplay } from "../../display/with_display.ts";
import type { StageResult } from "../stage.ts";

/** Makes a stage's result display itself: the report, and the first and last rows of the frame. */
export function stageResult<R extends StageResult>(result: R): R {
  const { frame, report } = result, view = frameView(frame);
  return withDisplay(result, {
    text: () => `${report}\n\n${view.text()}`,
    html: () => report.toHtml() + view.html(),
  });
}
