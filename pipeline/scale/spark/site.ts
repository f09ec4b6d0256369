/**
 * Runs the stages of a preparation on a Spark cluster.
 *
 * @module
 */
import type { SourceInfo } from "../../contract/dataset/manifest.ts";
import { InputError } from "../../contract/errors.ts";
import { VERSIONS } from "../../contract/version.ts";
import { withoutSecrets } from "../../display/text/secrets.ts";
import { type Inputs, resolveInputs } from "../../inputs.ts";
import type { PrepareConfig } from "../../prepare_options.ts";
import { Scratch } from "../../scratch.ts";
import {
  type Context,
  fileFacts,
  knownOf,
  type MemoryWork,
  type Outcome,
  outcomeOf,
  readSides,
  type Sides,
  type Site,
  withSides,
  type Work,
} from "../../stages.ts";
import { changedFile } from "../../unchanged.ts";
import type { ClusterFile, Runner } from "../engine.ts";
import type { SparkPlace } from "../options.ts";
import { prepareOnEngine } from "../prepare.ts";
import { arrangeInParts } from "../stages/split.ts";
import { KeptWork } from "./kept_work.ts";
import { listSources, readOnSpark, refuseUnsupported } from "./read.ts";
import { type SparkOptions, SparkRunner } from "./runner.ts";
import { isTable } from "./typed.ts";

/**
 * Does `work` with a session on a cluster.
 *
 * @throws {InputError} for options that do not go with Spark, in addition to what the session and the work throw.
 */
export async function onSpark<R>(
  { url, work: folder, parts }: SparkPlace,
  config: PrepareConfig,
  { rowsAtOnce, ...context }: Context & Pick<SparkOptions, "rowsAtOnce">,
  work: (site: Site) => Promise<R>,
): Promise<R> {
  refuseElsewhere(config);
  const inputs = await resolveInputs(config, context);
  const options = { url, work: folder, parts, rowsAtOnce, signal: context.signal };
  return await SparkRunner.with(options, async (runner) => {
    using kept = new KeptWork(runner);
    const versions = { ...VERSIONS, spark: runner.version };
    let listed: Promise<ClusterFile[][]> | undefined;
    const list = () => listed ??= listSources(runner, inputs.interactions);
    try {
      const done = await work({
        inputs,
        versions,
        changed: (sources) => list().then((now) => changedSource(sources, now.flat(), sideFiles(inputs))),
        run: async () => {
          const side = await readSides({ inputs, ...context }), files = await list();
          await kept.begin({
            out: config.out,
            work: wholeWork({ config, inputs, parts, versions, side, files }),
            anew: config.force,
            progress: context.progress,
          });
          const given = { config, inputs, ...context };
          return await Scratch.during(
            config,
            sideFiles(inputs),
            (room) => prepareOnSpark(kept, parts, { ...side, files }, { ...given, room }),
          );
        },
      });
      await kept.end();
      return done;
    } catch (error) {
      throw await kept.afterError(error);
    }
  });
}

/** Returns the files that are read on this machine; the interactions are where the cluster sees them. */
const sideFiles = ({ items, users }: Inputs): string[] =>
  [items, users].flatMap((table) => table === undefined ? [] : [table.file]);

/** Describes everything that determines the result: options, versions, and files as the cluster and this machine see them. */
function wholeWork({ config, inputs, parts, versions, side, files }: Pick<Work, "config" | "inputs"> & {
  parts: number;
  versions: Record<string, string>;
  side: Sides;
  files: ClusterFile[][];
}): string {
  const sides = [side.items, side.users].map((table) => fileFacts(table?.sources ?? []));
  const { force: _, overwrite: __, ...options } = config;
  return JSON.stringify([options, inputs.interactions, parts, versions, files, sides]);
}

/**
 * Refuses options for data that can only be read on this machine, and tables whose rows would need an order.
 *
 * @throws {InputError} for such options.
 */
function refuseElsewhere(
  { data = [], dataset, encoding = "utf-8", format, sequenceTimestamps, ties }: PrepareConfig,
): void {
  const table = data.find(isTable);
  if (table !== undefined && ties !== "item") {
    throw new InputError(
      `Cannot order interactions of ${table} at the same time: the rows of a table have no order; say --ties item`,
    );
  }
  if (dataset !== undefined) {
    throw new InputError(
      "Option --dataset does not go with --engine spark: known data sets fit this machine; name files with --data",
    );
  }
  if (encoding !== "utf-8") {
    throw new InputError(
      `Cannot read ${encoding} with --engine spark: convert the files to UTF-8, as with iconv`,
    );
  }
  refuseUnsupported(sequenceTimestamps === undefined ? format : "sequences");
}

async function prepareOnSpark(
  runner: Runner,
  parts: number,
  { files, ...side }: Sides & { files: ClusterFile[][] },
  work: MemoryWork,
): Promise<Outcome> {
  const read = async () => {
    const source = await readOnSpark(runner, work.inputs.interactions, files);
    return { ...source, report: withSides(source.report, side) };
  };
  const { room } = work, own = { read, arrange: arrangeInParts(room), room };
  const done = await prepareOnEngine(own, knownOf(side), { runner, parts, ...work });
  return outcomeOf(done, clusterFacts(done.read.files), side);
}

/** Returns a manifest's entries for files on a cluster. */
const clusterFacts = (files: readonly ClusterFile[]): SourceInfo[] =>
  files.map(({ path, ...facts }) => ({ path: withoutSecrets(path.replace(/^file:\/*/, "/")), ...facts }));

/** Finds a difference between a dataset's sources and what the cluster and this machine would read now. */
async function changedSource(
  sources: readonly SourceInfo[],
  now: readonly ClusterFile[],
  side: readonly string[],
): Promise<string | undefined> {
  const lists = clusterFacts(now);
  const keys = ["path", "bytes", "modified", "digest"] as const;
  const differs = lists.findIndex((now, i) => keys.some((key) => now[key] !== sources[i]?.[key]));
  if (differs >= 0) return `${lists[differs].path} changed`;
  return await changedFile(sources.slice(lists.length), side);
}
