/**
 * One command, killed again and again: before each of its writes, and at random moments; and resumed each time.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { checkInterrupt, RunError } from "../../pipeline/contract/errors.ts";
import { someOf } from "../../pipeline/contract/files/recognise.ts";
import { firstLine } from "../../pipeline/contract/files/system.ts";
import type { RandomStream } from "../../pipeline/contract/random.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { damageIn, findOutput, FOUND, type Found } from "./found.ts";
import type { Moment } from "./process.ts";
import type { Scenario } from "./scenarios.ts";
import { differences, partOf, type Snapshot, snapshotOf } from "./snapshot.ts";
import { plantStrangers, type World } from "./world.ts";

/** The result for a command. */
export interface KillResult {
  name: string;
  /** The changes of the file system that an uninterrupted run announces. */
  changes: string[];
  /** Kills that came before its end. */
  targeted: number;
  random: number;
  /** What the kills left. */
  found: Record<Found, number>;
  /** How often resuming led to the same bytes, with nothing left over and no foreign files touched. */
  equal: number;
  /** Failures, at most one per kill. */
  failures: string[];
}

/** How a command is killed. */
export interface KillPlan {
  /** Kills at random moments. */
  times: number;
  random: RandomStream;
  /** Which changes it is killed before. Default: each. */
  aim?: (change: string) => boolean;
}

/** What an uninterrupted run leaves. */
interface Reference {
  before: Snapshot;
  after: Snapshot;
  changes: string[];
  milliseconds: number;
}

/**
 * Kills one command. Random moments lie between its start and its end; one that comes after the end is drawn again.
 *
 * @throws {RunError} if the command fails by itself, or two runs in one piece differ.
 */
export async function killCommand(
  world: World,
  scenario: Scenario,
  { times, random, aim = () => true }: KillPlan,
  { progress, signal }: StageContext = {},
): Promise<KillResult> {
  const reference = await runInOnePiece(world, scenario);
  const { changes, milliseconds } = reference;
  const result: KillResult = {
    name: scenario.name,
    changes,
    targeted: 0,
    random: 0,
    equal: 0,
    failures: [],
    found: Object.fromEntries(FOUND.map((found) => [found, 0])) as KillResult["found"],
  };
  const targets = changes.map((change, i) => ({ change, at: i + 1 })).filter(({ change }) => aim(change));
  const task = progress?.start(`killing ${scenario.name}`, targets.length + times, "kills");
  const kill = async (moment: Moment, what: string) => {
    checkInterrupt(signal, "killing commands");
    const before = result.failures.length;
    const killed = await oneKill(world, scenario, reference, moment, what, result);
    result.failures.slice(before).forEach((failure) => progress?.warn(failure));
    if (killed) task?.advance(1);
    return killed;
  };
  for (const { change, at } of targets) {
    if (await kill({ change: at }, `before change ${at} (${change})`)) result.targeted++;
  }
  for (let tries = 0; result.random < times && tries < 5 * times; tries++) {
    const afterMs = random.float() * milliseconds;
    if (await kill({ afterMs }, `${afterMs.toFixed(1)} ms after its start`)) result.random++;
  }
  task?.end();
  return result;
}

/** Runs the command twice without a kill: what differs then cannot be compared. */
async function runInOnePiece(world: World, scenario: Scenario): Promise<Reference> {
  const { name, command, given, output } = scenario;
  await world.begin(given);
  plantStrangers(world.trial, output);
  world.keep(name);
  const before = snapshotOf(world.trial);
  const run = async () => {
    world.restore(name);
    const ended = await world.run(command);
    return { ...ended, after: snapshotOf(world.trial) };
  };
  const [first, second] = [await run(), await run()];
  const [difference] = differences(first.after, second.after);
  if (difference) {
    throw new RunError(`Cannot compare runs of ${name}: two in one piece differ: ${difference}`);
  }
  return { before, ...second };
}

/** Kills the command once, looks at what is left, continues, and looks again. Returns whether the kill came in time. */
async function oneKill(
  world: World,
  scenario: Scenario,
  { before, after }: Reference,
  moment: Moment,
  what: string,
  result: KillResult,
): Promise<boolean> {
  const { name, command, goOn = command, output, kind } = scenario, { trial } = world;
  world.restore(name);
  const { killed } = await world.run(command, moment);
  if (!killed) return false;
  const problems: string[] = [];
  const state = await findOutput(trial, scenario, outputs(output, before, after));
  if ("found" in state) result.found[state.found]++;
  else problems.push(`left ${state.wrong}`);
  try {
    await world.run(goOn);
    problems.push(...differences(snapshotOf(trial), after));
    const damage = damageIn(kind === "file" ? dirname(join(trial, output)) : join(trial, output));
    if (damage) problems.push(damage);
    if (problems.length === 0) result.equal++;
  } catch (error) {
    problems.push(firstLine(error));
  }
  if (problems.length > 0) result.failures.push(`${name}, killed ${what}: ${someOf(problems)}`);
  return true;
}

/** The command's output in snapshots of the whole trial, by paths below it. */
function outputs(output: string, before: Snapshot, after: Snapshot): { before: Snapshot; after: Snapshot } {
  const below = (whole: Snapshot): Snapshot =>
    new Map(
      [...partOf(whole, output)].filter(([path, content]) => path !== output || content !== "folder")
        .map(([path, content]) => [path === output ? "" : path.slice(output.length + 1), content]),
    );
  return { before: below(before), after: below(after) };
}
