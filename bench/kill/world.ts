/**
 * The folder in which commands are killed: their input, and foreign files beside what they write.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { walk } from "../../pipeline/contract/files/walk.ts";
import { runCommand } from "./process.ts";
import type { Command, Ended, Moment, Place } from "./process.ts";
import { BASE, usesEngine } from "./scenarios.ts";

/** Within a temporary folder, made and removed by the caller; commands run in `trial` and may write there only. */
export class World {
  readonly trial: string;

  /** @param engine The engine of model commands. */
  constructor(readonly folder: string, readonly place: Omit<Place, "folder">, readonly engine?: string) {
    this.trial = join(folder, "trial");
  }

  /** Runs a command in the folder of the trial. */
  run(command: Command, moment?: Moment): Promise<Ended> {
    const more = this.engine && usesEngine(command) ? ["--engine", this.engine] : [];
    return runCommand({ ...this.place, folder: this.trial }, {
      ...command,
      args: [...command.args, ...more],
    }, moment);
  }

  /** Begins a trial with parts of the base. */
  async begin(given: Record<string, string>): Promise<void> {
    for (const name of Object.keys(given)) await this.#makeBase(name);
    this.#clear();
    for (const [name, as] of Object.entries(given)) copy(this.#saved(name), join(this.trial, as));
    if (Object.values(given).includes("shop")) this.#writeLog();
  }

  /** Keeps the folder of the trial under a name. */
  keep(name: string): void {
    copy(this.trial, this.#saved(name));
  }

  /** Begins a trial from a kept state. */
  restore(name: string): void {
    this.#clear();
    copy(this.#saved(name), this.trial);
  }

  #saved(name: string): string {
    return join(this.folder, "saved", name);
  }

  #clear(): void {
    for (const folder of [this.trial, join(this.folder, "saved")]) {
      Deno.mkdirSync(folder, { recursive: true });
    }
    Deno.removeSync(this.trial, { recursive: true });
    Deno.mkdirSync(this.trial);
  }

  async #makeBase(name: string): Promise<void> {
    if (this.#made.has(name)) return;
    const { command, given = {}, output } = BASE[name];
    await this.begin(given);
    await this.run(command);
    copy(join(this.trial, output), this.#saved(name));
    this.#made.add(name);
  }

  readonly #made = new Set<string>();

  /** Interactions with a row that cannot be read. */
  #writeLog(): void {
    const log = Deno.readTextFileSync(join(this.trial, "shop", "interactions.csv"));
    Deno.writeTextFileSync(join(this.trial, "log.csv"), `${log.trimEnd()}\nu0001\n`);
  }
}

/** Puts foreign files beside a place, with names that look like ours. */
export function plantStrangers(trial: string, output: string): void {
  const folder = join(trial, dirname(output)), name = basename(output);
  for (const inner of [`.${name}.new-mine`, `.${name}.new-${crypto.randomUUID()}`, `.${name}.previous-1`]) {
    Deno.mkdirSync(join(folder, inner), { recursive: true });
    Deno.writeTextFileSync(join(folder, inner, "thesis"), "mine");
  }
  for (const file of [`.${name}.part`, `${name}.bak`, "thesis"]) {
    Deno.writeTextFileSync(join(folder, file), "mine");
  }
  Deno.symlinkSync(join(trial, "thesis"), join(folder, `.${name}.link.part`));
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to, { recursive: true });
  for (const { path, entry } of walk(from)) {
    const target = join(to, path);
    if (entry.isDirectory) Deno.mkdirSync(target);
    else if (entry.isSymlink) Deno.symlinkSync(Deno.readLinkSync(join(from, path)), target);
    else Deno.copyFileSync(join(from, path), target);
  }
}
