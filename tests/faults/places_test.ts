/** Any command with any place: nothing that automlp did not write is lost. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { NAMES } from "./names.ts";
import type { PlaceCase, PlaceOutcome } from "./place_case.ts";
import { COMMANDS, FORMS } from "./place_commands.ts";
import { canConfine, inSandboxes } from "./sandbox.ts";
import { TARGETS } from "./targets.ts";

/** Environment variables for a single case to try, as it was printed, and for the number of cases: `1e9` means all. */
const ALONE = "AUTOMLP_PLACE_CASE", COUNT = "AUTOMLP_PLACE_CASES";
/** Number of cases that run in separate processes. */
const APART = 3;

/** Pairs of a command and a target, each pair at most once, with the other fields drawn. */
function draw(seed: number, count: number): PlaceCase[] {
  const pairs = Object.entries(COMMANDS).flatMap(([command, { flags }]) =>
    Object.keys(TARGETS).map((target) => ({ command: command as PlaceCase["command"], target, known: flags }))
  );
  const few = Math.min(count, pairs.length);
  const [drawn] = fc.sample(fc.shuffledSubarray(pairs, { minLength: few, maxLength: few }), {
    seed,
    numRuns: 1,
  });
  const rest = fc.sample(
    fc.record({
      name: fc.oneof({ weight: 2, arbitrary: fc.constant("made") }, fc.constantFrom(...Object.keys(NAMES))),
      form: fc.constantFrom(...Object.keys(FORMS) as PlaceCase["form"][]),
      given: fc.infiniteStream(fc.boolean()),
    }),
    { seed, numRuns: few },
  );
  return drawn.map(({ command, target, known }, i) => {
    const { name, form, given } = rest[i], flags = known.filter(() => given.next().value);
    return { command, target, name, form, flags, ...(i % Math.ceil(few / APART) === 0 && { apart: true }) };
  });
}

const again = (one: PlaceCase) =>
  `${ALONE}='${JSON.stringify(one).replaceAll("'", "'\\''")}' deno test -P tests/faults/places_test.ts`;

Deno.test({
  name:
    "no command loses a file that automlp did not write, wherever it is sent; it works, or is refused in one line",
  ignore: !canConfine,
  fn: async () => {
    const alone = Deno.env.get(ALONE);
    const cases: PlaceCase[] = alone ? [JSON.parse(alone)] : draw(1, Number(Deno.env.get(COUNT) ?? 50));
    const failures: string[] = [], ends = { done: 0, refused: 0 };
    const works = cases.map((one) => ({ do: "place" as const, case: one }));
    await inSandboxes(works, ({ case: one }, outcome: PlaceOutcome | Error) => {
      if (alone) console.log(outcome);
      if (outcome instanceof Error) return void failures.push([outcome.message, again(one)].join("\n    "));
      const { problems, ended, typed } = outcome;
      ends[ended.startsWith("0") ? "done" : "refused"]++;
      if (problems.length > 0) failures.push([typed, ...problems, ended, again(one)].join("\n    "));
    });
    assert(failures.length === 0, `${failures.length} of ${cases.length}:\n${failures.join("\n")}`);
    // If nearly all of them were refused, or none, the cases would show nothing.
    if (!alone) assert(Math.min(ends.done, ends.refused) > cases.length / 20, JSON.stringify(ends));
  },
});
