/**
 * Writes the report of a run into its folder, while it is in progress and at its end.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { profileOf } from "../../pipeline/inspect/mod.ts";
import type { RunFacts } from "../records/records.ts";
import type { Monitor, ReportFacts } from "../records/report_facts.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { ShownPeople } from "../views/people.ts";
import { reportFacts } from "./facts.ts";
import { reportHtml } from "./mod.ts";

/**
 * Writes `report.html` from what the run holds, however far it has come.
 *
 * @param status State of the run in the report. Default: that in the run's record.
 * @param people How the few people in the report are named. Default: as the run's record says.
 */
export async function writeReport(
  folder: RunFolder,
  dataset: SequenceDataset,
  { metric, protocol }: Monitor,
  { status, people }: { status?: RunFacts["status"]; people?: ShownPeople } = {},
): Promise<ReportFacts> {
  // The data of a run do not change, so one profile is enough.
  if (!folder.read("profile")) await folder.write("profile", await profileOf(dataset));
  const collected = reportFacts(folder, dataset.manifest, { metric, protocol }, people);
  const facts = status ? { ...collected, run: { ...collected.run, status } } : collected;
  await folder.writeReport(await reportHtml(facts));
  return facts;
}

/** The share of the time that reports of a run in progress may take, and the least time between two of them. */
const SHARE = 1 / 100, LEAST_MS = 5_000;

/** The report of a run in progress, which reloads itself in a browser. */
export class LiveReport {
  /** A short run needs no report on its way. */
  #next = performance.now() + LEAST_MS;
  #begun = false;

  /** @param monitor What training is monitored by. */
  constructor(
    readonly folder: RunFolder,
    readonly dataset: SequenceDataset,
    readonly monitor: Monitor,
  ) {}

  /** Writes the report, unless it would take too much of the run's time. @param now Whether to write it in any case. */
  async write({ now = false } = {}): Promise<void> {
    const began = performance.now();
    if (!now && began < this.#next) return;
    await writeReport(this.folder, this.dataset, this.monitor);
    const ended = performance.now();
    this.#next = ended + Math.max(LEAST_MS, (ended - began) / SHARE);
    this.#begun = true;
  }

  /** Writes it a last time for a run that ended with an error, so that it no longer reloads itself. That error is the one to report. */
  async end(): Promise<void> {
    if (this.#begun) await this.write({ now: true }).catch(() => {});
  }
}
