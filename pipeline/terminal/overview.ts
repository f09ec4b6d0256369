/**
 * All commands at a glance: what `automlp --help` and, in a clone, `deno task help` print.
 *
 * @module
 */
import { type Entry, entryLines, optionEntry } from "./help.ts";
import { SHELLS } from "./completions.ts";
import type { KnownSpecs } from "./specs.ts";
import { COMMON_OPTIONS } from "./options.ts";

/** The commands in the order in which people need them, and what each does. */
const GROUPS: Record<string, Record<string, string>> = {
  "Data": {
    data: "known data sets: lists them, downloads one by its name",
    prepare: "raw interactions → a clean, frozen dataset folder",
    inspect: "what is in a dataset: tables, and plots as a page",
    export: "a dataset for RecBole, pandas, DuckDB …, or a model as ONNX",
    fixtures: "writes the demonstration data: a synthetic shop",
  },
  "Models": {
    pipeline: "the whole job: prepare → search → retrain → evaluate → report",
    search: "searches for AutoMLP's short-term length",
    retrain: "trains the network with the selected length",
    train: "trains another method: SASRec, GRU4Rec, BERT4Rec …",
    evaluate: "metrics of a run beside the baselines, and the report",
    refit: "trains a run's network once more, on all data, to serve",
    recommend: "the next items for users, in original ids",
    runs: "the runs in a folder, as a table",
    report: "a run's report, written again or elsewhere",
    compare: "runs side by side, and whether they differ by more than chance",
  },
  "Studies": {
    tune: "searches for a method's best options on validation",
    experiment: "methods and seeds side by side: the paper's tables and studies",
  },
  "Notebooks and machine": {
    notebook: "JupyterLab in the browser, with the kernel",
    kernel: "installs the kernel into any Jupyter",
    engine: "makes the native tensor engine, once",
    doctor: "what this machine computes with, and why",
  },
};

/** What each command does, in a few words. */
export const ABOUT: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(GROUPS));

/** The options that people need first, each with the command that declares it. */
const FIRST: [command: string, option: string][] = [
  ["pipeline", "data"],
  ["pipeline", "dataset"],
  ["pipeline", "methods"],
  ["pipeline", "budget"],
  ["pipeline", "resume"],
];

/** What `automlp completions --help` prints. */
export const completionsHelp = (program: string): string =>
  [
    `Usage: ${program} completions ${SHELLS.join("|")}`,
    "",
    "Prints a completion script for a shell. One line in the shell's start file is enough:",
    `  source <(${program} completions bash)     # ~/.bashrc`,
    `  source <(${program} completions zsh)      # ~/.zshrc, behind compinit`,
    `  ${program} completions fish | source      # ~/.config/fish/config.fish`,
  ].join("\n");

/**
 * Returns the commands in groups, and the options to begin with.
 *
 * @param program Name by which the user calls the program: `automlp`. Default: a task of a clone.
 */
export function overview(specs: KnownSpecs, program?: string): string {
  const option = (command: string, key: string): Entry => {
    const found = Object.values(specs[command].options).find((group) => Object.hasOwn(group, key))!;
    return optionEntry(key, found[key]);
  };
  const name = program ?? "deno task";
  return [
    "Sequential recommendation with pure MLPs, and the tools to compare it.",
    "",
    `Usage: ${name} COMMAND [options]`,
    ...entryLines([
      ...Object.entries(GROUPS).map((
        [title, commands],
      ): [string, Entry[]] => [title, Object.entries(commands)]),
      ["Options to begin with", [
        ...FIRST.map(([command, key]) => option(command, key)),
        ["--out DIR", "what the command writes: the folder of a dataset, a run or an export, or a file"],
        ...Object.entries(COMMON_OPTIONS).map(([key, common]) => optionEntry(key, common)),
      ]],
    ]),
    "",
    `${name} help COMMAND shows all options of a command.`,
    program
      ? `${name} --version prints the version; ${name} completions ${
        SHELLS.join("|")
      } prints a completion script.`
      : "deno task lists these commands again, followed by the tasks that test, measure and document the program.",
    `Begin with: ${name} pipeline`,
  ].join("\n");
}
