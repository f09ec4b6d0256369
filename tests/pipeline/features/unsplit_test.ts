import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { inferFeatures } from "../../../pipeline/features.ts";
import { unsplit } from "../../../pipeline/features/unsplit.ts";

Deno.test("several values in a way that is not certain: what says so, and what to do; sentences and titles are none", () => {
  const column = (name: string, value: (i: number) => string | null) =>
    pl.Series(name, Array.from({ length: 60 }, (_, i) => value(i)), pl.String);
  const items = pl.DataFrame([
    column("id", (i) => `i${i}`),
    column("genre", (i) => ["Drama, Romance", "Comedy", "Drama, Comedy, Action", null][i % 4]),
    column("tags", (i) => ["[27, 9]", "[8]", "['a', 'b']"][i % 3]),
    column("categories", (i) => ["a", "b", "c", "d"].slice(i % 3, 1 + i % 4).concat(`e${i % 9}`).join(",")),
    column("note", (i) => `Jersey top ${i}, with ${i * 7} buttons, ${i * 3} gram`),
    column("shop", () => "one, two"),
    column("attributes", (i) => [`{"Bar":"no","Park":"no"}`, `{"Bar":"yes","Park":"no"}`][i % 2]),
    column("prod_name", (i) => ["Top, red", "Top, blue"][i % 2]),
    column("genres", (i) => ["a|b, c", "b, c"][i % 2]),
    column("brand", (i) => ["Ax", "By, Co"][i % 9 ? 0 : 1]),
  ]);
  const found = unsplit(items, inferFeatures(items));
  assert.deepEqual(found.map((remark) => /"(.+?)"/.exec(remark)![1]), ["genre", "tags", "categories"]);
  assert.equal(
    found[0],
    `the values of "genre" have commas, as "Drama, Romance", and count as they are: to take them apart name the features by --features, and among them 'genre:multi:\\,'`,
  );
  assert.match(found[1], /look like lists, as "\[27, 9\]", .*with \| between their values$/);
});
