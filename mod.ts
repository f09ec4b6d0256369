/**
 * automlp: sequential recommendation with multilayer perceptrons, for Deno. It consists of the data pipeline from raw interactions to
 * a frozen dataset, and of AutoMLP: differentiable search for the short-term length, retraining and evaluation.
 *
 * @example
 * ```ts
 * import { evaluate, prepare, recommend, train } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const model = await train("sasrec", dataset, { epochs: 1 });
 * console.log(await evaluate(model, dataset));
 * console.log(await recommend(model, dataset, { users: ["u0001"], k: 5 }));
 * ```
 *
 * @module
 */
export * from "./pipeline/notebook/mod.ts"; // first, so that in a notebook kernel its session begins before any work
export * from "./pipeline/mod.ts";
export * from "./model/mod.ts";
export { automlp, type AutomlpInput, type AutomlpRun } from "./model/whole_job/automlp.ts";
export { AutoMLP, type AutomlpOptions, type FitOptions } from "./model/whole_job/estimator.ts";
