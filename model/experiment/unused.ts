/**
 * Options that have no effect in a job.
 *
 * @module
 */
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { isAutomlp, recordedShape } from "./options.ts";
import type { JobOptions } from "./job_options.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";

/** The part of a network's configuration that says whether it embeds features of items. */
type Embedding = Pick<NetworkConfig, "features">;

/** Options that have an effect only together with another. */
interface Companion {
  names: readonly (keyof JobOptions)[];
  /** The option that decides. */
  by: "search" | "score";
  fits(options: JobOptions): boolean;
  /** What it goes with. */
  with: string;
}

const COMPANIONS: readonly Companion[] = [
  {
    // An exhaustive search always selects the length that is best on validation.
    names: [
      ...[
        "relaxation",
        "order",
        "searchEpochs",
        "searchWarmup",
        "searchTargets",
        "alphaRate",
        "alphaData",
      ] as const,
      ...["elimination", "select", "margin"] as const,
    ],
    by: "search",
    fits: ({ search }) => search === "darts",
    with: "--search darts",
  },
  { names: ["temperature"], by: "score", fits: ({ score }) => score === "cosine", with: "--score cosine" },
];

/**
 * Returns remarks on given options that have no effect alongside the others.
 *
 * @param named The options that the caller named now; there are no remarks on those of a preset or a run on record.
 */
export function unusedOptions(options: JobOptions, named: object, { features }: Embedding): string[] {
  if (!isAutomlp(options)) return [];
  const besideOthers = COMPANIONS.filter(({ fits }) => !fits(options)).flatMap((
    { names, by, with: companion },
  ) =>
    names.filter((name) => name in named && options[name] !== usual(name)).map((name) =>
      `${asFlag(name, options[name])} changes nothing with ${
        decidedBy(by, options)
      }: it goes with ${companion}`
    )
  );
  const isNothingFused = "fusion" in named && features.length === 0;
  return [
    ...besideOthers,
    ...isNothingFused
      ? [`${asFlag("fusion", options.fusion)} changes nothing: no features of items are embedded`]
      : [],
  ];
}

/** The option that decides, as it was given: a job that starts from a run searches nothing. */
const decidedBy = (by: Companion["by"], options: JobOptions): string =>
  by === "search" && options.startFrom !== undefined ? "--start-from" : `--${by} ${options[by]}`;

/** The default value of an option. */
const usual = (name: keyof JobOptions): unknown => recordedShape[name].parse(undefined);

/** An option as on a command line. */
function asFlag(name: string, value: unknown): string {
  return value === false ? `--no-${toFlag(name)}` : `--${toFlag(name)} ${value}`;
}
