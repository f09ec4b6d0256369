/**
 * The result of an evaluation.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { putFile } from "../../pipeline/contract/files/checksums.ts";
import { claimFile } from "../../pipeline/contract/files/claim.ts";
import { absolutePath } from "../../pipeline/contract/files/readable.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { byProtocol } from "./by_protocol.ts";
import type {
  Estimate,
  EvaluationFacts,
  Exposure,
  Figure,
  MetricName,
  RankingProtocol,
} from "../records/evaluation.ts";
import { evaluationHtml, evaluationText } from "../views/evaluation.ts";
import { estimate, groupMeans, metricValues } from "./metrics.ts";
import { metricsAt, parseMetric } from "../records/evaluation.ts";
import type { Positives } from "./positives.ts";

/** The parts that an {@link Evaluation} is made of. */
export interface EvaluationParts
  extends
    Omit<EvaluationFacts, "dataset" | "users" | "positives" | "metrics" | "standardErrors" | "unadjusted"> {
  dataset: SequenceDataset;
  positives: Positives;
  /** Ranks by protocol, each [positives], 1 = best. */
  ranks: Map<RankingProtocol, Uint32Array>;
  /** The same for the unadjusted scores. */
  unadjusted: Map<RankingProtocol, Uint32Array>;
}

/**
 * The result of `evaluate`. Shows itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { evaluate, popularity, prepare } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const evaluation = await evaluate(await popularity.fit(dataset), dataset);
 * console.log(evaluation, evaluation.metrics.full["NDCG@10"], evaluation.standardErrors.full["NDCG@10"]);
 * ```
 */
export class Evaluation extends Shown implements EvaluationFacts {
  /** Name of the method in tables and comparisons. */
  readonly method: string;
  readonly parameters: number;
  /** The part whose positives were ranked. */
  readonly split: "validation" | "test";
  readonly dataset: { name: string; hash: string; seed: number };
  readonly seed?: number;
  readonly ks: readonly number[];
  readonly keepSeen: boolean;
  readonly users: number;
  readonly positives: number;
  readonly logitAdjustment: EvaluationFacts["logitAdjustment"];
  readonly tauFrom: EvaluationFacts["tauFrom"];
  readonly metrics: EvaluationFacts["metrics"];
  readonly standardErrors: EvaluationFacts["standardErrors"];
  readonly unadjusted: EvaluationFacts["unadjusted"];
  readonly exposure?: Exposure;
  readonly seconds: number;
  readonly #parts: EvaluationParts;
  #perUser?: DataFrame;

  /**
   * Called by `evaluate`.
   *
   * @internal
   */
  constructor(parts: EvaluationParts) {
    super();
    const { name, hash, seed } = parts.dataset.manifest;
    this.#parts = parts;
    this.method = parts.method;
    this.parameters = parts.parameters;
    this.split = parts.split;
    this.dataset = { name, hash, seed };
    this.seed = parts.seed;
    this.ks = parts.ks;
    this.keepSeen = parts.keepSeen;
    this.logitAdjustment = parts.logitAdjustment;
    this.tauFrom = parts.tauFrom;
    this.users = parts.positives.groups.length - 1;
    this.positives = parts.positives.targets.length;
    this.exposure = parts.exposure;
    this.seconds = parts.seconds;
    const of = (protocol: RankingProtocol) =>
      metricsAt(parts.ks).map(({ name }) => ({ name, ...estimate(this.userValues(protocol, name)) }));
    const all = new Map(this.protocols.map((protocol) => [protocol, of(protocol)]));
    const each = (key: keyof Estimate) =>
      byProtocol(
        this.protocols,
        (protocol) =>
          Object.fromEntries(
            all.get(protocol)!.flatMap(({ name, [key]: value }) =>
              value === undefined ? [] : [[name, value]]
            ),
          ),
      );
    this.metrics = each("mean");
    this.standardErrors = each("standardError");
    this.unadjusted = byProtocol(
      this.protocols.filter((protocol) => this.logitAdjustment[protocol] !== 0),
      (protocol) => {
        const plain = parts.unadjusted.get(protocol)!, { groups } = parts.positives;
        return Object.fromEntries(
          metricsAt(parts.ks).map((metric) => [
            metric.name,
            estimate(groupMeans(metricValues(metric, plain), groups)).mean,
          ]),
        );
      },
    );
  }

