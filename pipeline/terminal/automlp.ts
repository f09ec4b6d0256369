/**
 * The installed program: `automlp prepare --out data/mine`, in any folder. The same commands as the tasks of a clone, each with its own permissions.
 *
 * @module
 */
import { didYouMean, EXIT } from "../contract/errors.ts";
import { COMMANDS } from "./launch/commands.ts";
import { launch } from "./launch/launch.ts";

const NAME = "automlp";

/** The commands in the order in which people come to them, and what each does. */
const GROUPS: Record<string, Record<string, string>> = {
  "Data": {
    prepare: "raw interactions → a clean, frozen dataset folder",
    inspect: "what is in a dataset: tables, and plots as a page",
    export: "a dataset for RecBole, LensKit, pandas, DuckDB …",
    fixtures: "writes the demonstration data: a synthetic shop",
  },
  "Models": {
    pipeline: "the whole job: prepare → search → retrain → evaluate → report",
    search: "searches for AutoMLP's short-term length",
    retrain: "trains the network with the selected length",
    train: "trains any method: SASRec, GRU4Rec, BERT4Rec …",
    evaluate: "metrics of a run beside the baselines, and the report",
    recommend: "the next items for users, in original ids",
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

function help(): string {
  const names = Object.values(GROUPS).flatMap(Object.keys),
    width = Math.max(...names.map(({ length }) => length));
  return [
    "Sequential recommendation by pure MLPs, and what it takes to compare it.",
    "",
    `Usage: ${NAME} COMMAND [options]`,
    ...Object.entries(GROUPS).flatMap(([title, commands]) => [
      "",
      title,
      ...Object.entries(commands).map(([name, does]) => `  ${name.padEnd(width)}  ${does}`),
    ]),
    "",
    `${NAME} help COMMAND has the options of each; ${NAME} --version says which this is. Begin with: ${NAME} pipeline`,
  ].join("\n");
}

/** A command that computes finds the engine made, as a task does. Where it cannot be had, the command says so, and goes on. */
const engineFirst = (name: string, args: string[]): boolean =>
  COMMANDS[name].engine === true && name !== "doctor" &&
  !args.some((arg) => arg === "--help" || arg === "-h");

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help" && args.length === 0) {
    console.log(help());
    return EXIT.done;
  }
  if (name === "--version" || name === "-V") {
    const { VERSION } = await import("../contract/version_number.ts");
    console.log(`${NAME} ${VERSION}`);
    return EXIT.done;
  }
  if (name === "help") return await main([args[0], "--help"]);
  if (!Object.hasOwn(COMMANDS, name)) {
    console.error(
      `error: There is no command "${name}"${didYouMean(name, Object.keys(COMMANDS))}; see ${NAME} --help`,
    );
    return EXIT.input;
  }
  if (engineFirst(name, args)) {
    const code = await launch("engine", [], { called: NAME, quiet: true });
    if (code > 128) return code; // stopped by a signal
  }
  return await launch(name, args, { called: NAME });
}

Deno.exit(await main(Deno.args));
