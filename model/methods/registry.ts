/**
 * The methods that can be trained: one file and one line each.
 *
 * @module
 */
import type { Misdescribed, Same } from "../../pipeline/contract/options/describes.ts";
import { automlp } from "./automlp/method.ts";
import type { NeuralMethod } from "../train/method.ts";
import { enterMethod } from "../train/methods.ts";
import { bert4rec } from "./bert4rec.ts";
import { fdsa } from "./fdsa.ts";
import { fpmc } from "./fpmc.ts";
import { gru4rec } from "./gru4rec.ts";
import { gru4recPlus } from "./gru4rec_plus.ts";
import { lstmLstm } from "./lstm_lstm.ts";
import { nextitnet } from "./nextitnet.ts";
import type { MethodName, MethodOptions } from "./method_options.ts";
import { sasrec } from "./sasrec.ts";

const NEURAL = [bert4rec, fdsa, fpmc, gru4rec, gru4recPlus, lstmLstm, nextitnet, sasrec];

/** Descriptions of the methods, except AutoMLP, whose length is searched first. */
export const DESCRIPTIONS = NEURAL.map(({ description }) => description);

type Described = (typeof DESCRIPTIONS)[number];
/** The options of these methods, by name. */
type Options = Omit<MethodOptions, "automlp">;
type Wrong = Misdescribed<{ [D in Described as D["name"]]: D["shape"] }, Options>;
true satisfies Same<MethodName, "automlp" | Described["name"]>;
true satisfies Same<MethodName, keyof MethodOptions>;
true satisfies [Wrong] extends [never] ? true : Wrong;

/**
 * The methods that can be trained, by name; AutoMLP first.
 *
 * @example
 * ```ts
 * import { METHODS, planOf } from "automlp";
 *
 * const plan = planOf({ name: "all", methods: METHODS, seeds: [1], common: { epochs: 5 } });
 * console.log(plan.variants.map(({ label }) => label));
 * ```
 */
export const METHODS: readonly MethodName[] = ["automlp", ...DESCRIPTIONS.map(({ name }) => name)];

enterMethod(automlp);
NEURAL.forEach((method) => enterMethod(method as NeuralMethod));
