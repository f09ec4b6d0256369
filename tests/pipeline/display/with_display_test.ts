import assert from "node:assert/strict";
import { lineView, withDisplay } from "../../../pipeline/display/with_display.ts";
import { assertVisible, EVIL, SEEN } from "../../unseen.ts";

type Display = Record<symbol, () => Promise<Record<string, string>>>;

Deno.test("a view's text shows what cannot be seen by its code, and keeps its lines; the data stay as they are", async () => {
  const value = withDisplay({ id: EVIL }, { text: () => `first\n${EVIL}`, html: () => "<b>html</b>" });
  const display = await (value as unknown as Display)[Symbol.for("Jupyter.display")]();
  assert.deepEqual(display, { "text/html": "<b>html</b>", "text/plain": `first\n${SEEN}` });
  assert.equal(String(value), `first\n${SEEN}`);
  assert.equal(Deno.inspect(value), `first\n${SEEN}`);
  assert.deepEqual(Object.entries(value), [["id", EVIL]]);
});

Deno.test("a line is one line", async () => {
  const { text, html } = lineView(`${EVIL}\n`);
  assert.equal(text(), `${SEEN}\\n`);
  assertVisible(await html());
});
