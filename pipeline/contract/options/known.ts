/**
 * Checks options that are passed in a program or a notebook, where no compiler may have checked them.
 *
 * @module
 */
import { AN_OBJECT, foundFor, objectWith, optionsWith, orNothing, type Wanted } from "./arguments.ts";
import { didYouMean, InputError } from "../errors.ts";

/** The options of a function, and what each must be. */
export type KnownOptions<Options> = { readonly [Name in keyof Options]-?: Wanted };

/** Options that every function takes besides its own. */
const CONTEXT = {
  progress: objectWith("a progress, as terminalProgress() gives it", "start"),
  signal: { what: "the signal of an AbortController", fits: (value) => value instanceof AbortSignal },
} as const satisfies Record<string, Wanted>;

/**
 * Refuses options that do not exist, and values of the wrong kind.
 *
 * @param work What the options are for, as in `recommend`.
 * @param known The options that exist besides progress and signal. All are optional.
 * @param others What to do with other options: `refused`, or `left` (ignored) for functions that use only some of many options.
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

/** An option whose value is checked elsewhere. */
export const ANYTHING: Wanted = { what: "something", fits: () => true };

/**
 * Options of which some are required. If these are missing, the message names the first unknown option instead, because it may be meant as
 * one of them.
 */
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
