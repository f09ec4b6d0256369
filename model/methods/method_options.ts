/**
 * Sizes and choices of each method's network, as types. Their check, defaults and help are the `shape` in the method's file; `registry.ts` has
 * the compiler compare both.
 *
 * @module
 */
import type { DatasetNetworkInput } from "../automlp/build.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import type { MethodConfig } from "../train/method.ts";

/** Sizes that all networks have. Part of the options of {@link train}. */
export interface SequenceOptions {
  /** T: the maximum length of a history. Default: 50, or 10 or 20 where 95 % of the histories are no longer. */
  length?: number;
  /** D: the size of an item's vector. Default: 128. */
  dim?: number;
  /** Share of the inputs that a training step sets to zero, from 0 to below 1. Default: 0.2, more where items have few interactions. */
  dropout?: number;
  /** What is added to the score of an item that the user has had before. Default: set from how rarely users repeat an item. */
  seenBias?: number;
}

/** What networks have that only look back. Part of the options of {@link train}. */
export interface CausalOptions {
  /**
   * What training asks of a sequence: `each` place at once for its next item, or each item by itself, as the `last` one after all that came
   * before it, which takes far longer. Default: `each`.
   */
  examples?: "each" | "last";
}

/** Sizes and choices of BERT4Rec's network: options of {@link train} with the method `bert4rec`. */
export interface Bert4recOptions extends SequenceOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Heads of the attention; `dim` is a multiple of it. Default: 2. */
  heads?: number;
  /** Share of a sequence that is hidden, and asked for, in training; above 0 and below 1. Default: 0.2. */
  hidden?: number;
}

/** Sizes and choices of FDSA's network: options of {@link train} with the method `fdsa`. It needs item features. */
export interface FdsaOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Heads of the attention; `dim` is a multiple of it. Default: 2. */
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
  /** Whether items' vectors serve as input and as output; if not, the output has a table of its own. Default: true. */
  tied?: boolean;
  /** Whether each item has a bias of its own, which is added to its scores. Default: false. */
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
  /** Interactions that the short-term network sees, at most `length`. Default: 5. */
  short?: number;
}

/** Sizes and choices of NextItNet: options of {@link train} with the method `nextitnet`. */
export interface NextitnetOptions extends SequenceOptions, CausalOptions {
  /** Residual blocks, of two convolutions each. Default: 4. */
  layers?: number;
  /** Places that a convolution takes in. Default: 3. */
  kernel?: number;
  /** Blocks after which the dilations 1, 2, 4, 8 … begin again at 1. Default: 2. */
  period?: number;
  /** Whether items' vectors serve as input and as output; if not, the output has a table of its own. Default: false. */
  tied?: boolean;
  /** Whether each item has a bias of its own, which is added to its scores. Default: true. */
  itemBias?: boolean;
}

/** Sizes and choices of SASRec's network: options of {@link train} with the method `sasrec`. */
export interface SasrecOptions extends SequenceOptions, CausalOptions {
  /** Number of layers. Default: 2. */
  layers?: number;
  /** Heads of the attention; `dim` is a multiple of it. Default: 1. */
  heads?: number;
}

/** By the name of a method, sizes and choices of its network. What {@link train} takes beside options of the training. */
export interface MethodOptions {
  /** AutoMLP (Li et al., WWW 2023), with the short-term length as its only one of `candidates`. */
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
  /** Two LSTMs (Hochreiter and Schmidhuber, Neural Computation 1997), for the long and for the short term. */
  "lstm-lstm": LstmLstmOptions;
  /** NextItNet (Yuan et al., WSDM 2019). */
  "nextitnet": NextitnetOptions;
  /** SASRec (Kang and McAuley, ICDM 2018). */
  "sasrec": SasrecOptions;
}

/** The network of the method `M`: its sizes and choices, defaults filled in. `config` of a {@link Training} of it. */
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
