/**
 * Advice in the words of a cell: most errors name options as a command line does.
 *
 * @module
 */

import { type AutoMLPError, Interrupted } from "../contract/errors.ts";

/** An option of a command line, and pairs such as `user=uid,item=sku` behind it. */
const OPTION = /(?<![^\s(])--([a-z]+(?:-[a-z]+)*)(?: (\w+=[^\s,;]*[^\s,;:](?:,\w+=[^\s,;]*[^\s,;:])*))?/g;
/** A whole command, up to the end of its clause: it is meant for a terminal. */
const COMMAND = /\b(?:deno task|automlp|deno run) [^;]*/g;

/** What a cell shows of an error. */
export function cellMessage(error: AutoMLPError): string {
  const message = inCells(error.message);
  const object = error instanceof Interrupted ? error.goesOn : undefined;
  return object === undefined ? message : `${message}; run ${object} again to go on`;
}

/**
 * A message with options by their names in code: `lower --eval-negatives` becomes `lower evalNegatives`, `--columns user=uid,item=sku`
 * becomes `columns: { user: "uid", item: "sku" }`. Whole commands stay as they are.
 */
export function inCells(message: string): string {
  let from = 0, text = "";
  for (const { 0: command, index } of message.matchAll(COMMAND)) {
    text += optionsInCode(message.slice(from, index)) + command;
    from = index + command.length;
  }
  return text + optionsInCode(message.slice(from));
}

const optionsInCode = (text: string): string =>
  text.replace(OPTION, (_, flag: string, pairs?: string) => {
    const name = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return pairs === undefined ? name : `${name}: { ${pairs.split(",").map(pairInCode).join(", ")} }`;
  });

function pairInCode(pair: string): string {
  const at = pair.indexOf("=");
  return `${pair.slice(0, at)}: ${JSON.stringify(pair.slice(at + 1))}`;
}
