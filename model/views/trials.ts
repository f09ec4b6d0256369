/**
 * An exhaustive search for display.
 *
 * @module
 */
import type { MetricName } from "../records/evaluation.ts";
import { line } from "../../pipeline/display/cell/fragment.ts";
import { withDisplay } from "../../pipeline/display/with_display.ts";
import { htmlTable, textTable } from "../../pipeline/display/table.ts";
import { choice, clarity, trialTable } from "./architecture.ts";
import type { Architecture, Trial } from "../records/records.ts";

/** The result of the trials, in a form that shows itself: what was selected, and a row for each training. */
export function exhaustiveWithDisplay<T extends { architecture: Architecture; trials: Trial[] }>(
  found: T,
  metric: MetricName,
): T {
  const { architecture } = found;
  const words = [choice(architecture), clarity(architecture)].filter((text) => text !== undefined);
  const table = () => trialTable(found.trials, metric, architecture);
  return withDisplay(found, {
    text: () => [...words, textTable(table())].join("\n"),
    html: () => words.map(line).join("") + htmlTable(table()),
  });
}
