/**
 * Stage 6 on a cluster that runs SQL: negatives.
 *
 * Lists are found by rejection from a fixed number of draws. What that leaves short, as of users who have nearly all items, is drawn
 * here by the samplers that Polars' stage uses: of the same streams, so that it cannot be seen who drew.
 *
 * @module
 */
import pl from "nodejs-polars";
import type { DataFrame, Rows } from "../../contract/frame.ts";
import { AliasTable } from "../../contract/alias.ts";
import { checkInterrupt } from "../../contract/errors.ts";
import { philoxKey } from "../../contract/random.ts";
import { negativesEach } from "../../negatives/default_number.ts";
import { mostNegatives } from "../../negatives/most.ts";
import { drawToDisk, evaluatedOf } from "../../negatives/on_disk.ts";
import {
  negativesReport,
  type NegativesResult,
  negativesTable,
  noNegatives,
  positivesOf,
} from "../../negatives.ts";
import type { Protocol } from "../../contract/dataset/protocols.ts";
import {
  checkExponent,
  checkWeights,
  type DrawnFrom,
  negativesDrawer,
  negativesPurpose,
  negativeWeights,
} from "../../negatives/protocols.ts";
import { numbers } from "../runner.ts";
import type { Stream } from "../text/draws.ts";
import { distinct, heavyUsers, histories, independent, positives, targetCounts } from "../text/negatives.ts";
import { drawsWanted } from "./draws_wanted.ts";
import type { EngineWork } from "./session.ts";
import type { Arranged } from "./split.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What is drawn for, as all protocols have it. */
interface Setting {
  work: EngineWork;
  /** [items + 1]: how often each item is a target. */
  popularity: Uint32Array;
  /** Table (`user`, `id`). */
  users: DataFrame;
  /** [positives]: their rows in `interactions`, ascending. */
  rows: Uint32Array;
  /** Negatives of each positive. */
  count: number;
  /** Interactions of a user, on average. */
  history: number;
  /** See {@link DrawnFrom.instead}. */
  instead: DrawnFrom["instead"];
  /** Names of the alias tables that the engine has: protocols share them. */
  sent: Set<string>;
}

/** What drawing leaves: the table of negatives, as `sampleNegatives` returns it. */
export interface Drawn extends Omit<NegativesResult, "frame"> {
  frame: Rows;
}

/**
 * Comparisons of lists with their user's history that one task may come to for one user: some seconds. Where all that a user has is held against many
 * lists, they are drawn here, by a sampler that marks a user's items once.
 */
const MOST_COMPARISONS = 1e8;

/** Draws negatives as `sampleNegatives` does. */
export async function drawOnEngine(
  { table, frame }: Pick<Arranged, "table" | "frame">,
  { users, items }: Pick<Vocabulary, "users" | "items">,
  work: EngineWork,
  mostComparisons = MOST_COMPARISONS,
): Promise<Drawn> {
  const started = performance.now(), { runner, config: { evalNegatives, protocols, exponent } } = work;
  checkExponent(exponent);
  const popularity = await countTargets(table, items.height, work);
  const each = negativesEach(evalNegatives, {
    frame,
    interactions: whole(users, "interactions"),
    protocols,
    popularity,
    exponent,
  });
  const { count, protocols: drawn } = each;
  const wanted = positivesOf(frame), rows = wanted.getColumn("row").toTypedArray() as Uint32Array;
  const negatives = new Uint32Array(drawn.length * rows.length * count);
  if (drawn.length > 0) await runner.keep("positives", positives(table));
  if (drawn.some((protocol) => protocol !== "recbole")) {
    await runner.keep("histories", histories(runner.dialect, table, "positives"));
    await runner.keep("heavy", heavyUsers(runner.dialect, "positives", "histories", mostComparisons));
    for (const [name, join] of [["positives_here", "SEMI"], ["positives_there", "ANTI"]]) {
      await runner.view(
        name,
        `SELECT p.row_index, p.user, p.place, p.target FROM positives p ${join} JOIN heavy h ON p.user = h.user`,
      );
    }
  }
  const sent = new Set<string>(), history = frame.height / users.height;
  const instead = () => mostNegatives(frame, { protocols: drawn, count, popularity, exponent });
  for (const [p, protocol] of drawn.entries()) {
    const own = negatives.subarray(p * rows.length * count, (p + 1) * rows.length * count);
    await drawProtocol(protocol, own, { work, popularity, users, rows, count, history, instead, sent });
    await runner.finished?.(`${protocol} negatives`);
  }
  return {
    frame: drawn.length === 0 ? noNegatives() : negativesTable(wanted, drawn, negatives, count),
    popularity,
    count,
    protocols: drawn,
    lowered: each.why !== undefined,
    report: negativesReport(frame.height, rows.length, drawn.length, each, started),
  };
}

/** Draws them here, to disk: the interactions are here in any case, and a draw takes less than sending what was drawn. */
export async function drawHere(
  folder: string,
  { table, frame, report }: Pick<Arranged, "table" | "frame" | "report">,
  { users, items }: Pick<Vocabulary, "users" | "items">,
  work: EngineWork,
): Promise<Drawn> {
  const popularity = await countTargets(table, items.height, work);
  return await drawToDisk(folder, { ...work, frame, users, popularity, evaluated: evaluatedOf(report) });
}

