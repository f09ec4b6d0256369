import assert from "node:assert/strict";
import "../../../mod.ts"; // from here on, options are named as in code
import { factsHtml } from "../../../model/views/report.ts";
import { finished } from "./example.ts";

Deno.test("in a cell: what the data came to, with options in the words of code", async () => {
  const html = await factsHtml(finished);
  for (
    const part of [
      "Data: 20,000 interactions of 1,000 users with 200 items",
      "Dropped 5 of 1,005 users with fewer than 10 interactions (50 rows): minUser: 10",
      "Columns: user = customer, item; not used: qty",
      "Columns of items: id; title = name; features: maker",
    ]
  ) assert.ok(html.includes(part), part);
  assert.doesNotMatch(html, /--min-user/);
});
