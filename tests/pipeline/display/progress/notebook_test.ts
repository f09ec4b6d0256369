import assert from "node:assert/strict";
import { notebookProgress } from "../../../../pipeline/display/progress/notebook.ts";
import { speakInCode } from "../../../../pipeline/display/text/option_names.ts";
import { withDisplay } from "../../../../pipeline/display/with_display.ts";
import { assertVisible, EVIL } from "../../../unseen.ts";

/** A notebook that records what was sent, with a clock and timers set by hand. */
function notebook() {
  const sent: string[] = [], clock = { ms: 0 }, waiting: (() => void)[] = [];
  const progress = notebookProgress({
    now: () => clock.ms,
    broadcast: (_type, content) => {
      sent.push((content as { data: Record<string, string> }).data["text/plain"]);
    },
    later: (draw) => waiting.push(draw),
  });
  const work = (label: string, ms: number, note?: string) => {
    const task = progress.start(label, 10);
    clock.ms += ms;
    task.advance(10);
    task.end(note);
  };
  return { progress, sent, clock, waiting, work };
}

Deno.test("tasks of one kind share a line: the newest, how many, how long in all", () => {
  const { work, sent } = notebook();
  for (let epoch = 1; epoch <= 12; epoch++) {
    work(`epoch ${epoch}`, 1000, `loss ${epoch}`);
    work("evaluating", 500);
  }
  assert.equal(
    sent.at(-1),
    "✓ epoch 12: loss 12 (1.0 s), the last of 12 in 12 s\n✓ evaluating (0.5 s), the last of 12 in 6.0 s",
  );
});

Deno.test("parts of different work have lines of their own, those of work of one kind share one", () => {
  const { work, sent, progress } = notebook();
  const within = (label: string, parts: () => void) => {
    const whole = progress.start(label);
    parts();
    whole.end();
  };
  for (const [i, method] of ["AutoMLP", "SASRec"].entries()) {
    within(`method ${i + 1} of 2, ${method}`, () => [1, 2].forEach((epoch) => work(`epoch ${epoch}`, 1000)));
  }
  for (const k of [1, 2]) within(`training with k = ${k}`, () => work("epoch 1", 1000));
  assert.deepEqual(sent.at(-1)!.split("\n"), [
    "✓ epoch 2 (1.0 s), the last of 2 in 2.0 s",
    "✓ method 1 of 2, AutoMLP (2.0 s)",
    "✓ epoch 2 (1.0 s), the last of 2 in 2.0 s",
    "✓ method 2 of 2, SASRec (2.0 s)",
    "✓ epoch 1 (1.0 s), the last of 2 in 2.0 s",
    "✓ training with k = 2 (1.0 s), the last of 2 in 2.0 s",
  ]);
});

Deno.test("tasks of one kind that run beside each other share a line", () => {
  const { sent, progress, clock } = notebook(), [a, b] = [1, 2].map((i) => progress.start(`trial ${i}`));
  clock.ms += 1000;
  a.end();
  b.end();
  assert.equal(sent.at(-1), "✓ trial 2 (1.0 s), the last of 2 in 2.0 s");
});

Deno.test("short tasks leave a line together, and the longest of all where none is worth one", () => {
  const { work, sent, progress } = notebook();
  work("reading", 30);
  work("filtering", 90, "half of it");
  work("writing", 20);
  assert.equal(sent.at(-1), "✓ filtering: half of it (0.1 s)");
  for (let i = 0; i < 20; i++) work(`step ${i}`, 50);
  progress.flush();
  assert.equal(sent.at(-1), "✓ step 19 (0.1 s), the last of 20 in 1.0 s");
});

Deno.test("many kinds do not make a wall", () => {
  const { work, sent } = notebook();
  for (const letter of "abcdefghijklmnopqrst") work(letter, 600);
  const lines = sent.at(-1)!.split("\n");
  assert.equal(lines.length, 12);
  assert.equal(lines[0], "✓ 9 more before");
  assert.equal(lines[11], "✓ t (0.6 s)");
});

Deno.test("where lines are left out, warnings and what was stopped stay", () => {
  const { progress, work, sent } = notebook();
  progress.warn("no titles");
  progress.remark!("12 columns");
  progress.start("writing").end("half", "cut short");
  for (const letter of "abcdefghijklmnopqrst") work(letter, 600);
  const lines = sent.at(-1)!.split("\n");
  assert.deepEqual([lines.length, ...lines.slice(0, 4)], [
    12,
    "✓ 12 more before",
    "⚠ no titles",
    "◐ writing: half (0.0 s)",
    "✓ l (0.6 s)",
  ]);
  for (let i = 0; i < 13; i++) progress.warn(`warning ${i}`);
  progress.flush();
  assert.deepEqual(sent.at(-1)!.split("\n").slice(0, 2), ["⚠ 25 more before", "⚠ warning 2"]);
});

Deno.test("a remark is shown once, however often it is made", () => {
  const { progress, sent } = notebook();
  progress.warn("no time column");
  progress.warn("no time column");
  assert.equal(sent.at(-1), "⚠ no time column");
});