/** [items + 1]: how often each item is a target. */
async function countTargets(
  interactions: string,
  items: number,
  { runner }: EngineWork,
): Promise<Uint32Array> {
  const counted = await runner.rows(targetCounts(interactions)), popularity = new Uint32Array(items + 1);
  const [ids, counts] = [whole(counted, "item"), whole(counted, "n")];
  ids.forEach((item, i) => popularity[item] = counts[i]);
  return popularity;
}

/** A column of whole numbers from 0. */
const whole = (frame: DataFrame, column: string) =>
  frame.getColumn(column).cast(pl.UInt32).toTypedArray() as Uint32Array;

/** Fills `out`, [positives × count]. */
async function drawProtocol(protocol: Protocol, out: Uint32Array, setting: Setting): Promise<void> {
  const { work, popularity, users, rows, count, history, instead } = setting;
  const { runner, config: { exponent, seed }, signal } = work, d = runner.dialect;
  const weights = negativeWeights(protocol, popularity, exponent);
  checkWeights(protocol, weights);
  const stream: Stream = {
    alias: {
      table: await sendAlias(protocol === "uniform" ? "uniform" : "popularity", weights, setting),
      size: weights.length,
    },
    key: philoxKey(seed, negativesPurpose(protocol)),
  };
  const isDistinct = protocol !== "recbole";
  let from = isDistinct ? "positives_there" : "positives";
  const { n: here } = isDistinct
    ? await numbers(runner, "SELECT count(*) AS n FROM positives_here")
    : { n: 0 };
  const looks = drawsWanted(protocol, { weights, popularity, count, history });
  for (const [round, draws] of looks.entries()) {
    checkInterrupt(signal, "drawing negatives");
    const name = `${protocol}_${round}`;
    const select = isDistinct
      ? distinct(d, from, "histories", stream, count, draws)
      : independent(d, from, stream, count, draws);
    await runner.keep(name, select);
    const enough = `${d.size("negatives")} = ${count}`;
    place(await runner.rows(`SELECT row_index, negatives FROM ${name} WHERE ${enough}`), out, rows, count);
    const left = `SELECT row_index, user, place, target FROM ${name} WHERE NOT ${enough}`;
    await runner.view(from = `${name}_short`, left);
    const { n: short } = await numbers(runner, `SELECT count(*) AS n FROM ${from}`);
    if (short > 0) continue;
    if (here === 0) return;
    break;
  }
  if (here > 0) {
    const columns = "row_index, user, place, target", all = `${protocol}_here`;
    await runner.view(all, `SELECT ${columns} FROM ${from} UNION ALL SELECT ${columns} FROM positives_here`);
    from = all;
  }
  const historyOf = await fetchHistories(isDistinct ? from : undefined, work);
  const draw = negativesDrawer(protocol, { weights, seed, users, historyOf, instead });
  const rest = (await runner.rows(`SELECT row_index, user, place, target FROM ${from}`)).sort("row_index");
  const [index, user, at, target] = ["row_index", "user", "place", "target"].map((name) => whole(rest, name));
  const start = new Map(Array.from(rows, (row, i) => [row, i * count]));
  index.forEach((row, i) => {
    draw(out.subarray(start.get(row)!, start.get(row)! + count), user[i], at[i], target[i]);
  });
}

/** Rows that one message carries. */
const SLICE = 1_000_000;

/** Sends an alias table, once for the protocols that share it; returns its name. */
async function sendAlias(kind: string, weights: Float64Array, { sent, work }: Setting): Promise<string> {
  const name = `alias_${kind}`, { runner } = work;
  if (sent.has(name)) return name;
  sent.add(name);
  const { threshold, alias } = new AliasTable(weights);
  const frame = pl.DataFrame([
    pl.Series("i", Int32Array.from(weights, (_, i) => i)),
    pl.Series("threshold", threshold),
    pl.Series("alias", Int32Array.from(alias)),
  ]);
  const slices = Array.from({ length: Math.ceil(frame.height / SLICE) }, (_, i) => `${name}_${i}`);
  for (const [i, slice] of slices.entries()) await runner.table(slice, frame.slice(i * SLICE, SLICE));
  await runner.keep(name, slices.map((slice) => `SELECT * FROM ${slice}`).join(" UNION ALL "));
  return name;
}

/** Puts full lists in their places. */
function place(lists: DataFrame, out: Uint32Array, rows: Uint32Array, count: number): void {
  if (lists.height === 0) return;
  const sorted = lists.sort("row_index"), index = whole(sorted, "row_index");
  const items = whole(sorted.select("negatives").explode("negatives"), "negatives");
  let at = 0;
  index.forEach((row, i) => {
    while (rows[at] < row) at++;
    out.set(items.subarray(i * count, (i + 1) * count), at * count);
  });
}

/** The items of the users whose lists are short; of none where the protocol does not look at them. */
async function fetchHistories(
  from: string | undefined,
  { runner }: EngineWork,
): Promise<(user: number) => Uint32Array> {
  if (from === undefined) return () => new Uint32Array(0);
  const frame = await runner.rows(
    `SELECT user, history FROM histories WHERE user IN (SELECT user FROM ${from})`,
  );
  const users = whole(frame, "user"),
    lists = frame.getColumn("history").toArray() as unknown as ArrayLike<number>[];
  const byUser = new Map(Array.from(users, (user, i) => [user, Uint32Array.from(lists[i])]));
  return (user) => byUser.get(user)!;
}
