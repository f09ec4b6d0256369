import assert from "node:assert/strict";
import { live } from "../../../../pipeline/display/cell/live.ts";
import { withDisplay } from "../../../../pipeline/display/with_display.ts";

Deno.test("what is shown live is one output, which is updated in place", async () => {
  const sent: [string, Record<string, unknown>][] = [];
  const broadcast = (type: string, content: Record<string, unknown>) => void sent.push([type, content]);
  const output = live({ broadcast, displayId: "one" }), trials = [1];
  const table = withDisplay({ trials }, { text: () => `${trials}`, html: () => `<b>${trials}</b>` });
  await output.show(table);
  trials.push(2);
  await output.show(table);
  const content = (text: string) => ({
    data: { "text/html": `<b>${text}</b>`, "text/plain": text },
    metadata: {},
    transient: { display_id: "one" },
  });
  assert.deepEqual(sent, [["display_data", content("1")], ["update_display_data", content("1,2")]]);
});

Deno.test("outside a notebook every state is printed", async () => {
  const { log } = console, lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    const output = live();
    for (const n of [1, 2]) await output.show({ toString: () => `state ${n}` });
  } finally {
    console.log = log;
  }
  assert.deepEqual(lines, ["state 1", "state 2"]);
});
