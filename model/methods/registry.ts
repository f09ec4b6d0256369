/**
 * The methods that can be trained: one file and one line each.
 *
 * @module
 */
import { automlp } from "../automlp/method.ts";
import { enterMethod, type NeuralMethod } from "../train/method.ts";
import { bert4rec } from "./bert4rec.ts";
import { fdsa } from "./fdsa.ts";
import { fpmc } from "./fpmc.ts";
import { gru4rec } from "./gru4rec.ts";
import { gru4recPlus } from "./gru4rec_plus.ts";
import { lstmLstm } from "./lstm_lstm.ts";
import { nextitnet } from "./nextitnet.ts";
import { sasrec } from "./sasrec.ts";

const METHODS = [bert4rec, fdsa, fpmc, gru4rec, gru4recPlus, lstmLstm, nextitnet, sasrec];

/** What each says of itself; AutoMLP, whose length is searched first, is not among them. */
export const DESCRIPTIONS = METHODS.map(({ description }) => description);

enterMethod(automlp);
METHODS.forEach((method) => enterMethod(method as NeuralMethod));
