import assert from "node:assert/strict";
import { formatSize, parseSize } from "../../../../pipeline/contract/options/shapes.ts";

Deno.test("a size is written as it may be given", () => {
  const sizes = ["512MiB", "1KiB", "1.5GiB", "2GiB", "3.2TiB"];
  assert.deepEqual(sizes.map((text) => formatSize(parseSize(text)!)), sizes);
  assert.deepEqual([0, 35, 1023, 1024 ** 5].map(formatSize), ["0B", "35B", "1023B", "1024TiB"]);
});
