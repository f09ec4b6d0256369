/**
 * The flags of `deno task prepare`.
 *
 * @module
 */
import { prepareSchema } from "../config.ts";
import { type CommandSpec, fillFromSchema } from "../terminal/options.ts";

export const PREPARE: CommandSpec = {
  name: "prepare",
  summary:
    "Turns raw interactions into a clean, frozen dataset folder: read → check → filter → number → split → negatives.",
  options: fillFromSchema(prepareSchema.shape, {
    "What is read": {
      data: { kind: "list", value: "FILE", help: "interactions: files or globs, plain or gzip" },
      dataset: {
        kind: "text",
        value: "NAME",
        help:
          "a known data set (ml-100k, ml-1m, amazon-beauty …, or demo): downloads it, or takes the copy given by --data",
      },
      format: { kind: "text", value: "FORMAT", help: "what the files are" },
      delimiter: {
        kind: "text",
        value: "TEXT",
        help: 'what separates fields, as in ";" or "::"',
        fallback: "found out",
      },
      header: {
        kind: "flag",
        help: "the first line names the columns (--no-header: it does not; default: found out)",
      },
      columns: {
        kind: "list",
        value: "NAMES",
        help:
          "roles by position (user,item,rating,timestamp; _ skips one) or by name (user=reviewerID,item=asin)",
      },
      encoding: { kind: "text", value: "NAME", help: "of text files" },
      sequenceTimestamps: {
        kind: "text",
        value: "FILE",
        help: "with --format sequences: a file of the same lines that holds timestamps",
      },
      items: { kind: "text", value: "FILE", help: "table of the items: id and more columns" },
      users: { kind: "text", value: "FILE", help: "table of the users: id and more columns" },
      features: {
        kind: "list",
        value: "SPECS",
        help:
          "item features: genres:multi, brand:categorical:min=5, price:numeric:buckets=10, title:text (left out)",
        fallback: "found out",
      },
      cache: {
        kind: "text",
        value: "DIR",
        help: "where downloads are kept",
        fallback: "the user's cache folder",
      },
    },
    "What is checked and kept": {
      onBadRow: {
        kind: "text",
        help: "a row that cannot be read stops the job, or is set aside in rejected.csv",
      },
      duplicates: { kind: "text", value: "CHOICE", help: "interactions of the same user with the same item" },
      minRating: { kind: "number", value: "X", help: "drop ratings below X" },
      minUser: { kind: "number", value: "N", help: "drop users with under N interactions" },
      minItem: { kind: "number", value: "N", help: "drop items with under N interactions" },
      filter: { kind: "text", value: "MODE", help: "one pass, or again and again until both limits hold" },
    },
    "How it is split": {
      split: { kind: "text", value: "KIND", help: "into training, validation and test" },
      ratios: {
        kind: "list",
        value: "A,B,C",
        help: "shares, for ratio and global-time",
        fallback: "0.8,0.1,0.1",
      },
      validFrom: { kind: "number", value: "TIME", help: "for global-time: first time of validation" },
      testFrom: { kind: "number", value: "TIME", help: "for global-time: first time of test" },
      ties: {
        kind: "text",
        value: "ORDER",
        help: "order of one user's interactions at the same time: as in the file, or by item id",
      },
    },
    "What positives are ranked against": {
      negatives: { kind: "number", value: "N", help: "negatives for each validation and test positive" },
      protocols: { kind: "list", value: "NAMES", help: "how they are drawn: recbole, strict, uniform" },
      exponent: { kind: "number", value: "X", help: "weight of an item = its popularity to this power" },
      seed: { kind: "number", value: "N", help: "of the draws" },
    },
    "Where it goes": {
      out: { kind: "text", value: "DIR", help: "the dataset folder; replaced in one step when all is done" },
      name: { kind: "text", value: "NAME", help: "what the data is called", fallback: "from the file" },
      force: { kind: "flag", help: "prepare again even if nothing changed" },
      overwrite: {
        kind: "flag",
        help: "replace a dataset that was changed since, or an export of automlp's; files of others never",
      },
    },
  }),
  examples: [
    "deno task prepare --dataset demo --out data/demo",
    "deno task prepare --data ratings.csv --out data/mine",
    "deno task prepare --data 'logs/*.csv.gz' --columns user=uid,item=sku,timestamp=ts --items items.csv --out data/shop",
    "deno task prepare --dataset ml-1m --data ratings.dat --out data/ml-1m --min-user 5 --split global-time",
  ],
};
