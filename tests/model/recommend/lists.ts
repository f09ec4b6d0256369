/** A small dataset to recommend from, and a method whose lists are obvious. */
import type { Sketch } from "../../pipeline/export/dataset.ts";
import { Stub } from "../stub.ts";

/** Items a … e are 1 … 5. */
export const SKETCH: Sketch = {
  sequences: { ann: ["a", "b", "e"], "小明": ["e", "d", "a", "d"], cid: ["a", "b", "c", "d", "e"] },
  items: Object.fromEntries(Array.from("abcde", (id) => [id, { title: id === "c" ? null : `Title ${id}` }])),
};

/** The reason why sources of such a dataset are not read: no preparation made it. */
export const NO_OPTIONS =
  "it was prepared with options that no longer exist: Nothing to prepare: give --data FILE, or --dataset NAME for a known data set " +
  "(--dataset demo needs no file)";

/** Item j has the score j. */
export const ascending = () => new Stub(5, (_, item) => item);
