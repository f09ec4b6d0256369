/**
 * Options that somebody gives in a program or a notebook, where no compiler has looked at them.
 *
 * @module
 */
import { AN_OBJECT, foundFor, objectWith, optionsWith, orNothing, type Wanted } from "./arguments.ts";
import { didYouMean, InputError } from "../errors.ts";

/** The options of some work, and what each is to be. */
export type KnownOptions<Options> = { readonly [Name in keyof Options]-?: Wanted };

/** What every work takes beside its own options. */
const CONTEXT = {
  progress: objectWith("a progress, as terminalProgress() gives it", "start"),
  signal: { what: "the signal of an AbortController", fits: (value) => value instanceof AbortSignal },
} as const satisfies Record<string, Wanted>;

/**
 * Refuses options that there are not, and values of another kind.
 *
 * @param work As in `recommend`.
 * @param known Those that there are, beside progress and signal. Any of them may be left out.
 * @param others `refused`, or `left` for those who look at some of many options.
 * @throws {InputError} naming the nearest option, or what to give.
 */
export function checkKnown(
  work: string,
  options: object,
  known: Readonly<Record<string, Wanted>>,
  others: "refused" | "left" = "refused",
): void {
  const names = Object.keys(known);
  const there = names.length > 0 ? `the options are ${names.join(", ")}` : "there are progress and signal";
  checkAmong(work, options, { all: { ...CONTEXT, ...known }, there, others });
}

/** The same for what takes no progress and no signal. */
export function checkOnly(work: string, options: object, known: Readonly<Record<string, Wanted>>): void {
  const there = `the options are ${Object.keys(known).join(", ")}`;
  checkAmong(work, options, { all: known, there, others: "refused" });
}

function checkAmong(
  work: string,
  options: object,
  { all, there, others }: {
    all: Readonly<Record<string, Wanted>>;
    there: string;
    others: "refused" | "left";
  },
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(all, name)) {
      if (others === "left") continue;
      throw new InputError(
        `Cannot ${work}: there is no option ${name}${didYouMean(name, Object.keys(all))}; ${there}`,
      );
    }
    if (orNothing(all[name]).fits(value)) continue;
    throw new InputError(
      `Cannot ${work}: the option ${name} is ${foundFor(value, all[name])}; give ${all[name].what}`,
    );
  }
}

/** Options whose values are somebody else's to check. */
export const ANYTHING: Wanted = { what: "something", fits: () => true };

/** Options of which some must be there: where these are not, the first that there is not is named before them, for it may be meant so. */
export function knownWith(known: Readonly<Record<string, Wanted>>, ...needed: readonly string[]): Wanted {
  const wanted = optionsWith(...needed), all = { ...CONTEXT, ...known };
  return {
    ...wanted,
    state: (value) => {
      const names = AN_OBJECT.fits(value) ? Object.keys(value as object) : [];
      const other = names.find((name) => !Object.hasOwn(all, name));
      return other === undefined
        ? wanted.state!(value)
        : `an object with ${other}, which is no option${didYouMean(other, Object.keys(all))}`;
    },
  };
}
