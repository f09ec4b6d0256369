/**
 * Continues from learnt weights in another network or on other data.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { lossOf } from "./losses/registry.ts";
import { networkOf, withEnsemble } from "./ensemble.ts";
import type { MethodConfig } from "./method.ts";
import { methodOf } from "./methods.ts";
import { seenBiasOf } from "../seen_bias.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { TrainingSettings } from "./settings.ts";
import { featureRows, itemRows, type RowMap, userRows } from "../vocabularies.ts";

/** Changes for a {@link Search} or a {@link Training} that begins with the weights of another: options, data, and the network `C`. */
export type Changes<Options, C extends MethodConfig = MethodConfig> = Partial<Options> & {
  /** Other data. */
  dataset?: SequenceDataset;
  /** Other candidate lengths, for AutoMLP. */
  lengths?: readonly number[];
  /** Other sizes and choices of the network. */
  network?: NetworkChanges<C>;
};

/**
 * Sizes and choices that may be changed in a network like `C`: item features by name, and the number of networks.
 * Part of the {@link Changes}.
 */
export type NetworkChanges<C extends MethodConfig = MethodConfig> = {
  [K in keyof (C & MethodConfig) as K extends "method" | "items" ? never : K]?: K extends "features"
    ? readonly string[]
    : (C & MethodConfig)[K];
};

/** The options that depend on each other. */
type Dependent = Partial<Pick<TrainingSettings, "loss" | "trainNegatives">>;

/**
 * Returns the data, the network and the options after the changes. What is left out or undefined stays as it was.
 * With another loss, the number of negatives becomes that loss's default if it was the previous loss's default.
 */
export function changed<Options extends Dependent, C extends MethodConfig>(
  from: { dataset: SequenceDataset; config: C; options: Options },
  { dataset = from.dataset, lengths, network, ...given }: Changes<Options, C>,
): { dataset: SequenceDataset; config: C; options: Options } {
  const { ensemble = from.config.ensemble ?? 1, ...sizes }: NetworkChanges = network ?? {};
  const input = { ...sizes, ...(lengths && { lengths: [...lengths] }) };
  const before = withEnsemble(from.config, 1), method = methodOf(before);
  // Features are given by name; the dataset knows their details.
  const one = dataset === from.dataset && !("features" in input)
    ? method.reconfigure(before, input) as C
    : method.configure(dataset, {
      ...method.portable?.(before, from.dataset) ?? before as object,
      // A bias that was the default of the old data becomes that of the new data.
      ...(before.seenBias === seenBiasOf(from.dataset) && { seenBias: undefined }),
      ...input,
    }) as C;
  const config = withEnsemble(one, ensemble);
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: Options = { ...from.options, ...Object.fromEntries(named) },
    { loss, trainNegatives } = from.options;
  const isUsual = loss !== undefined && trainNegatives === lossOf(loss).defaultNegatives;
  if (options.loss !== loss && isUsual && given.trainNegatives === undefined) delete options.trainNegatives;
  return { dataset, config, options };
}

/** Receives the messages of a warm start on what begins from scratch. */
export type Told = Pick<Progress, "warn" | "remark">;

/** A network under training. */
export interface Trained {
  dataset: SequenceDataset;
  specs: readonly ParameterSpec[];
  state: OptimizerState;
}

/** Whether two datasets have the same numbers for the same items, targets and features. */
export const sameData = (a: SequenceDataset, b: SequenceDataset): boolean =>
  a === b || a.manifest.hash === b.manifest.hash;

/** A configuration without the values that do not affect the meaning of its weights. */
const ofWeights = (config: MethodConfig): unknown =>
  JSON.parse(JSON.stringify({ ...config, dropout: 0, targetsPerHistory: 1 }));

/** Whether the weights of one network fit the other. */
export const sameNetwork = (a: MethodConfig, b: MethodConfig): boolean =>
  isDeepStrictEqual(ofWeights(a), ofWeights(b));

