/**
 * What the documents show is true: their programs run, and the commands accept their command lines and configurations. `documents/` runs
 * the lines.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { BENCHES } from "../bench/main.ts";
import { planOf } from "../model/studies/plan.ts";
import { checkPreparation, prepareSchema } from "../pipeline/config.ts";
import { prepare } from "../pipeline/mod.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { knownSpecs, readCommandLine } from "../pipeline/terminal/specs.ts";
import { parseCommandLine } from "../pipeline/terminal/options.ts";
import { blocksOf, commandLinesOf, languagesOf, programsOf, textOf, wordsOf } from "./documents/read.ts";
import { withFolder } from "./folders.ts";
import { DOCUMENTS, root } from "./paths.ts";

/** The lines of a document that begin with one of our commands. */
const linesOf = (document: string): string[] =>
  commandLinesOf(document).map(({ line }) => line)
    .filter((line) => /^(deno task|automlp|python) /.test(line) && !/^(deno task|automlp)$/.test(line));
const { tasks } = JSON.parse(textOf("deno.json").replace(/^\s*\/\/.*$/gm, "")) as {
  tasks: Record<string, unknown>;
};

/** Its programs need a folder with nightly runs: tests/documents/nights_test.ts runs them there. */
const NIGHTS = "docs/nights.md";

Deno.test("the programs of the documents run, on the demonstration data", () =>
  withFolder(async (dir) => {
    await prepare({ dataset: "demo", out: join(dir, "runs/demo/dataset") }); // as the first command of README leaves it
    const programs = DOCUMENTS.filter((document) => document !== NIGHTS).flatMap(programsOf);
    assert(programs.length >= 5, `${programs.length}`);
    for (const program of programs) {
      Deno.writeTextFileSync(join(dir, "program.ts"), program);
      const ran = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--check", "--allow-all", "--config", `${root}deno.json`, "program.ts"],
        cwd: dir,
        env: { NO_COLOR: "1" },
      }).output();
      assert.equal(ran.code, 0, `${program}\n${new TextDecoder().decode(ran.stderr)}`);
    }
  }));

for (const document of DOCUMENTS) {
  const lines = linesOf(document);
  if (lines.length === 0) continue;
  Deno.test(`the command lines of ${document} are ones that the commands take, and what they name of ours is there`, async () => {
    const specs = await knownSpecs();
    for (const line of lines) {
      for (const [path] of line.matchAll(/(?<= )(tests|pipeline|model|notebooks|bench|docs)\/[\w./-]+/g)) {
        assert(Deno.statSync(root + path), `${line}: ${path}`);
      }
      const [name, ...args] = wordsOf(line.replace(/^(deno task|automlp) /, ""));
      if (name === "python" || /^\W/.test(name) || ["help", "completions"].includes(name)) continue;
      assert(name in specs || name in tasks, line);
      if (name in specs) assert.doesNotThrow(() => readCommandLine(name, args, specs), line);
      if (name !== "bench") continue;
      const spec = BENCHES[args[0]]?.spec;
      assert(spec || args[0] === "NAME", line);
      if (spec) assert.doesNotThrow(() => parseCommandLine(args, spec), line);
    }
  });
}

Deno.test("enough command lines were found for the tests above to mean something", () =>
  assert(DOCUMENTS.flatMap(linesOf).length > 90, String(DOCUMENTS.flatMap(linesOf).length)));

Deno.test("command lines stand in blocks: right behind a list they would be part of its last item", () => {
  const lost = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/^ {1,3}((?:deno|automlp|python) .*)$/gm)].map(([, line]) =>
      `${document}: ${line}`
    )
  );
  assert.deepEqual(lost, []);
});

Deno.test("blocks of code are programs, configurations, and output: there is no other kind that nobody runs", () => {
  const LOGS = "docs/logs.md"; // its conversion commands are run by tests/documents/logs_test.ts
  const languages = (documents: readonly string[]) => [...new Set(documents.flatMap(languagesOf))].sort();
  assert.deepEqual(languages(DOCUMENTS.filter((document) => ![LOGS, NIGHTS].includes(document))), [
    ...["text", "ts", "yaml"],
  ]);
  assert.deepEqual(languages([NIGHTS]), ["sh", "ts"]);
  assert.deepEqual(languages([LOGS]), ["sh", "sql"]);
});

Deno.test("the plans of the figures can be made", () => {
  for (const [plan, variants] of [["ml-100k", 9], ["beauty", 7], ["beauty-attributes", 3]] as const) {
    const { dataset: _, question, preset, methods, seeds, ...common } = parse(textOf(`docs/${plan}.yaml`));
    const made = planOf({ name: "figures", question, preset, methods, seeds, common });
    assert.equal(made.variants.length, variants, plan);
  }
});

Deno.test("the configurations in the documents are ones that the commands take", () => {
  const blocks = DOCUMENTS.flatMap((document) => blocksOf(document, "yaml")).map((text) => parse(text));
  const plans = blocks.filter((block) => "methods" in block);
  assert.deepEqual([plans.length, blocks.length], [1, 2]);
  for (const block of blocks) {
    if (plans.includes(block)) {
      const { dataset: _, question, methods, seeds, ...common } = block;
      planOf({ name: "the document's", question, methods, seeds, common });
    } else checkPreparation(checkConfig(prepareSchema, block, "the document"));
  }
});
