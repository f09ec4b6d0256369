/** The surroundings of a case: the user's own files, and folders that automlp wrote. */
import { basename, dirname, join } from "node:path";
import { writeLog } from "../model/commands/small.ts";
import { type CommandName, runHere } from "./commands.ts";

/** Options of a preparation and a job that take hardly any time. */
export const QUICK = {
  prepare: ["--eval-negatives", "2", "--protocols", "recbole"],
  job: [
    ...["--length", "6", "--dim", "4", "--layers", "1"],
    ...[
      "--lengths",
      "1,3",
      "--search-epochs",
      "1",
      "--epochs",
      "1",
      "--batch-size",
      "256",
      "--engine",
      "cpu",
    ],
  ],
  shop: ["--users", "12", "--items", "40", "--mean-length", "12"],
};

/** Kinds of folders and files of automlp, made once and copied for each case. */
export const KINDS = ["dataset", "export", "run", "fixtures", "kernel", "recommendations", "report"] as const;
export type Kind = typeof KINDS[number];

const TEMPLATE: Record<Kind, string> = {
  dataset: "dataset",
  export: "export",
  run: "run",
  fixtures: "fixtures",
  kernel: "prefix/share/jupyter/kernels/automlp",
  recommendations: "top.csv",
  report: "page.html",
};

/** Makes one of each kind in a folder, with the commands. */
export async function makeTemplates(folder: string): Promise<void> {
  Deno.mkdirSync(folder);
  writeLog(join(folder, "log.csv"), 16);
  const at = (name: string) => join(folder, name), data = ["--data", at("log.csv")];
  const commands: [CommandName, string[]][] = [
    ["prepare", [...data, "--out", at("dataset"), ...QUICK.prepare]],
    ["inspect", [at("dataset"), "--html"]],
    ["inspect", [at("dataset"), "--html", "--out", at("page.html")]],
    ["export", [at("dataset"), "--to", "recbole", "--out", at("export")]],
    ["fixtures", ["--out", at("fixtures"), ...QUICK.shop]],
    ["pipeline", [...data, "--out", at("run"), ...QUICK.job, ...QUICK.prepare]],
    ["recommend", [at("run"), "--out", at("top.csv"), "--engine", "cpu"]],
    ["kernel", ["--prefix", at("prefix")]],
  ];
  for (const [name, args] of commands) {
    const { code, stderr } = await runHere(name, args, { cwd: folder, home: folder });
    if (code !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr}`);
  }
}

/** Copies a folder or file, keeping links and permissions. */
export function copy(from: string, to: string): void {
  const entry = Deno.lstatSync(from);
  if (entry.isFile) return Deno.copyFileSync(from, to);
  if (entry.isSymlink) return Deno.symlinkSync(Deno.readLinkSync(from), to);
  Deno.mkdirSync(to, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) copy(join(from, name), join(to, name));
  Deno.chmodSync(to, entry.mode! & 0o7777);
}

/** The folder of one case. */
export class World {
  /** Paths that automlp wrote, with the kind that each belongs to. Everything else is the user's. */
  readonly own = new Map<string, Kind>();
  /** The paths among them that the user edited. */
  readonly edited = new Set<string>();

  constructor(readonly root: string, readonly templates: string) {
    this.write("data/deep/log.csv", Deno.readTextFileSync(join(templates, "log.csv")));
    this.write("precious/diary.txt", "dear diary");
    this.write("precious/deep/letters.txt", "dear friend");
    Deno.mkdirSync(this.at("precious/empty"));
    this.write("home/thesis.txt", "chapter one");
    this.write("home/.config/settings", "mine");
    this.write("work/notes.txt", "buy milk");
    Deno.chmodSync(this.at("precious/deep/letters.txt"), 0o600);
    Deno.mkdirSync(this.at("spot"));
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** Writes a file of the user's. */
  write(path: string, text: string): void {
    writeFile(this.at(path), text);
  }

  /** Puts something of automlp's at an absolute path. */
  place(kind: Kind, path: string): void {
    Deno.mkdirSync(dirname(path), { recursive: true });
    const template = join(this.templates, TEMPLATE[kind]);
    copy(template, path);
    this.#own(kind, template, path);
  }

  #own(kind: Kind, template: string, path: string): void {
    this.own.set(path, kind);
    if (!Deno.statSync(template).isDirectory) return;
    for (const { name } of Deno.readDirSync(template)) {
      // The dataset in a run is a dataset of its own.
      const below = kind === "run" && basename(path) !== "dataset" && name === "dataset" ? "dataset" : kind;
      this.#own(below, join(template, name), join(path, name));
    }
  }

  /** Makes a path the user's from now on. */
  disown(path: string): void {
    this.own.delete(path);
  }
}

/** Writes a file, creating its folders. */
export function writeFile(path: string, text: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(path, text);
}
