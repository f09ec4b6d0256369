import assert from "node:assert/strict";
import { Shown } from "../../../pipeline/display/shown.ts";

const displayOf = (value: Shown) =>
  (value as unknown as Record<symbol, () => Promise<Record<string, string>>>)
    [Symbol.for("Jupyter.display")]();

class Sum extends Shown {
  constructor(readonly a: number, readonly b: number) {
    super();
  }
  toString(): string {
    return `${this.a} + ${this.b}`;
  }
  toHtml(): string {
    return `<b>${this.a + this.b}</b>`;
  }
}

class Later extends Shown {
  toString(): string {
    return "later";
  }
  toHtml(): Promise<string> {
    return Promise.resolve("<i>later</i>");
  }
}

Deno.test("what shows itself gives a notebook HTML and text, and the console the text; its data stay as they are", async () => {
  const sum = new Sum(2, 3);
  assert.deepEqual(await displayOf(sum), { "text/html": "<b>5</b>", "text/plain": "2 + 3" });
  assert.equal((await displayOf(new Later()))["text/html"], "<i>later</i>");
  assert.equal(Deno.inspect(sum), "2 + 3");
  assert.equal(`${sum}`, "2 + 3");
  assert.deepEqual({ ...sum }, { a: 2, b: 3 });
  assert.equal(JSON.stringify(sum), '{"a":2,"b":3}');
});
