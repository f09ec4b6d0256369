/**
 * Assigns roles to the columns of a source: as the user says, or by the names that data sets commonly use.
 *
 * @module
 */
import { didYouMean, InputError, nearestWord } from "../contract/errors.ts";
import { type ColumnRole, ROLES } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { firstRepeated } from "../contract/options/first_repeated.ts";
import { isPartOfDate, timeNames } from "./no_time.ts";
import { quoteAll, shorten } from "./shorten.ts";
import { areDates, canBeTimes, type SampleValues } from "./time_values.ts";

/** Common column names in data sets, in lower case without separators; the best first. */
const ALIASES: Record<ColumnRole, readonly string[]> = {
  user: [
    "user",
    "userid",
    "uid",
    "reviewerid",
    "customerid",
    "visitorid",
    "memberid",
    "profileid",
    "clientid",
    "accountid",
    "householdid",
    "householdkey",
    "username",
  ],
  item: [
    "item",
    "itemid",
    "movieid",
    "parentasin",
    "asin",
    "productid",
    "iid",
    "bookid",
    "isbn",
    "songid",
    "trackid",
    "artistid",
    "businessid",
    "articleid",
    "newsid",
    "videoid",
    "gameid",
    "appid",
    "sku",
    "venueid",
    "poiid",
    "animeid",
    "recipeid",
    "stockcode",
  ],
  rating: ["rating", "ratings", "overall", "stars", "score"],
  timestamp: [
    "timestamp",
    "unixreviewtime",
    "unixtime",
    "time",
    "ts",
    "eventtime",
    "datetime",
    "createdat",
    "timestampms",
    "timems",
    "date",
    "reviewtime",
    "eventtimestamp",
    "transactiontimestamp",
    "transactiontime",
    "transactiondate",
    "purchasedate",
    "orderdate",
  ],
  // Read only if it is named: otherwise rows of all kinds count, and the column is not needed.
  event: [],
};

/** A column that has a role: its position, and the source's name for it. */
export interface Column {
  index: number;
  name: string;
}

/** The columns that have a role. `user` and `item` are always present. */
export type Columns = Partial<Record<ColumnRole, Column>> & { user: Column; item: Column };

/** Returns which of the source's columns, listed by position, were taken and which were not. */
export function columnUse(header: readonly string[], columns: Columns): ColumnUse {
  const roles = ROLES.filter((role) => columns[role]);
  const places = new Set(roles.map((role) => columns[role]!.index));
  return {
    taken: Object.fromEntries(roles.map((role) => [role, columns[role]!.name])),
    unused: header.filter((name, index) => name !== "" && !places.has(index)),
  };
}

/** Names the columns of a source that has no header. */
export const unnamed = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `column ${index + 1}`);

/** The user's `--columns`: by position, or by name. */
export type ColumnsWish =
  | { by: "position"; roles: (ColumnRole | undefined)[] }
  | { by: "name"; names: Partial<Record<ColumnRole, string>> };

/** Normalizes a name as in {@link ALIASES}: `reviewerID:token` → `reviewerid`. */
const plain = (name: string) =>
  name.replace(/:(token|token_seq|float|float_seq)$/, "").toLowerCase().replace(/[^a-z0-9]/g, "");

/** Checks whether a word is a common column name. */
export function isKnownName(name: string): boolean {
  return ROLES.some((role) => ALIASES[role].includes(plain(name)));
}

/** Roles without which there are no interactions. */
const NEEDED: readonly ColumnRole[] = ["user", "item"];

/**
 * Parses the `columns` option.
 *
 * @throws {InputError} for an unknown role, a role given twice, or one column in two roles; if positions lack user or item; or if
 * positions and names are mixed.
 */
