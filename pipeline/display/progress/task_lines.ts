/**
 * Running tasks as lines of a terminal, each no wider than the terminal.
 *
 * @module
 */
import { cutTo, type Fact, fitting, joinedWidth } from "../text/fitting.ts";
import { displayWidth } from "../table.ts";
import { fractionOf, type Running, type Said, saidOf, titled } from "./tasks.ts";

/** Possible widths of a bar in columns: the first one that fits. */
const BARS = [20, 10];

/** Colors a text, given the color's code. */
type Paint = (code: number, text: string) => string;

/**
 * Returns a line for each task. The bars of tasks with a total are aligned.
 *
 * @param width Available columns.
 * @param paint Default: no colors.
 */
export function taskLines(tasks: readonly Running[], at: number, width: number, paint?: Paint): string[] {
  const drawn = tasks.map((task) => ({ said: saidOf(task, at), fraction: fractionOf(task) }));
  const titles = drawn.filter(({ fraction }) => fraction !== undefined)
    .map(({ said: { label, place } }) => titled(label, place.map(({ text }) => text)));
  const labelWidth = Math.min(width >> 1, Math.max(0, ...titles.map(displayWidth)));
  return drawn.map(({ said, fraction }) =>
    fraction === undefined ? freeLine(said, width) : barLine(said, fraction, labelWidth, width, paint)
  );
}

/** Returns the line of a task without a total, which has no bar. */
function freeLine({ label, place, more }: Said, width: number): string {
  const title = titleWithin(label, place, width);
  return title + factsWithin([], more, width - displayWidth(title));
}

/** Returns the line of a task with a total, with a bar after its label. If space is short, facts that the bar does not show replace it. */
function barLine(
  { label, place, facts, more }: Said,
  fraction: number,
  labelWidth: number,
  width: number,
  paint?: Paint,
): string {
  const title = titleWithin(label, place, labelWidth), gap = " ".repeat(labelWidth - displayWidth(title));
  const room = width - labelWidth, needed = joinedWidth(facts.map(({ short }) => short), 2) + 2;
  const columns = BARS.find((columns) => columns + 2 + needed <= room);
  if (columns === undefined) return (title + gap + factsWithin(facts, more, room)).trimEnd();
  const full = Math.floor(fraction * columns),
    parts = ["━".repeat(full), (paint ? "━" : "─").repeat(columns - full)];
  const [done, left] = paint ? [paint(36, parts[0]), paint(2, parts[1])] : parts;
  return `${title}${gap}  ${done}${left}${factsWithin(facts, more, room - columns - 2)}`;
}

/** Returns the label, and as much of the place as fits. */
function titleWithin(label: string, place: readonly Fact[], width: number): string {
  const whole = cutTo(label, width), room = width - displayWidth(whole) - displayWidth(" · ");
  return titled(whole, fitting(place, room, 2));
}

/** Returns facts, and as much of the less important ones as fits. */
function factsWithin(facts: readonly Fact[], more: readonly string[], width: number): string {
  const texts = fitting(facts, width, 2, true);
  for (const text of more) {
    if (joinedWidth([...texts, text], 2) + 2 > width) break;
    texts.push(text);
  }
  return texts.map((text) => `  ${text}`).join("");
}
