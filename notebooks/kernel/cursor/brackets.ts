/**
 * The brackets and the string literal that are open at a position in code.
 *
 * @module
 */

/** An open bracket. */
export interface Open {
  bracket: string;
  at: number;
  /** Number of commas in it so far. */
  commas: number;
}

/** What is open at a position. */
export interface Around {
  /** Open brackets, outermost first; those in strings, regular expressions and comments do not count. */
  open: Open[];
  /** Where the string literal around the position begins, after its quote. Template literals, which may contain code, do not count. */
  text?: number;
}

const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Number of characters before a position that are searched for what ends there: a regular expression may take time in proportion to their square. */
const NEAR = 500;
export const before = (code: string, at: number): string => code.slice(Math.max(0, at - NEAR), at);

/** What may precede a slash that begins a regular expression rather than a division. */
const EXPECTS_VALUE = /(?:^|[=(,:[!&|?{};+\-*%<>~^\n]|\breturn)\s*$/;

/** Scans code up to a position. */
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

/** Where a literal that begins at a quote ends: at the next such quote or, except for a template, at the end of the line. */
export function closing(code: string, quote: string, from: number, end: number): number {
  for (let i = from + 1; i < end; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === quote || quote !== "`" && code[i] === "\n") return i;
  }
  return end;
}
