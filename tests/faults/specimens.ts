/** Folders that are read again: a dataset, a finished run, and runs that were cut off during their search. */
import { join } from "node:path";
import { FolderRecord } from "../../pipeline/contract/files/checksums.ts";
import { writeLog } from "../model/commands/small.ts";
import { type CommandName, runHere } from "./commands.ts";
import { QUICK } from "./world.ts";

/** The names of the specimens. Each has a second one of the same kind with another seed, called `NAME-other`. */
export const SPECIMENS = ["dataset", "run", "searching", "trying"] as const;
export type Specimen = typeof SPECIMENS[number];

const JOB = [...QUICK.job, "--search-epochs", "2", "--epochs", "2"];

/** The options of a preparation, with features of items. */
const preparationOf = (folder: string, seed: number): string[] => [
  ...["--data", join(folder, "log.csv"), "--items", join(folder, "items.csv")],
  ...["--features", "genres:multi,shelf:categorical,price:numeric", "--seed", String(seed)],
  ...QUICK.prepare,
];

/** The options of a specimen's job, without its folder. `folder` is that of the specimens. */
export const jobOf = (specimen: Specimen, folder: string, seed: number): string[] => [
  ...preparationOf(folder, seed),
  ...JOB,
  ...(specimen === "trying" ? ["--search", "exhaustive"] : []),
];

/** The options of a search on a dataset. */
export const SEARCH = JOB;

/** Makes all specimens in a folder, by the commands. */
export async function makeSpecimens(folder: string): Promise<void> {
  Deno.mkdirSync(folder);
  writeLog(join(folder, "log.csv"), 16);
  writeItems(join(folder, "items.csv"));
  const run = async (name: CommandName, args: string[]) => {
    const { code, stderr } = await runHere(name, args, { cwd: folder, home: folder });
    if (code !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr}`);
  };
  for (const [i, other] of ["", "-other"].entries()) {
    const at = (specimen: Specimen) => join(folder, specimen + other);
    await run("prepare", [...preparationOf(folder, i), "--out", at("dataset")]);
    await run("inspect", ["--html", at("dataset")]);
    await run("pipeline", [...jobOf("run", folder, i), "--out", at("run")]);
    await run("pipeline", [...jobOf("searching", folder, i), "--out", at("searching"), "--until", "search"]);
    await run("pipeline", [...jobOf("trying", folder, i), "--out", at("trying"), "--until", "search"]);
    await FolderRecord.read(at("searching"))!.move(
      "checkpoint/search.previous.safetensors",
      "checkpoint/search.safetensors",
    );
    for (const specimen of ["searching", "trying"] as const) {
      await FolderRecord.read(at(specimen))!.remove("architecture.json");
      await FolderRecord.read(at(specimen))!.remove("report.html");
      await FolderRecord.read(at(specimen))!.remove("data.json");
    }
  }
}

/** Writes the items of the log, with a feature of every kind. */
function writeItems(path: string): void {
  const lines = Array.from(
    { length: 20 },
    (_, i) => `i${i},${["a|b", "b", "c|a"][i % 3]},s${i % 4},${i * 1.5}`,
  );
  Deno.writeTextFileSync(path, ["item,genres,shelf,price", ...lines].join("\n") + "\n");
}
