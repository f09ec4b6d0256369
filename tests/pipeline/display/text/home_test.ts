import assert from "node:assert/strict";
import { withoutHome } from "../../../../pipeline/display/text/home.ts";

Deno.test("a home folder is not called by whose it is", () => {
  for (
    const [text, said] of [
      ["/home/ann/data", "~/data"],
      ["--data '/home/ann/logs/*.csv' --out /Users/ann.smith/run", "--data '~/logs/*.csv' --out ~/run"],
      ["/root/data,/home/ann", "~/data,~"],
      [JSON.stringify({ dataset: "C:\\Users\\Ann\\data" }), '{"dataset":"~\\\\data"}'],
      ["C:\\Users\\Ann\\data", "~\\data"],
      ["--dataset=/home/ann/data", "--dataset=~/data"],
    ]
  ) assert.equal(withoutHome(text), said);
});

Deno.test("what only looks like one stays as it is", () => {
  for (
    const text of [
      "https://shop/home/garden/1",
      "data/home/ann",
      "/homes/ann",
      "/rooted/a",
      "~/home/x",
      "/srv/home/a",
    ]
  ) {
    assert.equal(withoutHome(text), text);
  }
});
