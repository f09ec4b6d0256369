/**
 * The installed program: `automlp prepare --out data/mine`, in any folder. The same commands as the tasks of a clone, each with its own permissions.
 *
 * @module
 */
import { didYouMean, EXIT } from "../contract/errors.ts";
import { forStream } from "../display/wrap.ts";
import { type Entry, entryLines, optionEntry } from "./help.ts";
import { COMMON_OPTIONS } from "./options.ts";
import { helpOf, type KnownSpecs, knownSpecs } from "./known_help.ts";
import { COMMANDS } from "./launch/commands.ts";

const NAME = "automlp";

/** The commands in the order in which people come to them, and what each does. */
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
    train: "trains any method: SASRec, GRU4Rec, BERT4Rec …",
    evaluate: "metrics of a run beside the baselines, and the report",
    recommend: "the next items for users, in original ids",
    watch: "a run that goes on, live in a browser",
    runs: "the runs in a folder, as a table",
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

/** The options that people need first, each as the command has it that is begun with. */
const FIRST: [command: string, option: string][] = [
  ["prepare", "data"],
  ["prepare", "dataset"],
  ["prepare", "out"],
  ["pipeline", "methods"],
  ["pipeline", "budget"],
  ["pipeline", "resume"],
];

/** The programs that `automlp completions` knows. */
const SHELLS = ["bash", "zsh", "fish"] as const;

function help(specs: KnownSpecs): string {
  const option = (command: string, key: string): Entry => {
    const found = Object.values(specs[command].options).find((group) => Object.hasOwn(group, key))!;
    return optionEntry(key, found[key]);
  };
  return [
    "Sequential recommendation by pure MLPs, and what it takes to compare it.",
    "",
    `Usage: ${NAME} COMMAND [options]`,
    ...entryLines([
      ...Object.entries(GROUPS).map((
        [title, commands],
      ): [string, Entry[]] => [title, Object.entries(commands)]),
      ["Options to begin with", [
        ...FIRST.map(([command, key]) => option(command, key)),
        ...Object.entries(COMMON_OPTIONS).map(([key, common]) => optionEntry(key, common)),
      ]],
    ]),
    "",
    `${NAME} help COMMAND has all options of each; ${NAME} --version says which this is; ${NAME} completions ${
      SHELLS.join("|")
    }`,
    `writes what completes its command line. Begin with: ${NAME} pipeline`,
  ].join("\n");
}

/** Says what is wrong with the command line; the exit code. */
function refused(problem: string): number {
  console.error(forStream(`error: ${problem}`, Deno.stderr));
  return EXIT.input;
}

/** Writes the script with which a shell completes command lines. */
async function completions([shell, ...more]: string[]): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (!known || more.length > 0) {
    return refused(`Which shell? Name one: ${NAME} completions ${SHELLS.join("|")}`);
  }
  const { completionScript } = await import("./completions/mod.ts");
  const about = Object.assign({}, ...Object.values(GROUPS)) as Record<string, string>;
  console.log(completionScript(known, NAME, about, await knownSpecs()));
  return EXIT.done;
}

/** Whether a command's `--help` leaves options out. */
const hasMore = async (name: string) => (await knownSpecs())[name]?.first !== undefined;

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help" && args.length === 0) {
    console.log(forStream(help(await knownSpecs()), Deno.stdout));
    return EXIT.done;
  }
  if (name === "--version" || name === "-V") {
    const { VERSION } = await import("../contract/version_number.ts");
    console.log(`${NAME} ${VERSION}`);
    return EXIT.done;
  }
  if (name === "help") return await main([args[0], await hasMore(args[0]) ? "--help-all" : "--help"]);
  if (name === "completions") return await completions(args);
  if (!Object.hasOwn(COMMANDS, name)) {
    return refused(
      `There is no command "${name}"${
        didYouMean(name, [...Object.keys(COMMANDS), "completions", "help"])
      }; see ${NAME} --help`,
    );
  }
  const known = await helpOf(name, args, NAME);
  if (known !== undefined) {
    console.log(forStream(known, Deno.stdout));
    return EXIT.done;
  }
  // Not for help, which is there at once.
  const [{ engineFirst }, { launch }] = await Promise.all([
    import("./launch/engine_first.ts"),
    import("./launch/launch.ts"),
  ]);
  return await engineFirst(name, args, NAME) ?? await launch(name, args, { called: NAME });
}

Deno.exit(await main(Deno.args));
