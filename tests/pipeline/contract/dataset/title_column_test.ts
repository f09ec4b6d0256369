import assert from "node:assert/strict";
import { titleAmong } from "../../../../pipeline/contract/dataset/item_features.ts";

Deno.test("which column items are known by", () => {
  const feature = (name: string) => ({ name, column: `${name}_code` });
  const own = ["item", "id", "interactions", "popularity"];
  assert.equal(titleAmong([...own, "price"], []), undefined);
  assert.equal(titleAmong([...own, "name", "title"], []), "title");
  assert.equal(titleAmong([...own, "brand_name", "Name"], []), "Name");
  assert.equal(titleAmong([...own, "brand_name", "article_name"], [feature("brand_name")]), "article_name");
  assert.equal(titleAmong([...own, "brand_name", "brand_name_code"], [feature("brand_name")]), undefined);
  assert.equal(titleAmong([...own, "brand_name", "title"], [feature("title")]), "title", "a feature, too");
});