export function parseColumns(columns: readonly string[] | undefined): ColumnsWish | undefined {
  if (columns === undefined) return undefined;
  const wrong = (state: string) => new InputError(`Cannot use --columns ${columns.join(",")}: ${state}`);
  const role = (word: string): ColumnRole => {
    if ((ROLES as readonly string[]).includes(word)) return word as ColumnRole;
    throw wrong(
      `unknown role "${word}"${didYouMean(word, ROLES)}; the roles are ${
        ROLES.join(", ")
      }, and _ to skip one${
        ["id", "title"].includes(word)
          ? "; for a table of items give --item-columns, of users --user-columns"
          : `; by its name a column is given as ROLE=${word}`
      }`,
    );
  };
  const named = columns.filter((column) => column.includes("="));
  if (named.length > 0 && named.length < columns.length) {
    throw wrong(
      "name all columns (user=reviewerID,item=asin) or give all by position (user,item,_,timestamp)",
    );
  }
  const pairs = columns.map((column): [ColumnRole | undefined, string] => {
    const equals = column.indexOf("=");
    if (equals < 0) return [column === "_" || column === "" ? undefined : role(column.trim()), column];
    return [role(column.slice(0, equals).trim()), column.slice(equals + 1)];
  });
  const roles = pairs.map(([role]) => role);
  const twice = firstRepeated(roles.filter((role) => role !== undefined));
  if (twice) throw wrong(`role "${twice}" is given twice`);
  if (named.length === 0) {
    const missing = NEEDED.find((role) => !roles.includes(role));
    if (missing) throw wrong(`it must say which column is the ${missing}`);
    return { by: "position", roles };
  }
  for (const [i, [, name]] of pairs.entries()) {
    const other = pairs.findIndex(([, otherName]) => otherName === name);
    if (other < i) throw wrong(`column "${name}" cannot be both ${roles[other]} and ${roles[i]}`);
  }
  return { by: "name", names: Object.fromEntries(pairs) as Partial<Record<ColumnRole, string>> };
}

/** Returns the first name that two columns share; columns without a name do not count. */
export const repeatedColumn = (names: readonly string[]): string | undefined =>
  firstRepeated(names.filter((name) => name !== ""));

/**
 * Assigns roles to columns by the header.
 *
 * @param path For messages.
 * @param header The source's names of the columns.
 * @param warnings Receives a remark if more than one column could have a role.
 * @param valuesOf For messages: they suggest the columns that are missing.
 * @throws {InputError} for a name that occurs twice or a column that is missing.
 */
export function columnsByHeader(
  path: string,
  header: string[],
  wish: ColumnsWish | undefined,
  warnings: string[],
  valuesOf: SampleValues = () => [],
): Columns {
  const twice = repeatedColumn(header);
  if (twice !== undefined) {
    throw new InputError(`Cannot read ${path}: column ${quoteAll([twice])} occurs twice in the header`);
  }
  if (wish?.by === "position") return columnsByPosition(path, header.length, wish.roles, header);
  const columns: Partial<Record<ColumnRole, Column>> = {};
  const taken = Object.values(wish?.names ?? {}), free = header.filter((name) => !taken.includes(name));
  // If the user names columns, no others are taken except the required ones.
  const unnamed = (role: ColumnRole) =>
    !wish || NEEDED.includes(role) ? takeKnown(role, free, warnings, path) : undefined;
  for (const role of ROLES) {
    const name = wish?.names[role] ?? unnamed(role);
    if (name === undefined) continue;
    const index = findColumn(header, name);
    if (index < 0) {
      throw new InputError(
        `Cannot read ${path}: no column "${name}"${didYouMean(name, header)}; its columns are ${
          quoteAll(header)
        }${wish?.names.timestamp === undefined ? TIMESTAMP_TOO : ""}`,
      );
    }
    columns[role] = { index, name: header[index] };
  }
  for (const role of ["user", "item", "timestamp"] as const) {
    if (columns[role] || wish && role === "timestamp") continue;
    const times = likelyTimes(header, valuesOf), names = likelyNames(columns, role, header, times);
    const near = names[role];
    const hint = near === UNKNOWN ? "" : ` (is it ${quoteAll([near!])}?)`;
    const without = role === "timestamp"
      ? "; without it the rows count as ordered by time: then name user and item only"
      : names.timestamp === undefined
      ? TIMESTAMP_TOO
      : otherTimes(names.timestamp, columns, times.clear);
    throw new InputError(
      `Cannot read ${path}: no ${role} column${hint} among ${quoteAll(header)}; ` +
        `say which are what with --columns ${
          Object.entries(names).map(([role, name]) => `${role}=${shorten(name)}`).join(",")
        }${without}`,
    );
  }
  return columns as Columns;
}

/** Placeholder for an unknown name. */
const UNKNOWN = "…";

/** For users who did not name the column that orders interactions. */
const TIMESTAMP_TOO = "; a timestamp is named in the same way, if there is one";

/** The columns of a header that may hold the times of its rows. */
interface LikelyTimes {
  /** Those that their names or values show as times, the likeliest first. */
  clear: readonly string[];
  /** Those that nothing rules out. */
  possible: readonly string[];
}

