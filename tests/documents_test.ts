/** What the documents show is so: their programs run, their command lines and configurations are ones that the commands take. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "yaml";
import { BENCHES } from "../bench/main.ts";
import { DOCUMENTS } from "../docs/site/navigation.ts";
import { writeShop } from "../fixtures/shop.ts";
import { planOf } from "../model/studies/plan.ts";
import { checkPreparation, prepareSchema } from "../pipeline/config.ts";
import { prepare } from "../pipeline/mod.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { flagValue } from "../pipeline/terminal/flag_value.ts";
import { knownSpecs } from "../pipeline/terminal/known_help.ts";
import { parseCommandLine } from "../pipeline/terminal/options.ts";
import { task } from "./command.ts";
import { withFolder } from "./folders.ts";
import { root } from "./paths.ts";

const textOf = (document: string) => Deno.readTextFileSync(root + document);
const { tasks } = JSON.parse(textOf("deno.json").replace(/^\s*\/\/.*$/gm, "")) as {
  tasks: Record<string, { command: string }>;
};

/** The blocks of a document in a language. */
const blocksOf = (document: string, language: string): string[] =>
  [...textOf(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) =>
    code
  );

/** Whole programs: a block without an import goes on where the one before it ended, as cells of a notebook do. */
function programsOf(document: string): string[] {
  return blocksOf(document, "ts").reduce<string[]>(
    (all, code) => code.startsWith("import") ? [...all, code] : [...all.slice(0, -1), all.at(-1) + code],
    [],
  );
}

/** Command lines in blocks. */
const blockLinesOf = (document: string): string[] =>
  [...textOf(document).matchAll(/^ {4}((?:deno task|automlp|python) (?:.*\\\n)*.*)$/gm)]
    .map(([, line]) => withoutRemark(line.replace(/\\\n\s*/g, "")));

/** The same, and those within sentences and tables. */
const commandLinesOf = (document: string): string[] =>
  [
    ...blockLinesOf(document),
    ...[...textOf(document).matchAll(/`((?:deno task|automlp) [^`\n]+)`/g)].map(([, line]) =>
      withoutRemark(line)
    ),
  ].filter((line) => !/^(deno task|automlp)$/.test(line));

const withoutRemark = (line: string) => line.replace(/ +[#|] .*$/, "").replace(/ …$/, "");

/** A line's words; quotation marks keep a word together. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|[^\s']+/g)].map(([word, single, double]) =>
    single ?? double ?? word
  );

Deno.test("the programs of the documents run, on the demonstration data", () =>
  withFolder(async (dir) => {
    await prepare({ dataset: "demo", out: join(dir, "runs/demo/dataset") }); // as the first command of README leaves it
    const programs = DOCUMENTS.flatMap(programsOf);
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
  const lines = commandLinesOf(document);
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
      const spec = name === "bench"
        ? BENCHES[args[0]]?.spec
        : specs[`${name} ${flagValue(args, "method")}`] ?? specs[name];
      if (name === "bench") assert(spec || args[0] === "NAME", line);
      if (spec) assert.doesNotThrow(() => parseCommandLine(args, spec), line);
    }
  });
}

/** What the lines that are run below take for granted: a log, in the several forms in which people have theirs. */
async function writeInputs(dir: string): Promise<void> {
  await writeShop(join(dir, "shop"), { users: 300 });
  const table = (name: string) => Deno.readTextFileSync(join(dir, "shop", name));
  const renamed = (name: string, names: Record<string, string>) => {
    const [header, ...rows] = table(name).split("\n");
    return [header.split(",").map((column) => names[column] ?? column).join(","), ...rows].join("\n");
  };
  const log = renamed("interactions.csv", { user: "uid", item: "sku", timestamp: "ts" });
  const orders = { user: "customer_ref", item: "article_no", timestamp: "ordered_on" };
  Deno.mkdirSync(join(dir, "logs"));
  Deno.writeFileSync(join(dir, "logs/one.csv.gz"), gzipSync(log));
  for (
    const [name, text] of Object.entries({
      "ratings.csv": table("interactions.csv"),
      "log.csv": table("interactions.csv"),
      "items.csv": table("items.csv"),
      "users.csv": table("users.csv"),
      "orders.csv": renamed("interactions.csv", orders),
      "articles.csv": renamed("items.csv", { title: "article_name" }),
    })
  ) Deno.writeTextFileSync(join(dir, name), text);
}

for (const document of ["README.md", "docs/data.md", "fixtures/README.md"]) {
  Deno.test(`the command lines of ${document} that take seconds and nothing from elsewhere run, in their order`, () =>
    withFolder(async (dir) => {
      await writeInputs(dir);
      const lines = blockLinesOf(document).filter((line) =>
        /^deno task (prepare|inspect|export|fixtures|data list) ?/.test(line) &&
        !/ml-1m|--spark|export runs/.test(line)
      );
      assert(lines.length > 0);
      for (const line of lines) {
        const [name, ...args] = wordsOf(line.replace("deno task ", ""));
        const { code, stderr } = await task(name, args, { cwd: dir });
        assert.equal(code, 0, `${line}\n${stderr}`);
      }
    }));
}

Deno.test("enough command lines were found for the tests above to mean something", () =>
  assert(DOCUMENTS.flatMap(commandLinesOf).length > 90, String(DOCUMENTS.flatMap(commandLinesOf).length)));

Deno.test("the configurations in the documents are ones that the commands take", () => {
  const blocks = DOCUMENTS.flatMap((document) => blocksOf(document, "yaml")).map((text) => parse(text));
  const plans = blocks.filter((block) => "methods" in block);
  assert.deepEqual([plans.length, blocks.length], [1, 2]);
  for (const block of blocks) {
    if (plans.includes(block)) {
      const { dataset: _, methods, seeds, ...common } = block;
      planOf({ name: "the document's", methods, seeds, common });
    } else checkPreparation(checkConfig(prepareSchema, block, "the document"));
  }
});
