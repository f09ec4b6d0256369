/**
 * Sizes and choices of each method's network, as types. Their checks, defaults and help are the `shape` in the method's file; `registry.ts`
 * makes the compiler compare both.
 *
 * @module
 */
import type { DatasetNetworkInput } from "./automlp/method.ts";
import type { NetworkConfig } from "./automlp/config.ts";
import type { MethodConfig } from "../train/method.ts";

/** Sizes that all networks have. Part of the options of {@link train}. */
export interface SequenceOptions {
  /** T: the maximum length of a history. Default: 50, or 10 or 20 if 95 % of the histories are no longer than that. */
  length?: number;
  /** D: the size of an item's vector. Default: 128. */
  dim?: number;
  /**
   * Dropout: the share of the inputs that a training step sets to zero, from 0 to below 1. Default: 0.2, more if items have few
   * interactions.
   */
  dropout?: number;
  /** Number added to the score of an item that the user has had before. Default: set by how rarely users repeat an item. */
  seenBias?: number;
}

/** Options of networks that only look back. Part of the options of {@link train}. */
export interface CausalOptions {
  /**
   * What training predicts: with `each`, the next item at every position of a sequence at once; with `last`, each item separately, as the
   * last one after everything before it, which takes far longer. Default: `each`.
   */
  examples?: "each" | "last";
}

/** Sizes and choices of BERT4Rec's network: options of {@link train} with the method `bert4rec`. */
export interface Bert4recOptions extends SequenceOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Number of attention heads; `dim` must be a multiple of it. Default: 2. */
  heads?: number;
  /** Share of a sequence that training hides and predicts; above 0 and below 1. Default: 0.2. */
  hidden?: number;
}

/** Sizes and choices of FDSA's network: options of {@link train} with the method `fdsa`. It needs item features. */
export interface FdsaOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Number of attention heads; `dim` must be a multiple of it. Default: 2. */
  heads?: number;
}

/** Sizes and choices of FPMC: options of {@link train} with the method `fpmc`. */
export interface FpmcOptions extends SequenceOptions, CausalOptions {}

/** Sizes and choices of GRU4Rec's network: options of {@link train} with the method `gru4rec`. */
export interface Gru4recOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 1. */
  layers?: number;
  /** Size of the recurrent state. Default: 128. */
  hidden?: number;
  /** Whether the items' vectors serve as both input and output; if not, the output has its own table. Default: true. */
  tied?: boolean;
  /** Whether each item has its own bias, which is added to its scores. Default: false. */
  itemBias?: boolean;
}

/** Sizes and choices of GRU4Rec+'s network: options of {@link train} with the method `gru4rec-plus`. It needs item features. */
export interface Gru4recPlusOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 1. */
  layers?: number;
  /** Size of each recurrent state. Default: 128. */
  hidden?: number;
}

/** Sizes and choices of LSTM-LSTM's network: options of {@link train} with the method `lstm-lstm`. */
export interface LstmLstmOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 1. */
  layers?: number;
  /** Size of each recurrent state. Default: 64. */
  hidden?: number;
  /** Number of newest interactions that the short-term network sees, at most `length`. Default: 5. */
  short?: number;
}

/** Sizes and choices of NextItNet: options of {@link train} with the method `nextitnet`. */
export interface NextitnetOptions extends SequenceOptions, CausalOptions {
  /** Number of residual blocks, each of two convolutions. Default: 4. */
  layers?: number;
  /** Number of positions that a convolution covers. Default: 3. */
  kernel?: number;
  /** Number of blocks after which the dilations 1, 2, 4, 8 … start again at 1. Default: 2. */
  period?: number;
  /** Whether the items' vectors serve as both input and output; if not, the output has its own table. Default: false. */
  tied?: boolean;
  /** Whether each item has its own bias, which is added to its scores. Default: true. */
  itemBias?: boolean;
}

/** Sizes and choices of SASRec's network: options of {@link train} with the method `sasrec`. */
export interface SasrecOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Number of attention heads; `dim` must be a multiple of it. Default: 1. */
  heads?: number;
}

/** Sizes and choices of each method's network, by the method's name. {@link train} takes them together with the options of the training. */
export interface MethodOptions {
  /** AutoMLP (Li et al., WWW 2023), with the short-term length as the only entry of `candidates`. */
  "automlp": DatasetNetworkInput;
  /** BERT4Rec (Sun et al., CIKM 2019). */
  "bert4rec": Bert4recOptions;
  /** FDSA (Zhang et al., IJCAI 2019). */
  "fdsa": FdsaOptions;
  /** FPMC (Rendle et al., WWW 2010). */
  "fpmc": FpmcOptions;
  /** GRU4Rec (Hidasi et al., ICLR 2016). */
  "gru4rec": Gru4recOptions;
  /** GRU4Rec+ (Hidasi et al., RecSys 2016). */
  "gru4rec-plus": Gru4recPlusOptions;
  /** Two LSTMs (Hochreiter and Schmidhuber, Neural Computation 1997), one for the long and one for the short term. */
  "lstm-lstm": LstmLstmOptions;
  /** NextItNet (Yuan et al., WSDM 2019). */
  "nextitnet": NextitnetOptions;
  /** SASRec (Kang and McAuley, ICDM 2018). */
  "sasrec": SasrecOptions;
}

/**
 * The network of the method `M`: its sizes and choices, with defaults filled in. It is the `config` of a {@link Training} of that method.
 */
export type MethodNetwork<M extends MethodName = MethodName> =
  & MethodConfig
  & (M extends "automlp" ? NetworkConfig : Required<MethodOptions[M]>);

/** The name of a method that can be trained: one of the {@link METHODS}. */
export type MethodName =
  | "automlp"
  | "bert4rec"
  | "fdsa"
  | "fpmc"
  | "gru4rec"
  | "gru4rec-plus"
  | "lstm-lstm"
  | "nextitnet"
  | "sasrec";
