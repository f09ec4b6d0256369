import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { filterInteractions } from "../../pipeline/filter.ts";
import { checkSchema } from "../../pipeline/schema.ts";
import { buildVocabulary, type VocabularyOptions } from "../../pipeline/vocabulary.ts";
import { columnsOf, handExpected, handFrame, randomRows, rawFrame, shuffled } from "./frames.ts";

const prepared = async (rows: string[][]) => (await checkSchema(rawFrame(rows))).frame;

Deno.test("vocabulary: dense ids from 1 in the order of the original ids, which are kept", async () => {
  const kept = filterInteractions((await checkSchema(handFrame())).frame).frame;
  const { frame, users, items, report } = buildVocabulary(kept);
  assert.deepEqual(columnsOf(users).id, handExpected.keptUsers);
  assert.deepEqual(columnsOf(users).user, [1, 2, 3, 4, 5]);
  assert.deepEqual(columnsOf(users).interactions, [10, 10, 12, 10, 11]);
  const counts = Object.fromEntries(
    (columnsOf(items).id as string[]).map((id, i) => [id, columnsOf(items).interactions[i]]),
  );
  assert.deepEqual(counts, handExpected.interactions);
  assert.deepEqual(report.counts, { users: 5, items: 17 });
  // Every row still says the same in original ids.
  const ids = columnsOf(users).id as string[];
  assert.deepEqual((columnsOf(frame).user as number[]).map((u) => ids[u - 1]), columnsOf(kept).user);
});

Deno.test("vocabulary: whole numbers go by value; 007 and 7 are two ids and make them text", async () => {
  const ids = async (...users: string[]) =>
    columnsOf(buildVocabulary(await prepared(users.map((user, i) => [user, "i", String(i)]))).users).id;
  assert.deepEqual(await ids("10", "9", "100", "-1"), ["-1", "9", "10", "100"]);
  assert.deepEqual(await ids("10", "9", "007", "7"), ["007", "10", "7", "9"]);
  assert.deepEqual(await ids("é", "z", "a", "Z", "中", "🦊"), ["Z", "a", "z", "é", "中", "🦊"]);
});

Deno.test("vocabulary: ids keep the spaces that they begin or end with, and a warning says how many do", async () => {
  const { users, report } = buildVocabulary(
    await prepared([[" u", "i j", "1"], ["u", "i j", "2"], ["v\t", "k", "3"], ["w x", "k", "4"]]),
  );
  assert.deepEqual(columnsOf(users).id, [" u", "u", "v\t", "w x"]);
  assert.deepEqual(report.warnings, [
    'ids of users that begin or end with a space: 2 of 4, as " u"; it is kept: remove it from the data if it is not part of the id',
  ]);
});

Deno.test("vocabulary: ids that look like another one are others, and a warning shows how they differ", async () => {
  const log = await prepared([["u", "Cafe\u0301", "1"], ["u", "Caf\u00e9", "2"], [
    "\u00a0v",
    "Tea\u200b",
    "3",
  ]]);
  const { items, report } = buildVocabulary(log);
  assert.equal(items.height, 3);
  assert.deepEqual(report.warnings, [
    'ids of users that begin or end with a space: 1 of 2, as "\\u{a0}v"; it is kept: remove it from the data if it is not part of the id',
    'ids of items that look like another one: 1 of 3, as "Cafe\\u{301}" like "Caf\u00e9"; each counts for itself: if they are one, write them ' +
    "alike in the data, in Unicode's form NFC and without what nobody sees",
  ]);
  const side = (...ids: string[]) => pl.DataFrame({ id: ids, title: ids });
  const { warnings } = buildVocabulary(log, { items: side("Tea", "Caf\u00e9", "Cafe\u0301") }).report;
  assert.match(
    warnings.join("\n"),
    /1 of 3 items are not in the table of items; ids of them that look like one there: 1, as "Tea\\u\{200b\}" like "Tea" in the table of items: write/,
  );
  assert.throws(
    () => buildVocabulary(log, { items: side("Tea") }),
    /none of its 1 ids is one of the 3 .*; ids of them that look like one there: 1, as "Tea\\u\{200b\}" like "Tea"/,
  );
});

Deno.test("vocabulary: what programs write where there is no id counts as one, with a word on it", async () => {
  const { users, report } = buildVocabulary(
    await prepared([["NA", "x", "1"], ["NA", "y", "2"], ["\\N", "x", "3"], ["nana", "none so blind", "4"], [
      "nana",
      "NA",
      "5",
    ]]),
  );
  assert.deepEqual(columnsOf(users).id, ["NA", "\\N", "nana"]);
  assert.deepEqual(report.warnings, [
    `ids that may stand for nothing: users "NA" in 2, "\\\\N" in 1; items "NA" in 1 of 5 interactions; if they do, --null-values 'NA,\\N' leaves their rows out`,
  ]);
});

Deno.test("vocabulary: -1 may stand for nothing too, except among other negative ids", async () => {
  const warningsFor = async (...users: string[]) =>
    buildVocabulary(await prepared(users.map((user, i) => [user, i % 2 === 0 ? "x" : "y", `${i}`]))).report
      .warnings;
  assert.deepEqual(await warningsFor("-1", "7", "8", "-1"), [
    `ids that may stand for nothing: users "-1" in 2 of 4 interactions; if they do, --null-values '-1' leaves their rows out`,
  ]);
  assert.match((await warningsFor("-1.0", "7.0", "NULL")).join(), /"-1\.0" in 1, "NULL" in 1 of 3/);
  assert.deepEqual(await warningsFor("-1", "7", "-8", "-12", "-15"), []);
  assert.deepEqual(await warningsFor("-10", "7"), []);
});

