/** What README shows is so: its programs run, its command lines are ones that the commands take. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { prepare } from "../pipeline/mod.ts";
import { flagValue } from "../pipeline/terminal/flag_value.ts";
import { knownSpecs } from "../pipeline/terminal/known_help.ts";
import { parseCommandLine } from "../pipeline/terminal/options.ts";
import { withFolder } from "./folders.ts";
import { root } from "./paths.ts";

const README = Deno.readTextFileSync(`${root}README.md`);
const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`).replace(/^\s*\/\/.*$/gm, "")) as {
  tasks: Record<string, unknown>;
};

/** Whole programs: a block without an import goes on where the one before it ended, as cells of a notebook do. */
function programs(): string[] {
  const blocks = [...README.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
  return blocks.reduce<string[]>(
    (all, code) => code.startsWith("import") ? [...all, code] : [...all.slice(0, -1), all.at(-1) + code],
    [],
  );
}

/** Command lines, in blocks and within sentences and tables. */
function commandLines(): string[] {
  const blocks = [...README.matchAll(/^ {4}((?:deno task|automlp) (?:.*\\\n)*.*)$/gm)]
    .map(([, line]) => line.replace(/\\\n\s*/g, ""));
  const inline = [...README.matchAll(/`((?:deno task|automlp) [^`\n]+)`/g)].map(([, line]) => line);
  return [...blocks, ...inline].map((line) => line.replace(/ +[#|] .*$/, "").replace(/ …$/, ""));
}

/** A line's words; quotation marks keep a word together. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|[^\s']+/g)].map(([word, quoted]) => quoted ?? word);

Deno.test("README's programs run, on the demonstration data", () =>
  withFolder(async (dir) => {
    await prepare({ dataset: "demo", out: join(dir, "data/demo") });
    assert.equal(programs().length, 4);
    for (const program of programs()) {
      Deno.writeTextFileSync(join(dir, "program.ts"), program);
      const ran = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--check", "--allow-all", "--config", `${root}deno.json`, "program.ts"],
        cwd: dir,
        env: { NO_COLOR: "1" },
      }).output();
      assert.equal(ran.code, 0, `${program}\n${new TextDecoder().decode(ran.stderr)}`);
    }
  }));

Deno.test("README's command lines are ones that the commands take", async () => {
  const specs = await knownSpecs(), lines = commandLines();
  assert(lines.length > 30, `${lines.length} lines`);
  for (const line of lines) {
    const [name, ...args] = wordsOf(line.replace(/^(deno task|automlp) /, ""));
    if (name.startsWith("-") || ["help", "completions"].includes(name)) continue;
    assert(name in specs || name in tasks, line);
    const spec = specs[`${name} ${flagValue(args, "method")}`] ?? specs[name];
    if (spec) assert.doesNotThrow(() => parseCommandLine(args, spec), line);
  }
});
