import assert from "node:assert/strict";
import { type DroppedRows, droppedWords, reasonWords } from "../../../../pipeline/contract/stage/dropped.ts";

const users: DroppedRows = {
  reason: "users with fewer than 10 interactions",
  rows: 1528,
  ids: { of: "users", dropped: 85, before: 1500 },
  option: { name: "minUser", value: 10 },
};

Deno.test("dropped users are told in users, their rows in rows, with the option as its reader writes it", () => {
  const told = "85 of 1,500 users with fewer than 10 interactions";
  assert.equal(droppedWords(users, "command"), `${told} (1,528 rows): --min-user 10`);
  assert.equal(droppedWords(users, "code"), `${told} (1,528 rows): minUser: 10`);
  assert.equal(reasonWords(users, "command"), `${told}: --min-user 10`);
});

Deno.test("rows that were dropped one by one have no users, and what nobody asked for no option", () => {
  const repeated = {
    reason: "duplicate interaction (kept the first)",
    rows: 1,
    option: { name: "duplicates", value: "first" },
  };
  assert.equal(
    droppedWords(repeated, "command"),
    "1 row, duplicate interaction (kept the first): --duplicates first",
  );
  assert.equal(
    droppedWords(repeated, "code"),
    '1 row, duplicate interaction (kept the first): duplicates: "first"',
  );
  assert.equal(droppedWords({ reason: "blank line", rows: 2 }, "command"), "2 rows, blank line");
  assert.equal(reasonWords({ reason: "blank line", rows: 2 }, "command"), "blank line");
});