/**
 * Returns the state of `to`, a fresh network, with everything of `from` that fits: tensors of the same name and
 * shape, with their moments. If the data differ, rows of items are matched by their original ids, and rows of
 * features by their values.
 *
 * @param told Gets a remark about new items, and warnings about weights that do not fit and about those that have no
 * place, except for whole groups.
 * @throws {InputError} if the datasets have no item in common.
 */
export function warmStartWeights(
  from: Trained,
  to: Trained,
  told: Told,
): OptimizerState {
  const maps = sameData(from.dataset, to.dataset) ? undefined : rowMaps(from, to, told);
  const before = new Map(from.specs.map((spec) => [spec.name, spec]));
  const groups = new Set(from.specs.map(({ group }) => group));
  const fresh: string[] = [];
  const tensors = new Map(to.specs.map((spec) => {
    const { name, group, columns } = spec, initial = to.state.tensors.get(name)!;
    const old = from.state.tensors.get(name), rows = maps?.get(name);
    const fits = old && before.get(name)?.columns === columns &&
      old.shape.every((size, i) => size === initial.shape[i] || (i === 0 && rows !== undefined));
    if (!fits) {
      if (group === undefined || groups.has(group)) fresh.push(name);
      return [name, initial];
    }
    return [name, rows ? byRows(old, initial, rows) : old];
  }));
  if (fresh.length > 0) told.warn(`These weights do not fit and start from scratch: ${fresh.join(", ")}`);
  const left = leftBehind(from.specs, to.specs);
  if (left.length > 0) {
    told.warn(`These weights have no counterpart in the new network and are left out: ${left.join(", ")}`);
  }
  return { step: from.state.step, tensors };
}

/** Parameters without a counterpart in the new network, unless it lacks their whole group, or their whole network of an ensemble. */
function leftBehind(from: readonly ParameterSpec[], to: readonly ParameterSpec[]): string[] {
  const names = new Set(to.map(({ name }) => name)), wholes = new Set(to.map(wholeOf));
  return from.filter((spec) => !names.has(spec.name) && wholes.has(wholeOf(spec))).map(({ name }) => name);
}

/** The group of a parameter, and its network in an ensemble. */
const wholeOf = ({ name, group }: ParameterSpec): string => `${networkOf(name)} ${group ?? ""}`;

/** The source row of each row of the tables, by parameter name. */
function rowMaps(from: Trained, to: Trained, told: Told): Map<string, RowMap> {
  const items = itemRows(from.dataset, to.dataset), common = items.filter((row) => row > 0).length;
  if (common === 0) {
    throw new InputError(
      `Cannot warm-start on the dataset ${to.dataset.folder}: none of its items is in ${from.dataset.folder}; train from scratch on it`,
    );
  }
  if (common < to.dataset.items) {
    const [fresh, all] = [to.dataset.items - common, to.dataset.items].map(formatCell);
    told.remark?.(`${fresh} of ${all} items are new to what was learnt, and start from scratch`);
  }
  const features = featureRows(from.dataset, to.dataset), users = userRows(from.dataset, to.dataset);
  const rowsOf = ({ rows }: ParameterSpec) => {
    if (rows === "items") return items;
    if (rows === "users") return users;
    return rows?.startsWith("feature:") ? features.get(rows.slice("feature:".length)) : undefined;
  };
  return new Map(
    to.specs.map((spec) => [spec.name, rowsOf(spec)] as const).filter(([, rows]) => rows) as [
      string,
      RowMap,
    ][],
  );
}

type Tensor = { shape: number[]; values: Float32Array; first: Float32Array; second: Float32Array };

/** The initial tensor, with rows of the old one in the places that have a counterpart. */
function byRows(old: Tensor, initial: Tensor, rows: RowMap): Tensor {
  const width = initial.shape[1];
  const fill = (target: Float32Array, source: Float32Array) => {
    const result = target.slice();
    rows.forEach((from, to) => {
      if (from >= 0) result.set(source.subarray(from * width, (from + 1) * width), to * width);
    });
    return result;
  };
  return {
    shape: initial.shape,
    values: fill(initial.values, old.values),
    first: fill(initial.first, old.first),
    second: fill(initial.second, old.second),
  };
}
