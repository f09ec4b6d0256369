import assert from "node:assert/strict";
import { notebookProgress, terminalProgress, type TextStream } from "../../../pipeline/display/progress.ts";
import { EVIL, SEEN } from "../../unseen.ts";

/** A stream that records what was written, accepting a few bytes at a time like a busy pipe. */
class Memory implements TextStream {
  readonly #bytes: number[] = [];
  constructor(readonly terminal: boolean) {}
  isTerminal = () => this.terminal;
  writeSync(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, 7);
    this.#bytes.push(...taken);
    return taken.length;
  }
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#bytes));
  }
}

/** What a terminal shows after `text`; understands the few codes that progress bars use. */
function screenAfter(text: string): string[] {
  const lines = [""];
  let y = 0, x = 0;
  // deno-lint-ignore no-control-regex
  for (const [token] of text.matchAll(/\x1b\[\d*[A-Za-z]|[^]/g)) {
    if (token === "\r") x = 0;
    else if (token === "\n") {
      x = 0;
      lines[++y] ??= "";
    } else if (token.length > 1 && token.endsWith("A")) y -= Number(token.slice(2, -1));
    else if (token === "\x1b[J") {
      lines.length = y + 1;
      lines[y] = lines[y].slice(0, x);
    } else if (token.endsWith("m") && token.length > 1) continue;
    else lines[y] = lines[y].slice(0, x) + token + lines[y].slice(++x);
  }
  return lines;
}

function terminal(columns = 100, color = false) {
  const stream = new Memory(true), clock = { ms: 0 };
  const progress = terminalProgress(stream, { now: () => clock.ms, columns: () => columns, color });
  return { stream, clock, progress, screen: () => screenAfter(stream.text) };
}

Deno.test("where work stands in longer work is shown while it runs, and not in the line that it leaves", () => {
  const { clock, progress, screen } = terminal();
  const task = progress.start("epoch 3", 10, "examples", "of at most 12");
  assert.deepEqual(screen(), ["epoch 3 · of at most 12  ────────────────────  0%"]);
  clock.ms = 4000;
  task.end();
  progress.start("evaluating", 10);
  assert.deepEqual(screen(), ["✓ epoch 3 (4.0 s)", "evaluating  ────────────────────  0%"]);
});

Deno.test("work without a total has its line to itself; where it stands is asked each time, and may not be known", () => {
  const { clock, progress, screen } = terminal(60);
  let place = "";
  const job = progress.start("phase 2 of 3, training", undefined, undefined, () => place);
  const epoch = progress.start("epoch 3", 10);
  assert.deepEqual(screen(), ["phase 2 of 3, training", "epoch 3  ────────────────────  0%"]);
  place = "at most 1:04 until the evaluation";
  clock.ms = 400;
  epoch.advance(5);
  assert.deepEqual(screen(), [
    "phase 2 of 3, training · at most 1:04 until the evaluation",
    "epoch 3  ━━━━━━━━━━──────────  50%  5/10",
  ]);
  epoch.end();
  clock.ms = 4000;
  job.end();
  assert.deepEqual(screen(), ["✓ phase 2 of 3, training (4.0 s)", ""]);
});

/** What a job shows while it trains: a phase, and an epoch of it. */
function training(columns: number) {
  const { clock, progress, screen } = terminal(columns);
  progress.start("phase 2 of 3, training", undefined, undefined, () => [
    { text: "at most 3:40 until the evaluation", short: "at most 3:40 left" },
    { text: "best NDCG@10 0.4023 in epoch 2", short: "best NDCG@10 0.4023" },
    { text: "12:00 of the budget left", short: "budget 12:00" },
  ]);
  const epoch = progress.start("epoch 3", 52_533, "examples", () => ["of at most 12", "loss 4.720"]);
  clock.ms = 16_000;
  epoch.advance(33_536);
  return screen();
}

Deno.test("where room is short, what matters least is shortened, then left out; no word is cut", () => {
  assert.deepEqual(training(140), [
    "phase 2 of 3, training · at most 3:40 until the evaluation, best NDCG@10 0.4023 in epoch 2, 12:00 of the budget left",
    "epoch 3 · of at most 12  ━━━━━━━━━━━━────────  63%  loss 4.720  9.1 s left  33,536/52,533 examples  2.1 k examples/s",
  ]);
  assert.deepEqual(training(80), [
    "phase 2 of 3, training · at most 3:40 left, best NDCG@10 0.4023, budget 12:00",
    "epoch 3 · of at most 12  ━━━━━━━━━━━━────────  63%  loss 4.720  9.1 s left",
  ]);
  assert.deepEqual(training(66), [
    "phase 2 of 3, training · at most 3:40 left, best NDCG@10 0.4023",
    "epoch 3 · of at most 12  ━━━━━━────  63%  loss 4.720  9.1 s left",
  ]);
  assert.deepEqual(training(45), [
    "phase 2 of 3, training · at most 3:40 left",
    "epoch 3                 63%  loss 4.720",
  ]);
  assert.deepEqual(training(20), ["phase 2 of 3,…", "epoch 3    63%"]);
});

Deno.test("what did not come to its end leaves no ✓: it failed, or the work was stopped", () => {
  const { clock, progress, screen } = terminal(), log = new Memory(false), logClock = { ms: 0 };
  const logged = terminalProgress(log, { now: () => logClock.ms });
  for (const [to, time] of [[progress, clock], [logged, logClock]] as const) {
    const job = to.start("training"), epoch = to.start("epoch 3", 200), writing = to.start("writing", 10);
    epoch.advance(76);
    writing.advance(10);
    time.ms = 2000;
    writing.end(undefined, "stopped");
    to.stop();
    epoch.end("loss 0.4");
    to.start("nothing left to do", 1).end();
    job.end();
  }
  const lines = ["writing: stopped at 100%", "epoch 3: stopped at 38%; loss 0.4", "training: stopped"];
  assert.deepEqual(screen(), [...lines.map((line) => `■ ${line}`), ""]);
  assert.equal(log.text, lines.map((line) => `${line}\n`).join(""));
});

Deno.test("what ran out of time gets no ✓ either, and says what cut it", () => {
  const { clock, progress, screen, stream } = terminal(100, true),
    log = new Memory(false),
    logClock = { ms: 0 };
  const logged = terminalProgress(log, { now: () => logClock.ms });
  for (const [to, time] of [[progress, clock], [logged, logClock]] as const) {
    const phase = to.start("training"), epoch = to.start("epoch 3", 200);
    epoch.advance(76);
    time.ms = 2000;
    epoch.end("cut short by the budget after 2.4 of 3 epochs, loss 0.4", "cut short");
    phase.end(undefined, "cut short");
  }
  const lines = [
    "epoch 3: cut short by the budget after 2.4 of 3 epochs, loss 0.4 (2.0 s)",
    "training: cut short (2.0 s)",
  ];
  assert.deepEqual(screen(), [...lines.map((line) => `◐ ${line}`), ""]);
  assert(stream.text.includes("\x1b[33m◐\x1b[0m epoch 3"), "yellow: neither done nor failed");
  assert.equal(log.text, lines.map((line) => `${line}\n`).join(""));
});

Deno.test("a remark is no warning, on a terminal and in a log", () => {
  const { progress, screen } = terminal(40), log = new Memory(false);
  for (const to of [progress, terminalProgress(log)]) {
    to.remark!("beside it lies more of it, which is read, too");
  }
  assert.deepEqual(screen(), ["note: beside it lies more of it, which", "  is read, too", ""]);
  assert.equal(log.text, "note: beside it lies more of it, which is read, too\n");
});

Deno.test("on a terminal sentences that stay are broken between words, in a log they are one line", () => {
  const { clock, progress, screen, stream } = terminal(40, true), log = new Memory(false);
  progress.warn("The search ended before the candidates could be compared");
  const task = progress.start("training on many interactions", 10);
  clock.ms = 4000;
  task.end("loss 3.2, NDCG@10 0.3561 (the best so far)");
  assert.deepEqual(screen(), [
    "warning: The search ended before the",
    "  candidates could be compared",
    "✓ training on many interactions: loss",
    "  3.2, NDCG@10 0.3561 (the best so far)",
    "  (4.0 s)",
    "",
  ]);
  assert(stream.text.includes("\x1b[33mwarning:\x1b[0m The search"), "the mark has its colour");
  terminalProgress(log).warn("The search ended before the candidates could be compared");
  assert.equal(log.text, "warning: The search ended before the candidates could be compared\n");
});

Deno.test("a bar with label, share, time left, count and rate", () => {
  const { clock, progress, screen } = terminal();
  const task = progress.start("reading ratings.csv", 1_000_000, "rows");
  assert.deepEqual(screen(), ["reading ratings.csv  ────────────────────  0%"]);
  clock.ms = 1000;
  task.advance(250_000);
  assert.deepEqual(screen(), [
    "reading ratings.csv  ━━━━━───────────────  25%  3.0 s left  250,000/1,000,000 rows  250 k rows/s",
  ]);
  clock.ms = 4000;
  task.end("6,040 users");
  task.end("again");
  assert.deepEqual(screen(), ["✓ reading ratings.csv: 6,040 users (4.0 s)", ""]);
});

Deno.test("several bars at once, a remark above them, and one line for each that ended", () => {
  const { clock, progress, screen } = terminal();
  const reading = progress.start("reading", 100, "rows"),
    hashing = progress.start("hashing", undefined, "bytes");
  clock.ms = 1000;
  reading.advance(50);
  clock.ms = 2000;
  hashing.advance(3_000_000);
  progress.warn("timestamps look like milliseconds");
  assert.deepEqual(screen(), [
    "warning: timestamps look like milliseconds",
    "reading  ━━━━━━━━━━──────────  50%  2.0 s left  50/100 rows  25 rows/s",
    "hashing  3 MB  1.5 MB/s",
  ]);
  reading.end();
  hashing.end("done");
  assert.deepEqual(screen(), [
    "warning: timestamps look like milliseconds",
    "✓ reading (2.0 s)",
    "✓ hashing: done (2.0 s)",
    "",
  ]);
});

Deno.test("a short task leaves nothing, and close takes a bar away", () => {
  const { clock, progress, screen } = terminal();
  const task = progress.start("a moment");
  clock.ms = 400;
  task.end("done");
  assert.deepEqual(screen(), [""]);
  progress.start("work that fails");
  progress.close();
  assert.deepEqual(screen(), [""]);
});

Deno.test("what is declared by using takes its bar away where the work under it fails", () => {
  const { progress, screen } = terminal();
  assert.throws(() => {
    using shown = progress;
    shown.start("work that fails");
    assert.notDeepEqual(screen(), [""]);
    throw new Error("no luck");
  }, { message: "no luck" });
  assert.deepEqual(screen(), [""]);
});

Deno.test("at most ten redraws a second", () => {
  const { clock, progress, stream } = terminal();
  const task = progress.start("counting", 10_000);
  for (let i = 0; i < 10_000; i++, clock.ms += 0.5) task.advance(1); // 5 s
  const draws = stream.text.split("counting").length - 1;
  assert.ok(draws >= 45 && draws <= 51, `${draws} draws`);
});

Deno.test("a line never exceeds the terminal, whatever its width and the label", () => {
  for (const columns of [1, 2, 3, 5, 20, 40, 60, 80]) {
    const { clock, progress, screen } = terminal(columns);
    const task = progress.start(
      "reading 電影評分 a-very-long-file-name-that-goes-on-and-on.csv",
      3e9,
      "rows",
    );
    clock.ms = 3000;
    task.advance(1.234e9);
    const [line] = screen();
    const width = line.length + (line.match(/[\u2e80-\ua4cf]/g)?.length ?? 0);
    assert.ok(width < columns, `${width} of ${columns}: ${line}`);
    assert.equal(screen().length, 1);
  }
});

Deno.test("colours only where asked for", () => {
  const plain = terminal(80, false), coloured = terminal(80, true);
  for (const { progress } of [plain, coloured]) progress.start("reading", 2).advance(1);
  // deno-lint-ignore no-control-regex
  assert.ok(!/\x1b\[\d+m/.test(plain.stream.text));
  assert.ok(coloured.stream.text.includes("\x1b[2m"));
});

Deno.test("labels, notes and remarks show by their codes what would steer the terminal", () => {
  const { clock, progress, screen } = terminal(80, false);
  const task = progress.start(`${EVIL}\n.csv`, 2);
  assert.deepEqual(screen(), [`${SEEN}\\n.csv  ────────────────────  0%`]);
  clock.ms = 1000;
  progress.warn(EVIL);
  task.end(EVIL);
  assert.deepEqual(screen(), [`warning: ${SEEN}`, `✓ ${SEEN}\\n.csv: ${SEEN} (1.0 s)`, ""]);

  const log = new Memory(false), later = { ms: 0 };
  const logged = terminalProgress(log, { now: () => later.ms });
  const again = logged.start(EVIL, 2);
  later.ms = 11_000;
  again.advance(1);
  again.end(EVIL);
  logged.warn(EVIL);
  assert.deepEqual(log.text.trimEnd().split("\n"), [
    `${SEEN}:  50%  11 s left  1/2  0.0909/s`,
    `${SEEN}: ${SEEN} (11 s)`,
    `warning: ${SEEN}`,
  ]);
});

Deno.test("a log gets plain lines: one every ten seconds, one at the end of each task over a second", () => {
  const stream = new Memory(false), clock = { ms: 0 };
  const progress = terminalProgress(stream, { now: () => clock.ms, color: true });
  const task = progress.start("training", 100, "batches");
  for (let i = 0; i < 100; i++) {
    clock.ms += 250;
    task.advance(1);
  }
  task.end("loss 0.31");
  const brief = progress.start("a moment");
  clock.ms += 900;
  brief.end();
  progress.warn("no GPU");
  progress.close();
  assert.equal(
    stream.text,
    "training:  40%  15 s left  40/100 batches  4 batches/s\n" +
      "training:  80%  5.0 s left  80/100 batches  4 batches/s\n" +
      "training: loss 0.31 (25 s)\n" +
      "warning: no GPU\n",
  );
});

Deno.test("the rate of what is all done does not fall while the work goes on behind it", () => {
  const stream = new Memory(false), clock = { ms: 0 };
  const progress = terminalProgress(stream, { now: () => clock.ms });
  const epoch = progress.start("epoch 1", 100, "examples");
  for (const seconds of [5, 5, 20]) {
    clock.ms += 1000 * seconds;
    if (seconds === 5) epoch.advance(50);
    else epoch.advance(0); // as validation does to show it
  }
  assert.match(stream.text, /epoch 1: {2}100% {2}100\/100 examples {2}10 examples\/s\n$/);
});

Deno.test("a log says of work of which nothing is known that it is under way", () => {
  const stream = new Memory(false), clock = { ms: 0 };
  const progress = terminalProgress(stream, { now: () => clock.ms });
  const phase = progress.start("phase 1 of 3, search"), epoch = progress.start("epoch 1", 2);
  clock.ms += 10_000;
  epoch.advance(1);
  epoch.end();
  phase.end();
  assert.equal(stream.text.split("\n")[0], "phase 1 of 3, search:  under way");
});

Deno.test("a notebook has one output, updated in place at most four times a second", () => {
  const sent: { type: string; html: string; text: string; id: string }[] = [], clock = { ms: 0 };
  const progress = notebookProgress({
    now: () => clock.ms,
    displayId: "here",
    broadcast: (type, content) => {
      const { data, transient } = content as {
        data: Record<string, string>;
        transient: { display_id: string };
      };
      sent.push({ type, html: data["text/html"], text: data["text/plain"], id: transient.display_id });
      return Promise.reject(new Error("the front end went away"));
    },
  });
  const task = progress.start("<b>training</b>", 1000, "rows");
  for (let i = 0; i < 1000; i++, clock.ms += 2) task.advance(1); // 2 s
  assert.ok(sent.length >= 8 && sent.length <= 9, `${sent.length} messages`);
  task.end("done");
  assert.deepEqual(sent.map(({ type }) => type).slice(0, 3), [
    "display_data",
    "update_display_data",
    "update_display_data",
  ]);
  assert.deepEqual(new Set(sent.map(({ id }) => id)), new Set(["here"]));
  assert.ok(sent[4].html.includes("<div>&lt;b&gt;training&lt;/b&gt;</div><progress value="));
  assert.equal(sent.at(-1)!.text, "✓ <b>training</b>: done (2.0 s)");
});

Deno.test("a broadcast may be synchronous, as the kernel's is, and may fail", () => {
  for (const broadcast of [() => {}, () => assert.fail("no front end")]) {
    const task = notebookProgress({ broadcast }).start("training");
    task.advance(1);
    task.end();
  }
});

Deno.test("outside the kernel, notebook progress says so", () => {
  assert.throws(
    () => notebookProgress(),
    /this program is no Jupyter kernel; take terminalProgress\(\), or give broadcast$/,
  );
});
