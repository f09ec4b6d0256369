/**
 * Several networks as one recommender.
 *
 * @module
 */
import { line } from "../../pipeline/display/cell/fragment.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { numbersIn } from "../backend/tensor.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Histories } from "../recommender.ts";
import type { MethodConfig, Model } from "./method.ts";
import type { ItemVectors } from "./vectors.ts";

/**
 * Scores are the means of the networks' scores. They rank items by the mean of log p, because a network's scores
 * differ from log p by the same amount for all items. Each score is the product of two vectors, and so is their mean:
 * that of the networks' concatenated vectors.
 */
export class EnsembleModel extends Shown implements Model {
  readonly name: string;
  readonly items: number;
  readonly length?: number;
  readonly parameters: number;
  keepSeen?: boolean;

  /** @param networks Networks that differ only in their weights. */
  constructor(
    readonly config: MethodConfig,
    readonly networks: readonly Model[],
    readonly specs: readonly ParameterSpec[],
  ) {
    super();
    const [{ name, items, length, keepSeen }] = networks;
    this.name = name;
    this.items = items;
    this.length = length;
    this.keepSeen = keepSeen;
    this.parameters = numbersIn(specs);
  }

  async score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    const [first, ...others] = this.networks, share = 1 / this.networks.length;
    const mean = await first.score(histories, candidates); // changed in place: with many items it is large
    for (let i = 0; i < mean.length; i++) mean[i] *= share;
    for (const network of others) {
      const scores = await network.score(histories, candidates);
      for (let i = 0; i < mean.length; i++) mean[i] += scores[i] * share;
    }
    return mean;
  }

  async itemVectors(): Promise<ItemVectors> {
    const all: ItemVectors[] = [];
    for (const network of this.networks) all.push(await network.itemVectors());
    const { values, size } = inARow(all, this.items + 1), biases = all.flatMap(({ biases = [] }) => [biases]);
    if (biases.every(({ length }) => length === 0)) return { size, values };
    const mean = Float32Array.from(
      biases[0],
      (_, item) => biases.reduce((sum, of) => sum + of[item], 0) / all.length,
    );
    return { size, values, biases: mean };
  }

  async historyVectors(histories: Histories): Promise<Float32Array> {
    const n = histories.starts.length, all: { size: number; values: Float32Array }[] = [];
    for (const network of this.networks) {
      const values = await network.historyVectors(histories);
      all.push({ size: values.length / Math.max(n, 1), values });
    }
    return inARow(all, n).values.map((number) => number / all.length);
  }

  /** The weights, copied: name → values. */
  values(): Map<string, Float32Array> {
    const own = this.networks.map((network) => network.values());
    return new Map(
      this.specs.map(({ name }) => {
        const [, network, path] = /^network\.(\d+)\.(.*)$/.exec(name)!;
        return [name, own[Number(network)].get(path)!];
      }),
    );
  }

  refresh(): void {
    for (const network of this.networks) network.refresh();
  }

  get #says(): string {
    return `${this.networks.length} networks, whose scores are averaged: ${
      formatCell(this.parameters)
    } parameters. Each of them:`;
  }

  /** The model as text, for a terminal. */
  toString(): string {
    return `${this.#says}\n\n${this.networks[0]}`;
  }

  /** The model as an HTML fragment for a notebook. */
  toHtml(): string {
    return line(this.#says) + this.networks[0].toHtml();
  }

  /** What `JSON.stringify` writes: everything except the weights. */
  toJSON(): Pick<EnsembleModel, "name" | "config" | "parameters" | "specs"> {
    const { name, config, parameters, specs } = this;
    return { name, config, parameters, specs };
  }
}

/** Concatenates vectors: [n, size₁ + size₂ + …]. */
function inARow(
  all: readonly { size: number; values: Float32Array }[],
  n: number,
): { size: number; values: Float32Array } {
  const size = all.reduce((sum, one) => sum + one.size, 0), values = new Float32Array(n * size);
  let column = 0;
  for (const { size: own, values: vectors } of all) {
    for (let row = 0; row < n; row++) {
      values.set(vectors.subarray(row * own, (row + 1) * own), row * size + column);
    }
    column += own;
  }
  return { size, values };
}
