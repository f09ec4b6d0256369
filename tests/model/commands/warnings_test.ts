/** For every command, what the terminal warns about is also in the object of `--json`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ran, task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { commandsIn } from "./finished.ts";
import { FEW, NETWORK, SMALL, writeLog } from "./small.ts";

const STAGES = "read|check|filter|vocabulary|split|negatives";

/** The warnings in a command's text and progress; the report's text also names the stage of a warning. */
const warnedIn = ({ stdout, stderr }: Ran): Set<string> =>
  new Set(
    [...(stderr + stdout).matchAll(/^(?:warning: |.*, failed: )(.*)$/gm)]
      .map(([line, warning]) => line.startsWith("warning: ") ? warning : line)
      .map((warning) => warning.replace(new RegExp(`^(?:${STAGES}): `), "")),
  );

/** Writes a log whose rows have no time: the reader warns about that, and the dataset keeps the warning. */
function writeTimeless(path: string): void {
  writeLog(path);
  const lines = Deno.readTextFileSync(path).split("\n");
  Deno.writeTextFileSync(path, lines.map((line) => line.split(",").slice(0, 2).join(",")).join("\n"));
}

const NO_TIME = /^no timestamp/i;
const RAW = "--data log.csv --columns user=user,item=item";

/**
 * Commands, in an order in which each finds what it needs; % stands for a new name with each call. With each, what the warnings must
 * say, and its exit code if that is not 0.
 */
const CALLS: [line: string, says?: RegExp, code?: number][] = [
  [`prepare ${RAW} --out data% ${FEW}`, NO_TIME],
  ["inspect data1", NO_TIME],
  ["export data1 --to csv --out export%"],
  [`pipeline ${RAW} --out run% ${SMALL.join(" ")}`, NO_TIME],
  [`search data1 --out searched% ${NETWORK}`, NO_TIME],
  [
    "search data1 --out fixed% --search none --short 3 --search-epochs 1 --dim 8",
    /^--search-epochs 1 changes nothing with --search none/,
  ],
  ["retrain searched%", NO_TIME],
  ["evaluate searched%", NO_TIME],
  ["train data1 --method fpmc --out trained% --dim 8 --epochs 1", NO_TIME],
  ["recommend run1 --users u1,zoe --on-unknown skip", /^Left out 1 user \(zoe\) who is not in/],
  ["compare run1 run1"],
  ["runs ."],
];

/** The same for commands that train in processes of their own. */
const STUDIES: typeof CALLS = [
  [
    "experiment table2 --dataset data1 --methods fpmc,fdsa --seeds 1 --epochs 1 --out study%",
    /^FDSA, seed 1, failed: /,
    1,
  ],
  ["tune data1 --method fpmc --trials 2 --epochs 1 --out tuning%"],
];

Deno.test("--json: each command has in `warnings`, once, what it says in a terminal", () =>
  withFolder(async (dir) => {
    writeTimeless(join(dir, "log.csv"));
    const here = commandsIn(dir), apart = commandsIn(dir, task);
    for (const [line, says, code = 0] of [...CALLS, ...STUDIES]) {
      const { call } = STUDIES.some(([study]) => study === line) ? apart : here;
      const said = await call(line.replace("%", "1")),
        asJson = await call(`${line.replace("%", "2")} --json`);
      assert.deepEqual([said.code, asJson.code], [code, code], `${line}: ${said.stderr}${asJson.stderr}`);
      const { warnings } = JSON.parse(asJson.stdout) as { warnings: string[] };
      const alike = (texts: Iterable<string>) =>
        [...texts].map((text) => text.replace(/([a-z])2\b/g, "$11")).sort();
      assert.deepEqual(alike(warnings), alike(warnedIn(said)), line);
      if (says) assert(warnings.some((warning) => says.test(warning)), `${line}: ${warnings}`);
    }
  }));
