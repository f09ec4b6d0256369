/** Completion of command lines: what is offered, and that the shells ask for it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DESCRIPTIONS } from "../../../model/methods/registry.ts";
import { completionScript, completionsOf } from "../../../pipeline/terminal/completions.ts";
import { ABOUT } from "../../../pipeline/terminal/overview.ts";
import { knownSpecs } from "../../../pipeline/terminal/specs.ts";
import { withFolder } from "../../folders.ts";

Deno.test("commands, options, words and values are offered; for what only the person knows, nothing", async () => {
  const specs = await knownSpecs(), methods = DESCRIPTIONS.map(({ name }) => name);
  const cases: [line: string, offered: string[]][] = [
    ["pre", ["prepare"]],
    ["help rec", ["recommend"]],
    ["completions ", ["bash", "zsh", "fish"]],
    ["prepare --min-u", ["--min-user"]],
    ["prepare --out x --split g", ["global-time"]],
    ["train --method ", methods],
    ["train --hea", ["--heads"]],
    ["pipeline --dataset ml-1", ["ml-100k", "ml-1m", "ml-10m"]],
    ["pipeline --methods automlp,gru", ["automlp,gru4rec", "automlp,gru4rec-plus"]],
    ["pipeline --methods=automlp,fp", ["--methods=automlp,fpmc"]],
    ["prepare --split =", ["leave-one-out", "ratio", "global-time"]], // as bash splits it
    ["prepare --split = r", ["ratio"]],
    ["data g", ["get"]],
    ["data get ml-1", ["ml-100k", "ml-1m", "ml-10m"]],
    ["prepare --min-user ", []],
    ["prepare --data my", []],
    ["prepare x", []],
    ["nothing x", []],
  ];
  for (const [line, offered] of cases) {
    assert.deepEqual(completionsOf(line.split(" "), ABOUT, specs), offered, line);
  }
});

/** What a shell does with its script, if it is installed; the program is replaced by one that repeats its words. */
const SHELLS: Record<string, string> = {
  bash: "automlp() { printf '%s\\n' \"$@\"; }; source $1; COMP_WORDS=(automlp help 'a b'); COMP_CWORD=2; " +
    "_automlp; printf '%s|' \"${COMPREPLY[@]}\"",
  zsh:
    "automlp() { print -rl -- $@ }; compdef() {}; compadd() { print -rn -- ${(j:|:)@[3,-1]}'|' }; source $1; " +
    "words=(automlp help 'a b'); CURRENT=3; _automlp",
  fish: "function automlp; string join \\n -- $argv; end; source $argv[1]; " +
    "complete -C 'automlp help x' | string replace -r '\\t.*' '' | string join '|'",
};
for (const [shell, line] of Object.entries(SHELLS)) {
  Deno.test({
    name: `${shell} asks the program`,
    ignore: !has(shell),
    fn: () =>
      withFolder(async (dir) => {
        const script = join(dir, "script");
        Deno.writeTextFileSync(script, completionScript(shell, "automlp"));
        const args = ["-c", line, ...(shell === "fish" ? [] : [shell]), script];
        const ran = await new Deno.Command(shell, { args, cwd: dir }).output();
        const [said, errors] = [ran.stdout, ran.stderr].map((bytes) => new TextDecoder().decode(bytes));
        assert.match(said, shell === "fish" ? /^x$/m : /^complete\|help\|a b\|$/, errors);
      }),
  });
}

function has(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "true"] }).outputSync().success;
  } catch {
    return false;
  }
}