Deno.test("a remark does not hide what was done, however short it was", () => {
  const { work, progress, sent } = notebook();
  progress.warn("no time column");
  work("reading", 30);
  progress.flush();
  assert.equal(sent.at(-1), "⚠ no time column\n✓ reading (0.0 s)");
});

Deno.test("a warning that the cell's result tells is taken back, as it was worded; others stay", async () => {
  const { work, progress, sent } = notebook();
  speakInCode();
  work("reading", 600);
  progress.warn("no time column; see --columns");
  progress.warn("the cache is full");
  const view = { text: () => "told", html: () => "told", warnings: () => ["no time column; see --columns"] };
  const all = "✓ reading (0.6 s)\n⚠ no time column; see columns\n⚠ the cache is full";
  for (const other of [undefined, null, 7, {}, withDisplay({}, { ...view, warnings: undefined })]) {
    await progress.ended(other);
    assert.equal(sent.at(-1), all);
  }
  await progress.ended(withDisplay({}, view));
  assert.equal(sent.at(-1), "✓ reading (0.6 s)\n⚠ the cache is full");
});

Deno.test("a thousand short tasks are drawn as often as one long one, and the last picture is the right one", () => {
  const { work, sent, waiting, progress, clock } = notebook();
  for (let i = 0; i < 1000; i++) work(`step ${i}`, 5); // 5 s
  assert(sent.length <= 16 + 4 * 5 + 2, `${sent.length} messages`);
  assert(waiting.length > 0);
  clock.ms += 250;
  waiting.at(-1)!();
  assert.equal(sent.at(-1), "✓ step 999 (0.0 s), the last of 1000 in 5.0 s");
  const drawn = sent.length;
  progress.flush();
  assert.equal(sent.length, drawn, "nothing waits any more");
});

Deno.test("stopped: a task that ends with work left says so, one that is complete does not", () => {
  const { progress, sent, clock } = notebook();
  const epoch = progress.start("epoch 3", 200), writing = progress.start("writing", 10);
  epoch.advance(76);
  writing.advance(10);
  clock.ms = 900;
  progress.stop();
  epoch.end("loss 0.4");
  writing.end();
  assert.equal(sent.at(-1), "■ epoch 3: stopped at 38%; loss 0.4\n✓ writing (0.9 s)");
});

Deno.test("a task that failed says so however short it was; a remark stands once", () => {
  const { progress, sent } = notebook();
  progress.remark!("read, too: u.item");
  progress.remark!("read, too: u.item");
  progress.start("training").end(undefined, "stopped");
  assert.equal(sent.at(-1), "· read, too: u.item\n■ training: stopped");
});

Deno.test("a task that ran out of time has a line of its own, without a ✓", () => {
  const { progress, sent, work } = notebook();
  work("epoch 1", 1000);
  const epoch = progress.start("epoch 2", 10);
  epoch.advance(4);
  epoch.end("cut short by the budget after 1.4 of 3 epochs", "cut short");
  assert.equal(
    sent.at(-1),
    "✓ epoch 1 (1.0 s)\n◐ epoch 2: cut short by the budget after 1.4 of 3 epochs (0.0 s)",
  );
});

Deno.test("failed: a task that nobody ended is shown as stopped, until it continues after all", () => {
  const { progress, sent, clock } = notebook();
  const task = progress.start("reading", 100, "rows");
  clock.ms = 300;
  task.advance(50);
  progress.close();
  assert.equal(sent.at(-1), "■ reading: stopped at 50%");
  clock.ms = 1000;
  task.advance(10);
  assert.equal(sent.at(-1), "reading  60% · 0.7 s left · 60/100 rows · 60 rows/s");
});

Deno.test("what was done before work is resumed is no part of its rate", () => {
  const { progress, sent, clock } = notebook();
  const task = progress.start("epoch 8", 100, "examples");
  task.advance(60, "before");
  clock.ms = 2000;
  task.advance(10);
  assert.equal(sent.at(-1), "epoch 8  70% · 6.0 s left · 70/100 examples · 5 examples/s");
});

Deno.test("text is escaped, and a bar has a name for those who cannot see it", () => {
  let html = "";
  const progress = notebookProgress({
    broadcast: (_type, content) => {
      html = (content as { data: Record<string, string> }).data["text/html"];
    },
  });
  progress.start('<i>"a"</i>', 2).advance(1);
  assert(html.includes('<progress value="0.0000" aria-label="&lt;i&gt;&quot;a&quot;&lt;/i&gt;"'), html);
  assert(!html.includes("<i>"));
});

Deno.test("what cannot be seen is shown by its code: of running, finished and stopped tasks, and of remarks", () => {
  const sent: Record<string, string>[] = [];
  const progress = notebookProgress({
    now: () => 0,
    broadcast: (_type, content) => void sent.push((content as { data: Record<string, string> }).data),
  });
  progress.start(EVIL, 2).end(EVIL);
  progress.warn(EVIL);
  progress.start(EVIL, 2);
  progress.close();
  assert(sent.length >= 4);
  for (const data of sent) {
    assertVisible(data["text/html"]);
    assertVisible(data["text/plain"]);
  }
});
