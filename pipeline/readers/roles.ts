/**
 * Assigns roles to the columns of a source: as the user says, or by the names that data sets commonly use.
 *
 * @module
 */
import { didYouMean, InputError, nearestWord } from "../contract/errors.ts";
import { type ColumnRole, ROLES } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { firstRepeated } from "../contract/options/shapes.ts";

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
          ? "; for a table of items give itemColumns, of users userColumns"
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

/** Words in names that indicate times: `ordered_on`, `createdAt`, `order date`. */
const TIME_WORDS = /^(at|on|when|time|times|timestamp|ts|date|datetime|day|unixtime)$/;

/** Names that can follow an option without quoting. */
const SIMPLE = /^[\w.-]+$/;

/** Checks whether a column name stands for only a part of a date. */
export const isPartOfDate = (name: string): boolean =>
  /^(year|month|week|day|weekday|hour|minute)s?$/i.test(name);

/** Splits a name into lower-case words, also RecBole's `order_date:token`. */
const wordsOf = (name: string): string[] =>
  name.replace(/:[a-z_]+$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** Returns the names that indicate times: by their last word, or by their first if that is `date`. Parts of a date do not count. */
export function timeNames(names: readonly string[]): string[] {
  const isDivided = names.some((name) => /^months?$/i.test(name));
  return names.filter((name) => {
    const words = wordsOf(name), last = words.at(-1) ?? "";
    if (last === "day" && (isDivided || words.at(-2) === "of")) return false;
    return TIME_WORDS.test(last) || /(date|time|timestamp)$/.test(last) || words[0] === "date";
  });
}

/**
 * Returns the remark that rows count as ordered by time, with any unused columns that look like times.
 *
 * @param uses The taken and unused columns of each file.
 */
export function noTime(uses: readonly ColumnUse[]): string {
  const remark = "no timestamps: the order of the rows counts as the order of time";
  const found = [...new Set(timeNames(uses.flatMap(({ unused }) => unused)))];
  if (found.length === 0) return remark;
  const roles = { ...uses[0].taken, timestamp: found[0] };
  const isSimple = Object.values(roles).every((name) => SIMPLE.test(name));
  const wish = isSimple
    ? `--columns ${Object.entries(roles).map(([role, name]) => `${role}=${name}`).join(",")}`
    : "--columns, as timestamp=…";
  return `${remark}; ${quoteAll(found)} ${
    found.length === 1 ? "looks like a time and is" : "look like times and are"
  } not used: to order by ${found.length === 1 ? "it" : "the first"} give ${wish}`;
}

/** Returns some of the values of a column as text, by its position in the header; none where they are not at hand. */
export type SampleValues = (column: number) => readonly string[];

/** Texts that begin with a date: `2024-03-01T…`, `1.3.2024 …`, `03/01/24`, `1 Mar 2024`, `Mar 1, 2024`, `Tue Apr 03 … 2012`, `2024年…`. */
const DATE = new RegExp(
  String
    .raw`^(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d\d)|\d{1,2}[-/ ][a-z]{3}[-/ ]\d{4}|` +
    String
      .raw`[a-z]{3} \d{1,2},? \d{4}|(mon|tue|wed|thu|fri|sat|sun),? .*\d{4}.*|\d{4}[年년].*)(?=$|[\sT,:])`,
  "i",
);

const filled = (values: readonly string[]) =>
  values.map((value) => value.trim()).filter((value) => value !== "");

/** Checks whether values are dates, in any usual format. */
export function areDates(values: readonly string[]): boolean {
  const texts = filled(values);
  return texts.length > 0 && texts.every((text) => DATE.test(text));
}

/** Checks whether nothing among the values rules out that they are times: all are numbers or dates. */
export const canBeTimes = (values: readonly string[]): boolean =>
  filled(values).every((text) => Number.isFinite(Number(text)) || DATE.test(text));

/** Returns the text, with its end cut off if it is long. */
export const shorten = (text: string, max = 80): string =>
  text.length > max ? text.slice(0, max - 1) + "…" : text;

/** Maximum number of names in one message. */
const MOST = 30;

/** Puts names in quotes and separates them by commas; of many names, lists only the first ones. */
export function quoteAll(names: readonly string[]): string {
  const quoted = names.slice(0, MOST).map((name) => JSON.stringify(shorten(name)));
  return quoted.join(", ") + (names.length > MOST ? ` … (${names.length} in all)` : "");
}
