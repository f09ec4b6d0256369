/**
 * Begins a run, or resumes it: whether it is the same, and what has changed around it.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { entryAt } from "../../pipeline/contract/files/readable.ts";
import { folderOnDisk } from "../../pipeline/contract/machine/package_folder.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultFusion, withDataDefaults } from "../data_defaults.ts";
import { LOSSES, lossOf } from "../train/losses/registry.ts";
import type { JobOptions } from "./job_options.ts";
import { isAutomlp } from "./options.ts";
import { type Identity, identityOf, identityOfJob, recorded, RENEWED, unknownOptions } from "./recorded.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { isWhole } from "../records/epochs.ts";
import type { RunConfig, RunFacts, TrainOn } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { asFlags, begunByAnother, begunOtherwise, differencesBetween, refuseRunIn } from "./begun.ts";
import type { JobToBegin } from "./phases/phase.ts";
import { RunRecord } from "./record.ts";
import { isDeepStrictEqual } from "node:util";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { checkModelVersion } from "../runs/model_files.ts";
import type { PhaseCost } from "./cost.ts";

/**
 * Returns the commit of the git checkout that contains a folder; undefined if there is none, or it may not be read. Whether files differ
 * from the commit is not checked.
 *
 * @param folder Default: the working directory.
 * @returns 40 hexadecimal digits, or 64 if the repository uses SHA-256.
 */
export function gitCommit(folder = "."): string | undefined {
  if (!mayRead(folder)) return undefined;
  const git = gitFolder(folder);
  const head = git && readIfAllowed(join(git, "HEAD"))?.trim();
  if (!head) return undefined;
  const [, ref] = /^ref: (refs\/.+)$/.exec(head) ?? [];
  return commitIn(ref === undefined ? head : refIn(git, ref));
}

/**
 * Returns the commit of automlp's own clone, if it runs from one; undefined for a package, even one inside somebody's checkout: its version
 * identifies it.
 *
 * @param folder Default: the folder of this program.
 */
export function programCommit(folder = folderOnDisk()): string | undefined {
  if (folder === undefined || !mayRead(folder) || !entryAt(join(folder, ".git"))) return undefined;
  return gitCommit(folder);
}

const commitIn = (text = ""): string | undefined => /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.exec(text.trim())?.[0];

/** The git folder of the innermost checkout. In a worktree or submodule, a file there says where it is. */
function gitFolder(folder: string): string | undefined {
  for (let at = resolve(folder);; at = dirname(at)) {
    const place = join(at, ".git");
    if (readIfAllowed(join(place, "HEAD")) !== undefined) return place;
    const [, elsewhere] = /^gitdir: (.+)/.exec(readIfAllowed(place) ?? "") ?? [];
    if (elsewhere) return resolve(at, elsewhere);
    if (dirname(at) === at) return undefined;
  }
}

/** Reads a branch from its own file or from the list of packed refs; those of a worktree are in the repository that it belongs to. */
function refIn(git: string, ref: string): string | undefined {
  const common = resolve(git, readIfAllowed(join(git, "commondir"))?.trim() ?? ".");
  const packed = () =>
    readIfAllowed(join(common, "packed-refs"))?.split("\n").find((line) => line.endsWith(` ${ref}`))?.split(
      " ",
    )[0];
  return readIfAllowed(join(common, ref)) ?? packed();
}

function readIfAllowed(path: string): string | undefined {
  if (!mayRead(path)) return undefined;
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined; // not there, a folder, not ours to read: then it is not known
  }
}

const mayRead = (path: string) => Deno.permissions.querySync({ name: "read", path }).state === "granted";

/** An identity with these options as they are. What {@link Identity} of a run on record lacks, its job's options lack, too. */
export function withImplied(
  { options: given, ...identity }: Identity,
  dataset: SequenceDataset,
  job: JobOptions,
): Identity {
  const options = given as Partial<JobOptions>, { layers, dim } = options;
  const loss = LOSSES.find((name) => name === options.loss); // a later version may have others
  const trainNegatives = options.trainNegatives ?? (loss && lossOf(loss).defaultNegatives);
  if (!isAutomlp(job)) return { ...identity, options: { ...given, trainNegatives } };
  const features = options.embeddedFeatures ?? dataset.features().map(({ name }) => name);
  return {
    ...identity,
    options: {
      ...withDataDefaults(dataset, options),
      fusion: options.fusion ?? defaultFusion(dataset),
      longLayers: options.longLayers ?? layers,
      channelHidden: options.channelHidden ?? dim,
      embeddedFeatures: features.toSorted(),
      trainNegatives,
    },
  };
}

/** @throws {InputError} if a training is given fewer epochs than it has done, as these cannot be undone. */
export function refuseFewerEpochs(run: RunFolder, { epochs }: Pick<JobOptions, "epochs">): void {
  if (run.readRun()?.config.training.epochs === epochs) return;
  const done = run.read("trainHistory").filter(isWhole).length;
  if (epochs >= done) return;
  throw new InputError(
    `Cannot resume ${run.path} with --epochs ${epochs}: ${done} are done already; give --epochs ${done} or more`,
  );
}

/** As it is compared; cut-offs in no order. */
function compared(options: Record<string, unknown>): Record<string, unknown> {
  const { ks } = options;
  return {
    ...Object.fromEntries(RENEWED.map((key) => [key, options[key]])),
    ...(Array.isArray(ks) && { ks: ks.toSorted((a, b) => a - b) }),
  };
}

/** Says which changed options a run continues with, and records them; also says which budget it is given now. */
export function sayTakenAnew(record: RunRecord, before: RunFacts, work: JobToBegin): void {
  const { options, method } = work, { config, sessions } = before;
  const had = compared(config.training), now = compared({ ...options });
  const differing = RENEWED.filter((key) =>
    had[key] !== undefined && now[key] !== undefined && String(had[key]) !== String(now[key])
  );
  if (differing.length > 0) record.changed();
  const flags = (values: Record<string, unknown>, budget: number | undefined) =>
    asFlags({
      ...Object.fromEntries(differing.map((key) => [key, values[key]])),
      ...(options.budget !== undefined && { budget }),
    });
  const differences = differencesBetween(
    flags(had, sessions.at(-1)?.budget),
    flags(now, options.budget),
    "none",
  );
  if (differences.length === 0) return;
  contextOf(work).progress.remark?.(
    `${method.title} is resumed with other options than before: ${differences.join("; ")}`,
  );
}

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
  const inOrder = Object.fromEntries(Object.entries(options).toSorted(([a], [b]) => a < b ? -1 : 1));
  return asFlags({ seed, holdOut: HELD_OUT[trainOn as TrainOn ?? "train"], ...inOrder });
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
      `Cannot resume ${record.folder.path} strictly: ${what}; give it what it was begun with, or leave out strict`,
    );
  }
  record.warn(
    `Resumed elsewhere: ${what}. Numbers differ from here on in their last digits from those of a run in one piece`,
  );
}

/** Whether two values would be recorded the same, regardless of the order of their options. */
const same = (a: unknown, b: unknown) => isDeepStrictEqual(onRecord(a), onRecord(b));
const onRecord = (value: unknown) => value === undefined ? undefined : JSON.parse(JSON.stringify(value));
