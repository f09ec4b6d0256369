import assert from "node:assert/strict";
import { join } from "node:path";
import * as fc from "fast-check";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { entryLines, helpText } from "../../../pipeline/terminal/help.ts";
import { toFlag } from "../../../pipeline/display/text/to_key.ts";
import { allOptions, parseCommandLine } from "../../../pipeline/terminal/options.ts";
import { knownSpecs } from "../../../pipeline/terminal/specs.ts";
import { withFolder } from "../../folders.ts";
import { assertSnapshot } from "../../snapshot.ts";
import { BREW } from "./spec.ts";

const parse = (...args: string[]) => parseCommandLine(args, BREW);

/** Returns the message of the InputError that a command line causes. */
function refusal(...args: string[]): string {
  try {
    parse(...args);
  } catch (error) {
    assert(error instanceof InputError);
    assert(!error.message.includes("\n"), "one line");
    return error.message;
  }
  assert.fail("it was accepted");
}

Deno.test("values are of the option's kind, under its key; what is not given is not there", () => {
  assert.deepEqual(parse(), { values: {}, positional: [] });
  assert.deepEqual(parse("--tea", "green", "--max-minutes=3", "--iced", "mug"), {
    values: { tea: "green", maxMinutes: 3, iced: true },
    positional: ["mug"],
  });
  assert.deepEqual(parse("--no-iced", "--config", "a.yaml", "--json", "--quiet").values, {
    iced: false,
    config: "a.yaml",
    json: true,
    quiet: true,
  });
});

Deno.test("a list takes commas and repeats; another option's last value counts", () => {
  assert.deepEqual(parse("--add-in", "milk, sugar", "--add-in=lemon").values.addIn, [
    "milk",
    "sugar",
    "lemon",
  ]);
  assert.deepEqual(parse("--add-in", "milk\\, cold, sugar").values.addIn, ["milk, cold", "sugar"]);
  assert.deepEqual(parse("--tea", "green", "--tea", "black").values.tea, "black");
  assert.deepEqual(
    parse("--note", "hot, and sweet", "--note=2 cups, or 3 ").values.note,
    ["hot, and sweet", "2 cups, or 3"],
    "of values that are whole a comma is a part",
  );
});

Deno.test("a file that is there is no list, commas or not", () =>
  withFolder((dir) => {
    const data = (...args: string[]) =>
      parseCommandLine(args, {
        name: "brew",
        summary: "",
        options: { Read: { data: { kind: "list", help: "files", value: "FILE" } } },
        examples: [],
      }).values.data;
    const odd = join(dir, "green, black.csv");
    assert.deepEqual(data("--data", odd), [join(dir, "green"), "black.csv"]);
    Deno.writeTextFileSync(odd, "");
    assert.deepEqual(data("--data", odd, "--data", "a.csv,b.csv"), [odd, "a.csv", "b.csv"]);
  }));

Deno.test("words beside the options stay text, as typed", () => {
  assert.deepEqual(parse("007", "1e3", "0x1f").positional, ["007", "1e3", "0x1f"]);
  assert.deepEqual(parse("--", "-x").positional, ["-x"]);
});

Deno.test("numbers may be negative or have a point", () => {
  assert.equal(parse("--max-minutes=-1.5e2").values.maxMinutes, -150);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
    assert.equal(parse(`--max-minutes=${x}`).values.maxMinutes, Number(String(x)));
  }));
});

Deno.test("a value may begin with a dash, behind a space too", () => {
  assert.deepEqual(parse("--max-minutes", "-1", "mug"), { values: { maxMinutes: -1 }, positional: ["mug"] });
  assert.equal(parse("--max-minutes", "-.5").values.maxMinutes, -0.5);
  assert.deepEqual(parse("--add-in", "-1,2", "--add-in", "-x.csv").values.addIn, ["-1", "2", "-x.csv"]);
  assert.equal(parse("--config", "-").values.config, "-");
  assert.equal(refusal("--max-minutes", "-x"), 'Option --max-minutes takes a number, not "-x"');
  assert.equal(refusal("--tea", "-1"), 'Option --tea takes green, black, not "-1"');
  assert.match(refusal("--iced", "-1"), /^Unknown option -1/, "a flag takes no value");
  assert.equal(refusal("--tea", "-h"), "Option --tea needs a value: --tea NAME");
  assert.deepEqual(parse("--", "--max-minutes", "-1").positional, ["--max-minutes", "-1"]);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
    assert.equal(parse("--max-minutes", String(x)).values.maxMinutes, Number(String(x)));
  }));
});

Deno.test("--help and -h", () => {
  assert.equal(parse("--help").values.help, true);
  assert.equal(parse("-h").values.help, true);
  assert.deepEqual(parse("--iced=false", "--json", "false", "word"), {
    values: { iced: false, json: false },
    positional: ["word"],
  });
});

