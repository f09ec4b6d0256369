/**
 * The flags of the job, for the commands that take them.
 *
 * @module
 */
import type { OptionGroups } from "../../pipeline/terminal/options.ts";
import { fillFromSchema } from "../../pipeline/terminal/schema_options.ts";
import { LOSSES, lossOf } from "../train/losses/registry.ts";
import { jobShape } from "./options.ts";

/** How a run is gone about. */
export const RUN_FLAGS: OptionGroups[string] = fillFromSchema(jobShape, {
  run: {
    resume: { kind: "flag", help: "resume the run that the folder holds" },
    strict: {
      kind: "flag",
      help: "with --resume: refuse another engine or other versions than the run was begun with",
    },
    budget: {
      kind: "text",
      value: "TIME",
      help: "time that the whole job may take, as in 30m; training stops in time for it",
    },
    backend: {
      kind: "text",
      help: "compute on this engine and no other",
      fallback: "the fastest there is",
    },
    threads: { kind: "number", value: "N", help: "threads of the native engine", fallback: "all cores" },
  },
}).run;

/** The default numbers, for `--help`: `bce 1, …`. */
const NEGATIVES = LOSSES.filter((name) => lossOf(name).negatives !== "none")
  .map((name) => `${name} ${lossOf(name).defaultNegatives}`).join(", ");

/** What every training has; its defaults are those of the method. */
export const TRAINING_FLAGS: OptionGroups[string] = {
  loss: { kind: "text", help: "loss that training minimises" },
  trainNegatives: {
    kind: "number",
    value: "N",
    help: "negatives of each target, or of a batch, for the losses that compare with some items only",
    fallback: NEGATIVES,
  },
  trainDistribution: { kind: "text", help: "distribution that the negatives of training are drawn from" },
  logitAdjustment: {
    kind: "number",
    value: "TAU",
    help:
      "with --loss ce: learn log p − TAU log popularity; 1 suits protocols with popularity-drawn negatives, 0 ranking all items",
  },
  scoreRegularisation: {
    kind: "number",
    value: "LAMBDA",
    help: "with --loss bpr-max: weight of the term that keeps negatives' scores near zero",
  },
  rate: { kind: "number", value: "X", help: "learning rate of Adam" },
  schedule: {
    kind: "text",
    help: "learning rate over the epochs: constant, or down along half a cosine",
  },
  batchSize: { kind: "number", value: "B", help: "number of targets in a training step" },
  epochs: { kind: "number", value: "N", help: "maximum number of epochs" },
  patience: {
    kind: "number",
    value: "N",
    help: "number of epochs without improvement after which training stops",
  },
  metric: { kind: "text", value: "NAME", help: "validation metric that early stopping monitors" },
  protocol: {
    kind: "text",
    value: "NAME",
    help: "protocol of that metric",
    fallback: "the dataset's first, recbole",
  },
  ks: { kind: "list", value: "K,K,…", help: "cut-offs of the metrics reported" },
};

/** What is built, searched and trained. */
export const JOB_FLAGS: OptionGroups = fillFromSchema(jobShape, {
  "The network": {
    length: { kind: "number", value: "T", help: "maximum length of a history" },
    dim: { kind: "number", value: "D", help: "size of the embeddings" },
    layers: { kind: "number", value: "L", help: "number of layers in a short-term module" },
    longLayers: {
      kind: "number",
      value: "L",
      help: "number of layers in the long-term module; 0 leaves it out",
      fallback: "as many",
    },
    sequenceHidden: { kind: "number", value: "R", help: "hidden size of the sequence mixers" },
    channelHidden: { kind: "number", value: "R", help: "hidden size of the channel mixers" },
    dropout: { kind: "number", value: "P", help: "share of the inputs that a training step sets to zero" },
    score: { kind: "text", help: "similarity of a history with an item" },
    temperature: { kind: "number", value: "X", help: "with --score cosine: what the cosine is divided by" },
  },
  "The search for the short-term length": {
    search: {
      kind: "text",
      help: "how the length is found: by gradient, by one training for each length, or not at all",
    },
    short: { kind: "number", value: "K", help: "with --search none: the short-term length" },
    candidates: { kind: "list", value: "K,K,…", help: "short-term lengths to choose from" },
    relaxation: {
      kind: "text",
      help:
        "what softmax(α) weighs: the candidates' own losses, or their modules' outputs in one network (the paper)",
      fallback: "losses; outputs with --order 2",
    },
    order: {
      kind: "number",
      value: "1|2",
      help: "with --relaxation outputs: first-order or second-order approximation",
      fallback: "1",
    },
    searchEpochs: {
      kind: "number",
      value: "N",
      help: "maximum number of epochs of the search",
      fallback: "3, more on small data",
    },
    searchWarmup: { kind: "number", value: "SHARE", help: "share of the search in which α rests" },
    alphaRate: { kind: "number", value: "X", help: "learning rate of α" },
    alphaData: {
      kind: "text",
      value: "validation|SHARE",
      help: "what α learns from: the validation positives, or a held-out share of the training targets",
      fallback: "0.3",
    },
    select: {
      kind: "text",
      help:
        "which length is selected: that with the largest α (the paper), or the shortest within one standard error, or within the margin, of the best validation loss",
      fallback: "shortest-within-error; argmax with --relaxation outputs",
    },
    margin: {
      kind: "number",
      value: "SHARE",
      help: "differences below this share of the validation loss do not matter",
    },
    elimination: {
      kind: "flag",
      help:
        "drop candidates that are clearly worse, and end the search once its answer cannot change; on unless --no-elimination",
    },
    warmStart: { kind: "flag", help: "begin training with the searched weights of the selected network" },
  },
  "Training": TRAINING_FLAGS,
});
