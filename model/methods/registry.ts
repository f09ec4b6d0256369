/**
 * The methods that can be trained: one file and one line each.
 *
 * @module
 */
import { automlp } from "../automlp/method.ts";
import { enterMethod, type NeuralMethod } from "../train/method.ts";
import { gru4rec } from "./gru4rec.ts";
import { sasrec } from "./sasrec.ts";

const METHODS = [gru4rec, sasrec];

/** What each says of itself; AutoMLP, whose length is searched first, is not among them. */
export const DESCRIPTIONS = METHODS.map(({ description }) => description);

enterMethod(automlp);
METHODS.forEach((method) => enterMethod(method as NeuralMethod));