/** Names of ids, which are never times, although they may be numbers: `event_id`, `eventId`, `row_key`. */
const ID_NAME = /(id|key|code)s?$/i;

function likelyTimes(header: readonly string[], valuesOf: SampleValues): LikelyTimes {
  const possible = header.filter((name) => !ID_NAME.test(name.replace(/:[a-z_]+$/, "")));
  const named = timeNames(possible), valuesIn = (name: string) => valuesOf(header.indexOf(name));
  const dated = possible.filter((name) => areDates(valuesIn(name)));
  return {
    clear: [...new Set([...named.filter((name) => dated.includes(name)), ...named, ...dated])],
    possible: possible.filter((name) => canBeTimes(valuesIn(name))),
  };
}

/** Notes that the time could be in another column as well: among several such names, only the data tell. */
function otherTimes(
  proposed: string,
  found: Partial<Record<ColumnRole, Column>>,
  times: readonly string[],
): string {
  const others = times.filter((name) => name !== proposed);
  return found.timestamp !== undefined || others.length === 0
    ? ""
    : `; or is the time ${quoteAll(others).replace(/, (?=[^,]*$)/, " or ")}?`;
}

/** Returns the column that may have a missing role because its name is similar to a common one. */
function nearColumn(
  role: ColumnRole,
  found: Partial<Record<ColumnRole, Column>>,
  names: readonly string[],
): string | undefined {
  const free = names.filter((name) =>
    !isPartOfDate(name) && !Object.values(found).some((column) => column.name === name)
  );
  // Any word is similar to one of two or three letters.
  return ALIASES[role].filter(({ length }) => length > 3).map((alias) => nearestWord(alias, free))
    .find((name) => name !== undefined);
}

/** Suggests `--columns`: the columns found, a guess for the missing ones, or … if there is none. */
function likelyNames(
  found: Partial<Record<ColumnRole, Column>>,
  missing: ColumnRole,
  header: readonly string[],
  times: LikelyTimes,
): Partial<Record<ColumnRole, string>> {
  const names: Partial<Record<ColumnRole, string>> = {};
  for (const role of ["user", "item", "timestamp"] as const) {
    const taken = Object.values(names), isTime = role === "timestamp";
    const clear = isTime ? times.clear.find((name) => !taken.includes(name)) : undefined;
    const near = found[role]?.name ?? clear ?? nearColumn(role, found, isTime ? times.possible : header);
    const name = near === undefined || taken.includes(near) ? undefined : near;
    if (name !== undefined || role !== "timestamp" || role === missing) names[role] = name ?? UNKNOWN;
  }
  return names;
}

/** Finds a column by name, with or without RecBole's `:token`, and regardless of how its accents are encoded. */
function findColumn(header: string[], name: string): number {
  const exact = header.indexOf(name);
  if (exact >= 0) return exact;
  const plain = name.normalize("NFC");
  return header.findIndex((column) => column.normalize("NFC").replace(/:[a-z_]+$/, "") === plain);
}

/** Returns the names in a header that are common for a role, the best first. */
function knownColumns(role: ColumnRole, header: string[]): string[] {
  const rank = (name: string) => ALIASES[role].indexOf(plain(name));
  return header.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b));
}

/** Returns the column of a header that most likely has a role. */
export function knownColumn(role: ColumnRole, header: string[]): string | undefined {
  return knownColumns(role, header)[0];
}

function takeKnown(role: ColumnRole, header: string[], warnings: string[], path: string): string | undefined {
  const [best, ...others] = knownColumns(role, header);
  if (others.length > 0) {
    warnings.push(
      `${path}: took column ${quoteAll([best])} as the ${role}, not ${
        quoteAll(others)
      }; say otherwise with --columns`,
    );
  }
  return best;
}

/**
 * Assigns roles to columns by position.
 *
 * @param count Number of columns in the source.
 * @param header The source's names of the columns; left out if it has no header.
 */
export function columnsByPosition(
  path: string,
  count: number,
  roles: readonly (ColumnRole | undefined)[],
  header?: string[],
): Columns {
  if (roles.length > count) {
    throw new InputError(
      `Cannot read ${path}: --columns names ${roles.length} columns, but it has ${count}; skip one with _ or name fewer`,
    );
  }
  const columns: Partial<Record<ColumnRole, Column>> = {};
  for (const [index, role] of roles.entries()) {
    if (role) columns[role] = { index, name: header?.[index] ?? `column ${index + 1}` };
  }
  return columns as Columns;
}
