/** One case: a command, a place, what exists there; and whether anything was lost. */
import { basename, join, relative, resolve } from "node:path";
import type { Ran } from "../command.ts";
import { runApart, runHere, typed, wrongEnd } from "./commands.ts";
import { NAMES } from "./names.ts";
import { type Command, COMMANDS, FORMS } from "./place_commands.ts";
import { TARGETS } from "./targets.ts";
import { changesBetween, isThere, removeAll, treeOf } from "./tree.ts";
import { World, writeFile } from "./world.ts";

/** The case to try. All fields are plain, so that a case can be printed and tried again. */
export interface PlaceCase {
  command: keyof typeof COMMANDS;
  target: string;
  /** One of {@link NAMES}. */
  name: string;
  form: keyof typeof FORMS;
  /** Those of {@link Command.flags} that are given. */
  flags: string[];
  /** Whether it runs as a separate process, with the permissions of the task. */
  apart?: boolean;
}

/** The outcome of a case. */
export interface PlaceOutcome {
  problems: string[];
  /** Exit code and messages. */
  ended: string;
  typed: string;
}

/** Runs a case in a new folder of the sandbox, and removes what is left of it. */
export async function runPlaceCase(
  { command, target, name, form, flags, apart }: PlaceCase,
  sandbox: string,
  templates: string,
): Promise<PlaceOutcome> {
  const spec: Command = COMMANDS[command];
  const world = new World(join(sandbox, `case-${crypto.randomUUID().slice(0, 8)}`), templates);
  try {
    world.place("dataset", world.at("own/dataset"));
    world.place("run", world.at("own/run"));
    const spot = world.at(join("spot", spec.below ?? "")),
      cwd = form === "relative" ? spot : world.at("work");
    Deno.mkdirSync(spot, { recursive: true });
    const out = arrange(world, spot, { name, ending: spec.ending, target }) ??
      FORMS[form](join(spot, name + (spec.ending ?? "")), cwd);
    const args = [...flags, ...spec.args(out, world)];
    const place = realPath(spec.below ? join(spot, basename(out)) : resolve(cwd, out));
    const before = treeOf(sandbox);
    const ran = await (apart ? runApart : runHere)(spec.name, args, { cwd, home: world.at("home") });
    const mayChange = judge({ spec, flags, place, world, code: ran.code });
    const problems = changesBetween(before, treeOf(sandbox))
      .map((change) => ({ ...change, path: join(sandbox, change.path) }))
      .filter(({ path, change, before }) =>
        change === "new"
          ? isLeftover(path, spec, ran)
          : !mayChange(path) || change === "changed" && before.startsWith("folder")
      )
      .map(({ path, change }) => `${change}: ${relative(world.root, path)}`);
    if (ran.code === 0 && spec.makes && !isThere(join(place, spec.makes))) {
      problems.push(`nothing was made at ${place}`);
    }
    const ended = `${ran.code} ${ran.stderr.trim()}`;
    return {
      problems: [wrongEnd(ran), ...problems].filter((text) => text !== undefined),
      ended,
      typed: typed(spec.name, args),
    };
  } finally {
    clean(sandbox, world.root);
  }
}

/** Puts the target in its place, and beside it what the name must not be mistaken for. Returns the path to give to the command. */
function arrange(
  world: World,
  spot: string,
  { name, ending = "", target }: { name: string; ending?: string; target: string },
): string | void {
  const other = NAMES[name], place = join(spot, name + ending);
  if (other !== undefined) {
    writeFile(ending ? join(spot, other + ending) : join(spot, other, "thesis.txt"), "chapter one");
  }
  if (basename(place).length <= 255) return TARGETS[target](world, place); // longer names are impossible
}

/** Returns the test of what a command that ended like this may change or remove at a place. */
function judge(
  { spec, flags, place, world, code }: {
    spec: Command;
    flags: string[];
    place: string;
    world: World;
    code: number;
  },
): (path: string) => boolean {
  const { writes, overwrites = [], works = [], ending } = spec, asked = flags.includes("--overwrite");
  return (path) => {
    const kind = world.own.get(path);
    if (path !== place && !path.startsWith(`${place}/`)) return false;
    if (kind && works.includes(kind)) return true;
    if (code !== 0) return false;
    // A single file that the user names and asks to replace may be replaced.
    if (!kind) return asked && ending !== undefined && path === place;
    return asked
      ? [...writes, ...overwrites].includes(kind)
      : writes.includes(kind) && !world.edited.has(path);
  };
}

/** Whether a new path was not asked for. */
function isLeftover(path: string, { works }: Command, { code, stderr }: Ran): boolean {
  if (stderr.includes("is kept in")) return false;
  const name = basename(path);
  return UNDER_WAY.test(name) || code !== 0 && !works;
}

const UNDER_WAY = /\.automlp-(new|old|lock|part)$|\.tmp$/;

/** The path with links resolved, if it exists. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** Removes a case's folder, and what the case left on the small disks and in the shared folder. */
function clean(sandbox: string, root: string): void {
  removeAll(root);
  for (const folder of ["full", "mount", "shared"].map((name) => join(sandbox, name)).filter(isThere)) {
    for (const { name } of Deno.readDirSync(folder)) if (name !== "theirs") removeAll(join(folder, name));
  }
}
