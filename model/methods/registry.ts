/**
 * The methods that can be trained: one file and one line each.
 *
 * @module
 */
import { automlp } from "../automlp/method.ts";
import { enterMethod } from "../train/method.ts";
import { sasrec } from "./sasrec.ts";

enterMethod(automlp);
enterMethod(sasrec);
