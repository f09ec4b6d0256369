/**
 * A Spark cluster as the place where the stages of a preparation run.
 *
 * @module
 */
import type { PrepareConfig } from "../../prepare_options.ts";
import { InputError } from "../../contract/errors.ts";
import type { SourceInfo } from "../../contract/manifest.ts";
import { VERSIONS } from "../../contract/version.ts";
import { resolveInputs } from "../../inputs.ts";
import type { Context, Site } from "../../site.ts";
import { fileFacts, type Outcome, readSides, withSides, type Work } from "../../stages.ts";
import { changedFile } from "../../unchanged.ts";
import type { SparkPlace } from "../options.ts";
import { prepareOnEngine } from "../prepare.ts";
import { drawOnEngine } from "../stages/negatives.ts";
import type { ClusterFile } from "../source.ts";
import { listFiles } from "./files.ts";
import { readOnSpark, refuseUnsupported } from "./read.ts";
import { SparkRunner } from "./runner.ts";

/**
 * Does `work` with a session on a cluster.
 *
 * @throws {InputError} for options that do not go with Spark, beside what the session and the work throw.
 */
export async function onSpark<R>(
  { url, work: folder, parts }: SparkPlace,
  config: PrepareConfig,
  context: Context,
  work: (site: Site) => Promise<R>,
): Promise<R> {
  refuseElsewhere(config);
  const inputs = await resolveInputs(config, context);
  const options = { url, work: folder, parts, signal: context.signal };
  return await SparkRunner.with(options, (runner) =>
    work({
      inputs,
      versions: { ...VERSIONS, spark: runner.version },
      changed: (sources) =>
        changedSource(runner, sources, inputs.interactions.files, [inputs.items, inputs.users]),
      run: () => prepareOnSpark(runner, parts, { config, inputs, ...context }),
    }));
}

/** @throws {InputError} for options of what is only read here. */
function refuseElsewhere({ dataset, encoding = "utf-8", format, sequenceTimestamps }: PrepareConfig): void {
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

async function prepareOnSpark(runner: SparkRunner, parts: number, work: Work): Promise<Outcome> {
  const side = await readSides(work);
  const read = async () => {
    const source = await readOnSpark(runner, work.inputs.interactions);
    return { ...source, report: withSides(source.report, side) };
  };
  const frames = { items: side.items?.frame, users: side.users?.frame };
  const done = await prepareOnEngine({ read, draw: drawOnEngine }, frames, { runner, parts, ...work });
  const { schema, vocabulary, split, negatives } = done;
  return {
    ...{ vocabulary, split, negatives, rejected: schema.rejected },
    sources: [
      ...clusterFacts(done.read.files),
      ...[side.items, side.users].flatMap((table) => fileFacts(table?.sources ?? [])),
    ],
    reports: Object.values(done).map(({ report }) => report),
  };
}

/** What a manifest says of a cluster's files. */
const clusterFacts = (files: readonly ClusterFile[]): SourceInfo[] =>
  files.map(({ path, bytes, modified }) => ({ path: path.replace(/^file:\/*/, "/"), bytes, modified }));

/** What differs between a dataset's sources and what the cluster, and this machine, would read now. */
async function changedSource(
  runner: SparkRunner,
  sources: readonly SourceInfo[],
  patterns: readonly string[],
  side: readonly ({ file: string } | undefined)[],
): Promise<string | undefined> {
  const lists = [];
  for (const pattern of patterns) lists.push(...clusterFacts(await listFiles(runner, pattern)));
  const differs = lists.findIndex(({ path, bytes, modified }, i) =>
    path !== sources[i]?.path || bytes !== sources[i].bytes || modified !== sources[i].modified
  );
  if (differs >= 0) return `${lists[differs].path} changed`;
  const here = side.filter((table) => table !== undefined).map(({ file }) => file);
  return await changedFile(sources.slice(lists.length), here);
}
