/**
 * What is open at a place in code: brackets, and a text.
 *
 * @module
 */

/** An open bracket. */
export interface Open {
  bracket: string;
  at: number;
  /** Commas in it so far. */
  commas: number;
}

/** What is open at a place. */
export interface Around {
  /** Outermost first; those in text, in regular expressions and in comments do not count. */
  open: Open[];
  /** Where the text begins that the place is in, behind its quote. A template, which may hold code, is none. */
  text?: number;
}

const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Characters before a place in which it is looked what ends there: an expression may take the square of their number. */
const NEAR = 500;
export const before = (code: string, at: number): string => code.slice(Math.max(0, at - NEAR), at);

/** What stands before a slash that begins a regular expression, and no division. */
const EXPECTS_VALUE = /(?:^|[=(,:[!&|?{};+\-*%<>~^\n]|\breturn)\s*$/;

/** Looks at code up to a place. */
export function aroundAt(code: string, end: number): Around {
  const open: Open[] = [];
  for (let i = 0; i < end; i++) {
    const c = code[i];
    if (c === "/" && code[i + 1] === "/") i = next(code, "\n", i, end);
    else if (c === "/" && code[i + 1] === "*") i = next(code, "*/", i + 2, end) + 1;
    else if (c === '"' || c === "'") {
      const close = closing(code, c, i, end);
      if (close === end) return { open, text: i + 1 };
      i = close;
    } else if (c === "`") i = closing(code, c, i, end);
    else if (c === "/" && EXPECTS_VALUE.test(before(code, i))) i = closing(code, c, i, end);
    else if ("([{".includes(c)) open.push({ bracket: c, at: i, commas: 0 });
    else if (c in PAIRS && open.at(-1)?.bracket === PAIRS[c]) open.pop();
    else if (c === "," && open.length > 0) open.at(-1)!.commas++;
  }
  return { open };
}

function next(code: string, text: string, from: number, end: number): number {
  const at = code.indexOf(text, from);
  return at < 0 ? end : at;
}

/** Where what begins at a quote ends: at the next one, or, but for a template, with the line. */
export function closing(code: string, quote: string, from: number, end: number): number {
  for (let i = from + 1; i < end; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === quote || quote !== "`" && code[i] === "\n") return i;
  }
  return end;
}
