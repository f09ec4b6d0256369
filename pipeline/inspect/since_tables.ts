/**
 * Tables and warnings about what has changed since an earlier dataset.
 *
 * @module
 */
import { formatCell, type Table } from "../display/table.ts";
import { spoken } from "../display/text/option_names.ts";
import { percent, percents } from "../display/text/percent.ts";
import { shortened } from "../display/text/shortened.ts";
import type { ChangesSince, TimeFacts, Turnover } from "./facts.ts";

/** Makes the table of users, items and interactions before and now, with those that are new and gone. */
export function turnoverTable({ name, hash, interactions, users, items, time }: ChangesSince): Table {
  const row = (label: string, { before, now, added, gone, ofAdded }: Turnover) => [
    label,
    before,
    now,
    added,
    gone,
    percent(ofAdded),
  ];
  return {
    caption: `Since ${name} (${hash.slice(0, 8)})`,
    columns: ["", "before", "now", "new", "gone", "interactions of the new"],
    rows: [
      ["interactions", interactions.before, interactions.now, "–", "–", "–"],
      row("users", users),
      row("items", items),
      ["last interaction", lastOf(time.before), lastOf(time.now), "–", "–", "–"],
    ],
  };
}

const lastOf = ({ last, lastDate }: TimeFacts): string => lastDate ?? formatCell(last);

const written = ({ unit }: TimeFacts): string => unit === "order" ? "no dates" : `in ${unit}`;

/** Makes the table of items whose share of the interactions changed the most; undefined if none changed. */
export function movesTable({ gained, lost, moved }: ChangesSince): Table | undefined {
  const moves = [...gained, ...lost.toReversed()];
  if (moves.length === 0) return undefined;
  const titled = moves.some(({ title }) => title !== undefined);
  const shares = percents(moves.flatMap(({ before, now }) => [before, now]));
  const changes = percents(moves.map(({ before, now }) => Math.abs(now - before)));
  return {
    caption: `Shares of the interactions: ${percent(moved)} of all are of other items than before`,
    columns: ["item", ...(titled ? ["title"] : []), "before", "now", "difference"],
    rows: moves.map(({ id, title, before, now }, i) => [
      id,
      ...(titled ? [shortened(title ?? "")] : []),
      shares[2 * i],
      shares[2 * i + 1],
      `${now < before ? "−" : "+"}${changes[i]}`,
    ]),
  };
}

/** Returns warnings about changes that should be checked before training on the dataset. */
export function sinceWarnings(
  { hash, interactions, users, items, time, features, options }: ChangesSince,
  now: { hash: string },
): string[] {
  if (hash === now.hash) return ["nothing has changed: both datasets hold the same data"];
  const less = interactions.before - interactions.now, list = (names: readonly string[]) => names.join(", ");
  const said = (value: unknown) => value === undefined ? "none" : JSON.stringify(value);
  return [
    ...(less > 0
      ? [
        `${formatCell(less)} interactions fewer than before (${
          percent(less / interactions.before)
        }): is a part of the log missing?`,
      ]
      : []),
    ...([["users", users], ["items", items]] as const).flatMap(([what, { before, gone }]) =>
      gone === before ? [`none of the earlier ${what} is there: were their ids written differently?`] : []
    ),
    ...(time.before.unit === time.now.unit && time.now.last <= time.before.last
      ? ["no interaction is newer than before"]
      : []),
    ...(time.before.unit === time.now.unit
      ? []
      : [`times are ${written(time.now)} now, and were ${written(time.before)}`]),
    ...(features.gone.length > 0 ? [`item features that are gone: ${list(features.gone)}`] : []),
    ...(features.added.length > 0 ? [`item features that are new: ${list(features.added)}`] : []),
    ...(options.length > 0
      ? [
        `prepared with other options: ${
          list(options.map(({ name, before, now }) => `${name}: ${said(before)}, now ${said(now)}`))
        }`,
      ]
      : []),
  ].map((warning) => spoken(`since the earlier dataset: ${warning}`));
}