Deno.test("vocabulary: a column that only words for nothing keep from being numeric is warned of", async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `i${i}`);
  const items = pl.DataFrame({ id: ids, price: ids.map((_, i) => i === 3 ? "NULL" : `${i}`) });
  const log = await prepared(ids.map((id, i) => ["u", id, `${i}`]));
  assert.match(
    buildVocabulary(log, { items }).report.warnings.join(),
    /"price" are numbers, except for "NULL" in 1 of 40 items, .* give --null-values 'NULL'$/,
  );
});

Deno.test("vocabulary: does not depend on the order of rows", async () => {
  const rows = randomRows(3);
  const one = buildVocabulary(await prepared(rows)),
    other = buildVocabulary(await prepared(shuffled(rows, 5)));
  assert.deepEqual(one.users.rows(), other.users.rows());
  assert.deepEqual(one.items.rows(), other.items.rows());
});

Deno.test("vocabulary: side tables are joined and features encoded", async () => {
  const frame = await prepared([["u", "b", "1"], ["u", "a", "2"], ["v", "c", "3"]]);
  const side = pl.DataFrame({ id: ["a", "b", "z"], title: ["A", "B", "Z"], genres: ["x|y", "y", "x"] });
  const { items, features, featureInfo, report } = buildVocabulary(frame, {
    items: side,
    features: [{ name: "genres", kind: "multi" }],
  });
  assert.deepEqual(columnsOf(items).title, ["A", "B", null]);
  assert.deepEqual(
    items.getColumn("genres_codes").toArray().map((codes) => [...(codes as unknown as number[])]),
    [
      [1, 2],
      [2],
      [],
    ],
  );
  assert.deepEqual(columnsOf(features), {
    feature: ["genres", "genres"],
    code: [1, 2],
    value: ["x", "y"],
    items: [1, 2],
  });
  assert.equal(featureInfo[0].values, 2);
  assert.match(report.warnings[0], /1 of 3 items are not in the table of items/);
});

Deno.test("vocabulary: of lists of values each keeps its end but the last, other texts stay as they are", async () => {
  const side = pl.DataFrame({ id: ["a", "b"], tags: ["x|y\u001fz\u001f", "z\u001f"], note: ["p|q|", "r"] });
  const frame = await prepared([["a", "b", "1"], ["b", "a", "2"]]);
  const { users, items } = buildVocabulary(frame, { users: side, items: side, features: [] });
  for (const table of [users, items]) {
    assert.deepEqual([columnsOf(table).tags, columnsOf(table).note], [["x|y\u001fz", "z"], ["p|q|", "r"]]);
  }
});

Deno.test("vocabulary: the report says what became of the columns of side tables that there are", async () => {
  const frame = await prepared([["u", "b", "1"], ["u", "a", "2"], ["v", "a", "3"]]);
  const items = pl.DataFrame({ id: ["a", "b"], title: ["A", "B"], genres: ["x|y", "y"], note: ["n", "m"] });
  const users = pl.DataFrame({ id: ["u", "v"], city: ["P", "Q"], age: [20, 30] });
  const tables = (options: VocabularyOptions) =>
    buildVocabulary(frame, { features: [], ...options }).report.tables;
  const ofUsers = { features: [], kept: ["city", "age"] };
  assert.equal(tables({}), undefined);
  assert.deepEqual(tables({ users }), { users: ofUsers });
  assert.deepEqual(tables({ items, users, features: [{ name: "genres", kind: "multi" }] }), {
    items: { title: "title", features: ["genres"], kept: ["note"] },
    users: ofUsers,
  });
});

Deno.test("vocabulary: side tables that cannot be joined", async () => {
  const frame = await prepared([["u", "b", "1"]]);
  assert.throws(
    () => buildVocabulary(frame, { items: pl.DataFrame({ id: ["x"], title: ["X"] }) }),
    /none of its 1 ids .*such as "b" here, "x" there/,
  );
  assert.throws(
    () => buildVocabulary(frame, { items: pl.DataFrame({ id: ["b"], interactions: ["X"] }) }),
    /column "interactions" has a name the dataset uses; .* itemColumns: own_interactions=interactions$/,
  );
  assert.throws(
    () => buildVocabulary(frame, { items: pl.DataFrame({ id: ["b"], popularity: ["1"] }) }),
    /column "popularity" has a name the dataset uses; call it something else/,
  );
  const users = pl.DataFrame({ id: ["u"], popularity: ["1"], _known: ["x"] });
  assert.deepEqual(buildVocabulary(frame, { users }).users.columns, [
    "user",
    "id",
    "interactions",
    "popularity",
    "_known",
  ]);
  assert.throws(
    () => buildVocabulary(frame, { features: [{ name: "genres", kind: "multi" }] }),
    /name its file with --items/,
  );
  // How often an item was chosen, which includes the test part, must not be a feature.
  const items = pl.DataFrame({ id: ["b"], genre: ["X"] });
  for (const name of ["interactions", "item"]) {
    assert.throws(
      () => buildVocabulary(frame, { items, features: [{ name, kind: "categorical" }] }),
      new RegExp(`Cannot encode feature "${name}": the item table has no such column; it has genre$`),
    );
  }
});