  /** The protocols that were evaluated. */
  get protocols(): RankingProtocol[] {
    return [...this.#parts.ranks.keys()];
  }

  /** The ranks of the targets by a protocol and its τ, [positives], 1 = best, ordered by user, then time. */
  ranks(protocol: RankingProtocol): Uint32Array {
    const ranks = this.#parts.ranks.get(protocol);
    if (!ranks) {
      throw new InputError(
        `Cannot give the ranks by protocol "${protocol}": ${this.method} was evaluated by ${
          this.protocols.join(", ")
        }${didYouMean(protocol, this.protocols)}`,
      );
    }
    return ranks;
  }

  /** Each user's value of a metric at any cut-off, [users], in the order of user ids; with several positives, their mean. */
  userValues(protocol: RankingProtocol, metric: MetricName): Float64Array {
    return groupMeans(metricValues(parseMetric(metric), this.ranks(protocol)), this.#parts.positives.groups);
  }

  /** All metrics, each with the facts that must be reported with it. */
  figures(): Figure[] {
    return this.protocols.flatMap((protocol) =>
      metricsAt(this.ks).map(({ name }) => ({
        method: this.method,
        protocol,
        split: this.split,
        metric: name,
        logitAdjustment: this.logitAdjustment[protocol],
        mean: this.metrics[protocol][name],
        ...(name in this.standardErrors[protocol] && { standardError: this.standardErrors[protocol][name] }),
        users: this.users,
        datasetHash: this.dataset.hash,
        datasetSeed: this.dataset.seed,
        ...(this.seed !== undefined && { seed: this.seed }),
      }))
    );
  }

  /**
   * One row for each protocol and positive (with leave-one-out: user), ordered by protocol, then user, then time:
   * `user` and `target` (original ids), `split`, `protocol`, `rank`, and a column for each metric.
   */
  get perUser(): DataFrame {
    return this.#perUser ??= pl.concat(this.protocols.map((protocol) => this.#rowsOf(protocol)));
  }

  #rowsOf(protocol: RankingProtocol): DataFrame {
    const { dataset, positives, split, ks } = this.#parts, ranks = this.ranks(protocol);
    const idsOf = (table: "users" | "items", key: string, as: string) =>
      dataset.table(table).select(pl.col(key), pl.col("id").alias(as)).lazy();
    const metrics = metricsAt(ks);
    return pl.DataFrame([
      pl.Series("dense user", positives.users),
      pl.Series("dense item", positives.targets),
      pl.Series("rank", ranks),
      ...metrics.map((metric) => pl.Series(metric.name, metricValues(metric, ranks))),
    ]).lazy()
      .join(idsOf("users", "user", "original user"), {
        leftOn: "dense user",
        rightOn: "user",
        how: "left",
        maintainOrder: "left",
      })
      .join(idsOf("items", "item", "original item"), {
        leftOn: "dense item",
        rightOn: "item",
        how: "left",
        maintainOrder: "left",
      })
      .select(
        pl.col("original user").alias("user"),
        pl.col("original item").alias("target"),
        pl.lit(split).alias("split"),
        pl.lit(protocol).alias("protocol"),
        pl.col("rank"),
        ...metrics.map(({ name }) => pl.col(name)),
      ).collectSync();
  }

  /**
   * Writes {@link Evaluation.perUser} as a Parquet file, completely or not at all.
   *
   * @param options.overwrite Whether to replace a file that does not hold ranks.
   * @throws {InputError} if the file cannot be written, or another file is there.
   */
  async writePerUser(path: string, options: { overwrite?: boolean } = {}): Promise<void> {
    const { overwrite } = options;
    const place = claimFile(path, { what: "the ranks", isOurs: holdsRanks, overwrite, recorded: true });
    await putFile(place, async (part) => {
      await this.perUser.lazy().sinkParquet(part, { compression: "zstd" }).collect();
    });
  }

  /** Everything except the ranks, as plain data. */
  toJSON(): EvaluationFacts {
    return { ...this };
  }

  /** The evaluation as text, for a terminal. */
  toString(): string {
    return evaluationText(this);
  }

  /** The evaluation as an HTML fragment for a notebook. */
  toHtml(): string {
    return evaluationHtml(this);
  }
}

/** Whether a file was written by {@link Evaluation.writePerUser}. */
function holdsRanks(path: string): boolean {
  const { columns } = pl.scanParquet(absolutePath(path), { glob: false });
  return ["user", "target", "split", "protocol", "rank"].every((column) => columns.includes(column));
}
