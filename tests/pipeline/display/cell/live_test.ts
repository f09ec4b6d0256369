import assert from "node:assert/strict";
import { live } from "../../../../pipeline/display/cell/live.ts";
import { notebookProgress } from "../../../../pipeline/display/progress/notebook.ts";
import { terminalProgress } from "../../../../pipeline/display/progress/terminal.ts";
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

Deno.test("options of what is shown are refused where there are none", () => {
  const asked = { displayID: "one" } as object, colour = { colour: true } as object;
  const message = /: there is no option displayID \(did you mean "displayId"\?\); the options are /;
  assert.throws(() => live(asked), { name: "InputError", message });
  assert.throws(() => notebookProgress(asked), { name: "InputError", message });
  assert.throws(() => terminalProgress(Deno.stderr, colour), {
    name: "InputError",
    message:
      /^Cannot show progress: there is no option colour \(did you mean "color"\?\); the options are now, columns, color$/,
  });
});

Deno.test("what has neither a display nor a text of its own is refused, as a trial of a tuning is", async () => {
  for (const value of [{ trial: 1, options: {} }, {}, Object.create(null), null, "a text"]) {
    await assert.rejects(() => live().show(value), {
      name: "InputError",
      message:
        /^Cannot call live: its first argument is .*; give something that shows itself, such as the search, the tuning or the experiment, as in live\(\)\.show\(search\)$/,
    });
  }
});
