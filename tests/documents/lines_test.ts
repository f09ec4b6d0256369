/**
 * The command lines of README and the manual run, each page's in one folder and in order, on a small shop and with less training;
 * `unrun.ts` lists those that are not run. Lines that show how figures were made or how the project is developed are only parsed.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../folders.ts";
import { DOCUMENTS, root } from "../paths.ts";
import { AFTER, BEFORE, writeInputs } from "./given.ts";
import { blocksOf, commandLinesOf } from "./read.ts";
import { runLine } from "./run_line.ts";
import { shapeOf } from "./shape.ts";
import { NAMED, UNRUN } from "./unrun.ts";

const PAGES = DOCUMENTS.filter((document) => /^(README\.md$|docs\/|fixtures\/)/.test(document));

/** The lines of a page that are run, each once. */
const runOf = (document: string): string[] => [
  ...new Set(
    commandLinesOf(document)
      .filter(({ line, isWithin }) => !(line in UNRUN || isWithin && NAMED.includes(line)))
      .map(({ line }) => line),
  ),
];

/** The line of README whose output each of its blocks of text shows. */
const SHOWN = ["deno task pipeline", "deno task recommend runs/demo --users u0001 --k 3"];

for (const document of PAGES) {
  const lines = runOf(document);
  if (lines.length === 0) continue;
  Deno.test(`the command lines of ${document} run, in their order`, () =>
    withFolder(async (dir) => {
      await writeInputs(document, dir);
      const said = new Map<string, string>();
      for (const line of [...BEFORE[document] ?? [], ...lines, ...AFTER[document] ?? []]) {
        const { code, stdout, stderr } = await runLine(line, dir);
        assert.equal(code, 0, `${line}\n${stderr}`);
        said.set(line, stdout + stderr);
      }
      const shown = document === "README.md" ? blocksOf(document, "text") : [];
      assert.equal(shown.length, document === "README.md" ? SHOWN.length : 0);
      for (const [i, block] of shown.entries()) {
        const shapes = shapeOf(said.get(SHOWN[i])!);
        for (const line of shapeOf(block).split("\n")) assert(shapes.includes(line), `${line}\n${shapes}`);
      }
    }));
}

Deno.test("what is not run is still in a page, and the tests that run it instead are there", () => {
  const lines = PAGES.flatMap(commandLinesOf);
  for (const [line, reason] of Object.entries(UNRUN)) {
    assert(lines.some((found) => found.line === line), line);
    for (const [path] of reason.matchAll(/tests\/[\w/.]+/g)) {
      assert(Deno.statSync(join(root, path.replace(/\.$/, ""))), path);
    }
  }
  for (const name of NAMED) assert(lines.some(({ line, isWithin }) => isWithin && line === name), name);
  assert(PAGES.flatMap(runOf).length > 3 * Object.keys(UNRUN).length);
});