Deno.test("what cannot be understood is refused in one line", () => {
  assert.equal(
    refusal("--ice"),
    "Unknown option --ice (did you mean --iced?); see deno task brew --help",
  );
  assert.match(refusal("--sugar=2"), /^Unknown option --sugar; see deno task brew --help$/);
  assert.match(refusal("-q"), /^Unknown option -q/);
  const columns = { kind: "list", help: "what columns are called", keys: ["user", "item"] } as const;
  const withKeys = (...args: string[]) =>
    parseCommandLine(args, {
      ...BREW,
      options: { Data: { columns }, users: { users: { kind: "text", help: "" } } },
    });
  for (const words of [["--user", "who"], ["--user=who"]]) {
    assert.throws(
      () => withKeys(...words),
      /Unknown option --user \(did you mean --columns user=who\?\); see/,
    );
  }
  assert.throws(() => withKeys("--item"), /did you mean --columns item=…\?/);
  assert.equal(refusal("--tea"), "Option --tea needs a value: --tea NAME");
  assert.equal(refusal("--tea", "--iced"), "Option --tea needs a value: --tea NAME");
  assert.equal(refusal("--tea="), "Option --tea needs a value: --tea NAME");
  assert.equal(refusal("--add-in"), "Option --add-in needs a value: --add-in THINGS");
  assert.equal(
    refusal("--tea", "grene"),
    'Option --tea takes green, black, not "grene" (did you mean "green"?)',
  );
  for (const word of ["three", "NaN", "Infinity", " "]) {
    assert.equal(refusal("--max-minutes", word), `Option --max-minutes takes a number, not "${word}"`);
  }
});

Deno.test("a key as a flag", () => {
  assert.equal(toFlag("maxMinutes"), "max-minutes");
  assert.equal(toFlag("tea"), "tea");
});

Deno.test("help names every option, choice, default and example, in lines that fit", () => {
  const help = helpText(BREW);
  assertSnapshot(help + "\n", "terminal_help.txt");
  assert(help.split("\n").every((line) => line.length <= 110 && line === line.trimEnd()));
});

Deno.test("where there is no room beside the words, their meanings are below them, in lines that fit", () => {
  const groups: Parameters<typeof entryLines>[0] = [["What is read", [
    ["--data FILE", "files of interactions, or globs"],
    ["--sequence-timestamps FILE", "a file of the same lines that holds timestamps"],
  ]]];
  assert.deepEqual(entryLines(groups, 40), [
    ...["", "What is read", "  --data FILE", "      files of interactions, or globs"],
    ...["  --sequence-timestamps FILE", "      a file of the same lines that", "      holds timestamps"],
  ]);
  assert.deepEqual(
    entryLines(groups, 54).slice(2, 4),
    ["  --data FILE                 files of interactions,", "                              or globs"],
  );
});

Deno.test("of many options, help has those that people need first, and --help-all all", () => {
  const many = { ...BREW, first: ["iced", "tea"] };
  const listed = (text: string) => [...text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag);
  const common = ["config", "quiet", "json", "help"];
  assert.deepEqual(listed(helpText(BREW)), ["tea", "max-minutes", "note", "add-in", "iced", ...common]);
  const short = helpText(many);
  assert.deepEqual(listed(short), ["iced", "tea", ...common, "help-all"]);
  assert.doesNotMatch(short, /Teas/);
  assert.match(short, /^Examples\n.+\n\nAll 5 options: deno task brew --help-all$/m);
  assert.deepEqual(listed(helpText(many, true)), [...listed(helpText(BREW)), "help-all"]);
  assert.match(helpText(many, true), /Teas/);
  assert.equal(parseCommandLine(["--help-all"], many).values.helpAll, true);
  assert.throws(() => parseCommandLine(["--ice"], many), { message: /; see deno task brew --help-all$/ });
  assert.equal(parseCommandLine(["--help-all"], BREW).values.helpAll, true); // even though --help already lists all of them
});

Deno.test("an option of a command that people need first is one of its options", async () => {
  const specs = Object.values(await knownSpecs());
  assert(specs.some(({ first }) => first));
  for (const { name, first = [], options } of specs) {
    for (const key of first) assert(Object.hasOwn(allOptions(options), key), `${name}: ${key}`);
  }
});

Deno.test("a value without a name is called by the last word of its option", () => {
  const spec = { ...BREW, options: { "": { cupSize: { kind: "text", help: "how much" } } as const } };
  assert.match(helpText(spec), /^ {2}--cup-size SIZE +how much$/m);
  assert.throws(() => parseCommandLine(["--cup-size"], spec), { message: /needs a value: --cup-size SIZE$/ });
});
