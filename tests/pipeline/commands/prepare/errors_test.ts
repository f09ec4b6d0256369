import { gzipSync } from "node:zlib";
import { GOOD, withLine } from "./data.ts";
import { assertRefusals } from "./refusals.ts";

Deno.test("prepare: bad input ends with one line, exit code 2 and no folder", (t) =>
  assertRefusals(t, {
    "missing file": {
      args: ["--data", "god.csv"],
      says: /god\.csv.*(no such file|not there|did you mean "good\.csv")/i,
    },
    "empty file": { files: { "x.csv": "" }, says: /x\.csv.* empty/ },
    "header only": { files: { "x.csv": "user,item,timestamp\n" }, says: /x\.csv.*no rows|x\.csv.*header/ },
    "directory": { args: ["--data", "."], says: /directory|folder/ },
    "standard input": {
      args: ["--data", "-"],
      says: /^error: Cannot read -: standard input is not read: write it into a file/,
    },
    "standard input as a device": {
      args: ["--data", "/dev/stdin"],
      says:
        /^error: Cannot read \/dev\/stdin: it is in a folder of the system's such as \/dev, .* write what it holds into a file/,
    },
    "binary file": {
      files: { "x.csv": Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13) },
      says: /PNG/,
    },
    "truncated gzip": {
      files: { "x.csv": gzipSync(GOOD.repeat(50)).subarray(0, 120) },
      says: /x\.csv.*(cut short|truncated|ends too early|incomplete)/,
    },
    "wrong delimiter": {
      files: { "x.csv": GOOD },
      args: ["--data", "x.csv", "--delimiter", ";"],
      says: /one column.*","/,
    },
    "missing column": { files: { "x.csv": GOOD.replace("item", "thing") }, says: /item.*(thing)/ },
    "duplicate header": {
      files: { "x.csv": GOOD.replace("timestamp", "item") },
      says: /"item".*twice|two columns.*"item"/,
    },
    "ragged row": { files: { "x.csv": withLine("u1,i9,5,6") }, says: /line 26.*too many fields/ },
    "short row": { files: { "x.csv": withLine("u1,i9") }, says: /line 26, column "timestamp".*empty/ },
    "unclosed quote": {
      files: { "x.csv": withLine('u1,"i9,5') + GOOD },
      says: /line 26.*quote|quote.*line 26/,
    },
    "non-UTF-8": {
      files: {
        "x.csv": Uint8Array.from([...new TextEncoder().encode(GOOD), 0x75, 0x2c, 0xe9, 0x2c, 0x35, 10]),
      },
      says: /line 26 is not UTF-8; pass --encoding windows-1252, which reads it as "u,é,5"/,
    },
    "NaN timestamp": {
      files: { "x.csv": withLine("u1,i9,NaN") },
      says: /line 26, column "timestamp": "NaN" is not a finite/,
    },
    "infinite timestamp": {
      files: { "x.csv": withLine("u1,i9,-inf") },
      says: /line 26, .*"-inf" is not a finite/,
    },
    "text for a timestamp": {
      files: { "x.csv": withLine("u1,i9,soon") },
      says: /line 26, .*"soon" is neither a number/,
    },
    "all users under the limit": {
      args: ["--data", "good.csv", "--min-user", "13"],
      says: /no user has 13 .*lower --min-user/,
    },
    "one item only": {
      files: { "x.csv": GOOD.replace(/,i\d+,/g, ",i,") },
      args: ["--data", "x.csv", "--protocols", "recbole", "--eval-negatives", "100"],
      says: /same one item/,
    },
    "fewer items than strict negatives": {
      args: ["--data", "good.csv", "--eval-negatives", "100"],
      says: /Cannot draw 100 strict negatives for user "u0": only 11 items/,
    },
    "output folder under a file": {
      args: ["--data", "good.csv", "--eval-negatives", "2", "--out", "good.csv/made"],
      says: /good\.csv\/made/,
    },
  }));
