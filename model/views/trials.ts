/**
 * An exhaustive search for people.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { htmlTable, textTable } from "../../pipeline/display/table.ts";
import { choice, trialTable } from "./architecture.ts";
import type { Architecture, Trial } from "../records/records.ts";

/** What the trials came to, which shows itself: what was selected, and a row for each training. */
export function exhaustiveWithDisplay<T extends { architecture: Architecture; trials: Trial[] }>(
  found: T,
  metric: MetricName,
): T {
  const words = choice(found.architecture);
  const table = () => trialTable(found.trials, metric, found.architecture);
  return withDisplay(found, {
    text: () => `${words}\n${textTable(table())}`,
    html: () => line(words) + htmlTable(table()),
  });
}
