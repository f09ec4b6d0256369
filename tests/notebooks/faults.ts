/**
 * What must not be in a published notebook.
 *
 * @module
 */

/** A notebook as stored in its file. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: {
    kernelspec: { name: string; language: string; display_name: string };
    language_info: { name: string };
  };
  cells: Cell[];
}

interface Cell {
  id: string;
  cell_type: "markdown" | "code";
  source: string | string[];
  metadata: { tags?: string[] };
  execution_count?: number | null;
  outputs?: Output[];
}

interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  text?: string | string[];
  ename?: string;
  evalue?: string;
  data?: Record<string, string | string[]>;
}

export const readNotebook = (path: string): Notebook => JSON.parse(Deno.readTextFileSync(path));

const joined = (text: string | string[] = "") => [text].flat().join("");
export const sourceOf = (cell: Cell): string => joined(cell.source);

/** How `Deno.inspect` prints an object without a display of its own: `Search { …`, `[ { …`, `Map(2) {`, `[Function: f]`. */
const DUMP = /^(\[?\s*\{|\[$|\[ |[A-Z]\w*(\(\d+\))? [[{]|\[(object|class|Function|AsyncFunction))/;
/** An absolute path of some machine. Folders beside the notebook are named without a leading slash. */
const MACHINE = /(?<![\w.~-])\/(home|root|tmp|work|Users|usr|var|opt|mnt|private)\/|\b[A-Z]:\\/;
// deno-lint-ignore no-control-regex -- that is what is looked for
const COLOUR = /\x1b\[/;

/** Returns every fault in a notebook's outputs, each with its cell. */
export function faults({ cells }: Notebook): string[] {
  const found: string[] = [];
  for (const cell of cells) {
    for (const output of cell.outputs ?? []) {
      const fault = (what: string) => found.push(`${cell.id}: ${what}`);
      if (output.output_type === "error") fault(`error ${output.ename}: ${output.evalue}`);
      const plain = joined(output.data?.["text/plain"] ?? output.text);
      if (output.data && plain === "") fault(`no text beside ${Object.keys(output.data)}`);
      if (output.data && DUMP.test(plain)) fault(`a dump: ${plain.slice(0, 60)}`);
      for (const text of [plain, joined(output.data?.["text/html"]).replace(/src="data:[^"]*"/g, "")]) {
        if (MACHINE.test(text)) fault(`a machine's path: ${MACHINE.exec(text)![0]}`);
        if (COLOUR.test(text)) fault(`a terminal's colours: ${text.slice(0, 60)}`);
        if (/undefined|NaN|\[object /.test(text)) {
          fault(`no value: ${/.{0,20}(undefined|NaN|\[object ).{0,20}/.exec(text)![0]}`);
        }
      }
    }
  }
  return found;
}
