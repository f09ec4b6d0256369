/**
 * The few figures of a run at the top of its pages.
 *
 * @module
 */
import type { Page } from "../../pipeline/display/page.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { formatSeconds } from "../../pipeline/display/text/units.ts";
import type { RunFacts } from "../records/records.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import { networksOf } from "./networks.ts";
import { totalSeconds } from "./report_tables.ts";
import { mainMetrics, mainProtocol, mainSplit } from "./results.ts";

/** The title of a run's pages. */
export const titleOf = ({ method, config }: Pick<RunFacts, "method" | "config">, data: string): string =>
  `${method?.title ?? "AutoMLP"} on ${data}${config.refitOf === undefined ? "" : ", refit"}`;

/** Selected length, number of networks if there are several, metrics, parameters and time, as far as the run got. */
export function headlineOf(
  facts: Pick<ReportFacts, "run" | "architecture" | "metrics">,
): NonNullable<Page["headline"]> {
  const { run, architecture, metrics } = facts, split = metrics && mainSplit(metrics);
  const ofSplit = split ? metrics.model[split] : {};
  const protocol = mainProtocol(ofSplit);
  const figures = ofSplit[protocol] ?? {}, networks = networksOf(run.config);
  return [
    ...(architecture
      ? [{
        label: "short-term length",
        value: String(architecture.shortTermLength),
      }]
      : []),
    ...(networks > 1 ? [{ label: "networks", value: `${networks}` }] : []),
    ...mainMetrics(figures).map((name) => ({
      label: `${name}, ${split} (${protocol})`,
      value: figures[name].toFixed(4),
    })),
    ...(run.parameters === undefined ? [] : [{ label: "parameters", value: formatCell(run.parameters) }]),
    { label: "time", value: formatSeconds(totalSeconds(facts)) },
  ];
}
