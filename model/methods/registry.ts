/**
 * The methods that can be trained: one file and one line each.
 *
 * @module
 */
import { automlp } from "../automlp/method.ts";
import { enterMethod } from "../train/method.ts";
import { sasrec } from "./sasrec.ts";

const METHODS = [sasrec];

/** What each says of itself; AutoMLP, whose length is searched first, is not among them. */
export const DESCRIPTIONS = METHODS.map(({ description }) => description);

enterMethod(automlp);
METHODS.forEach((method) => enterMethod(method));
