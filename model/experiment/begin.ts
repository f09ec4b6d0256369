/**
 * Begins a run, or resumes it: whether it is the same, and what has changed around it.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { RunConfig, RunFacts, TrainOn } from "../records/records.ts";
import { type Identity, identityOf, identityOfJob, recorded, unknownOptions } from "./recorded.ts";
import { checkModelVersion } from "../runs/model_files.ts";
import { begunByAnother, begunOtherwise, refuseRunIn } from "./begun.ts";
import { asFlags, differencesBetween } from "./differences.ts";
import { withImplied } from "./implied.ts";
import type { JobToBegin } from "./phases/phase.ts";
import { gitCommit, programCommit } from "./git_commit.ts";
import type { PhaseCost } from "./phase_meter.ts";
import { RunRecord } from "./record.ts";
import { refuseFewerEpochs, sayTakenAnew } from "./taken_anew.ts";

/** What a run records about its origin. */
export interface RunOrigin {
  /** The command as it was typed. */
  command: string;
  /** Versions of automlp, Deno and libraries. */
  versions: Record<string, string>;
  /** Further configuration for `run.json`. */
  config?: Pick<RunConfig, "data" | "refit">;
  /** Cost of preparing the dataset, if that was done for this run. */
  prepared?: PhaseCost;
}

/**
 * Begins the record of a run, new or resumed.
 *
 * @throws {InputError} if the folder holds a run that this does not continue, or that may not be resumed with another engine or version.
 */
export function beginRecord(work: JobToBegin, origin: RunOrigin): RunRecord {
  const { folder, dataset, options, seed, method } = work, { command, versions, prepared } = origin;
  const { hash, name } = dataset.manifest, before = folder.readRun();
  if (before) {
    refuseRunIn(folder.path, options.resume);
    checkModelVersion(folder.path);
    folder.checkDataset({ hash, name, folder: dataset.folder });
    const [had, has] = [before.config, options].map(({ method }) => ({ "--method": method }));
    if (!same(had, has)) throw begunOtherwise(folder.path, differencesBetween(had, has, "none"));
    const unknown = unknownOptions(before.config);
    if (unknown.length > 0) throw begunByAnother(folder.path, unknown.map((key) => `--${toFlag(key)}`));
    const named = [identityOf(before), identityOfJob(work)];
    const implied = named.map((one) => withImplied(one, dataset, options));
    if (!same(implied[0], implied[1])) throw begunOtherwise(folder.path, differencesOf(named, implied));
    refuseFewerEpochs(folder, options);
  }
  const { budget } = options;
  const { name: engine, device, version } = work.engine, backend = { name: engine, device, version };
  const commit = gitCommit(), program = programCommit();
  const backends = before?.backends ?? [];
  const record = new RunRecord(
    folder,
    {
      status: "running",
      command: before?.command ?? command,
      sessions: [...before?.sessions ?? [], {
        command,
        began: new Date().toISOString(),
        ...(commit !== undefined && { commit }),
        ...(program !== undefined && { program }),
        ...(budget !== undefined && { budget }),
      }],
      machine: machine(),
      // What a later session is not given, such as how the data were prepared, is known from the first.
      config: { ...before?.config, ...origin.config, ...recorded(options) },
      seed,
      versions,
      backend,
      backends: backends.some((known) => same(known, backend)) ? backends : [...backends, backend],
      parameters: before?.parameters,
      title: method.title,
      dataset: { hash, name, seed: dataset.manifest.seed, folder: dataset.folder },
      times: before?.times ?? (prepared ? { prepare: prepared.seconds } : {}),
      peakMemory: before ? before.peakMemory : prepared ? { prepare: prepared.peakMemoryBytes } : {},
      peakMemoryBytes: before?.peakMemoryBytes ?? 0,
      warnings: [...before?.warnings ?? []],
    },
    work,
    before,
  );
  const changes = before ? changesBetween(before, record.facts) : [];
  if (changes.length > 0) resumedElsewhere(record, changes.join("; "), options.strict);
  if (before && !work.evaluateOnly) sayTakenAnew(record, before, work);
  return record;
}

/** The machine that this runs on. Its memory is known only with the permission `sys=systemMemoryInfo`. */
function machine(): RunFacts["machine"] {
  const isKnown = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" }).state === "granted";
  return {
    system: `${Deno.build.os} ${Deno.build.arch}`,
    cores: navigator.hardwareConcurrency,
    ...(isKnown && { memoryBytes: Deno.systemMemoryInfo().total }),
  };
}

/** Two identities, before and now. */
type Both = readonly Identity[];

/**
 * Describes the differences between two identities, of what was named for one of them.
 *
 * @param named The identities as recorded.
 * @param implied The same with the options that follow from them.
 */
function differencesOf(named: Both, implied: Both): string[] {
  const [before, now] = named.map(asNamed), [had, has] = implied.map(asNamed);
  const own = (options: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(options).filter(([flag]) => !same(before[flag], now[flag])));
  return differencesBetween(own(had), own(has), "none");
}

/** Its options by their names on a command line. */
function asNamed({ seed, options: { trainOn, ...options } }: Identity): Record<string, unknown> {
  return asFlags({ seed, holdOut: HELD_OUT[trainOn as TrainOn ?? "train"], ...options });
}

/** The parts held out for each choice of what is learnt, in the words of `refit`'s option; undefined if none. */
const HELD_OUT: Readonly<Record<TrainOn | "train", string | undefined>> = {
  train: "validation,test",
  "all-but-test": "test",
  all: undefined,
};

/** What has changed since a run was begun: another engine, or another version of anything. */
function changesBetween(
  before: Pick<RunFacts, "backend" | "versions">,
  now: Pick<RunFacts, "backend" | "versions">,
): string[] {
  const engineOf = ({ name, device, version }: RunFacts["backend"]) => `${name} ${version} on ${device}`;
  return [
    ...(same(before.backend, now.backend)
      ? []
      : [`the engine was ${engineOf(before.backend)}, now it is ${engineOf(now.backend)}`]),
    ...Object.entries(now.versions)
      .filter(([name, version]) => (before.versions[name] ?? version) !== version)
      .map(([name, version]) => `${name} was ${before.versions[name]}, now it is ${version}`),
  ];
}

/** Another engine or version computes other last digits, so that the run would not be repeatable. */
function resumedElsewhere(record: RunRecord, what: string, strict: boolean): void {
  if (strict) {
    throw new InputError(
      `Cannot resume ${record.folder.path} with --strict: ${what}; give it what it was begun with, or leave out --strict`,
    );
  }
  record.warn(
    `Resumed elsewhere: ${what}. Numbers differ from here on in their last digits from those of a run in one piece`,
  );
}

/** Whether two values would be recorded the same, regardless of the order of their options. */
const same = (a: unknown, b: unknown) => isDeepStrictEqual(onRecord(a), onRecord(b));
const onRecord = (value: unknown) => value === undefined ? undefined : JSON.parse(JSON.stringify(value));
