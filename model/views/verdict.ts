/**
 * What a run came to, in a few sentences that need no table.
 *
 * @module
 */
import { formatCell } from "../../pipeline/display/table.ts";
import type { ReportFacts } from "../records/report_facts.ts";
import type { RunMetrics } from "../records/records.ts";
import { choice } from "./architecture.ts";
import { LEVEL, mainMetrics, methodsOf } from "./results.ts";

const PROTOCOL = "full";

/** How good the model is, beside what else there is, and what length was selected. Nothing where nothing was evaluated on test by `full`. */
export function verdict({ metrics, manifest, architecture }: ReportFacts): string[] {
  const found = metrics && quality(metrics, manifest.counts, manifest.truth !== undefined);
  if (!found) return [];
  return [found, ...(architecture && architecture.method !== "given" ? [choice(architecture)] : [])];
}

/** @param isPlanted Whether the data are made so that no baseline can see what is in them. */
function quality(
  metrics: RunMetrics,
  { items, test }: { items: number; test: number },
  isPlanted: boolean,
): string | undefined {
  const [model, ...others] = methodsOf(metrics).map(({ name, means }) => ({
    name,
    own: means.test?.[PROTOCOL] ?? {},
  }));
  const names = mainMetrics(model.own), hits = names.find((name) => name.startsWith("HR@"));
  if (hits === undefined) return undefined;
  const k = hits.slice("HR@".length), rank = `NDCG@${k}`;
  const share =
    `Of ${formatCell(test)} test interactions, ${
      percent(model.own[hits])
    } are among the ${k} items that ${model.name} ` +
    `would have ranked first, out of ${formatCell(items)} (HR@${k}, protocol full)`;
  const best = others.filter(({ own }) => rank in own).reduce<typeof model | undefined>(
    (a, b) => a && a.own[rank] >= b.own[rank] ? a : b,
    undefined,
  );
  if (!best || isPlanted) return `${share}.`;
  const change = 100 * (model.own[rank] / best.own[rank] - 1);
  const p = metrics.tests?.[PROTOCOL]?.[rank]?.[best.name];
  const rounded = Math.abs(change).toFixed(0);
  const relation = !Number.isFinite(change)
    ? "beside"
    : rounded === "0"
    ? "level with"
    : `${rounded} % ${change < 0 ? "below" : "above"}`;
  const chance = p === undefined ? "" : p < LEVEL ? ", by more than chance" : ", which may be chance";
  return `${share}. By ${rank}, which counts how near the top they are, it is ${relation} ${best.name}, the best of the other methods${chance}.`;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
