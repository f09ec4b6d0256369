/**
 * `deno task bench kill`: whether a kill -9 at any moment loses anything. Each command that writes is killed before each of its changes
 * of the file system, and at random moments, and resumed: the result must be that of a run in one piece.
 *
 * @module
 */
import { z } from "zod";
import { didYouMean, InputError } from "../pipeline/contract/errors.ts";
import { RandomStream } from "../pipeline/contract/random.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { ENGINES } from "../model/backend/types.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { findConfinement } from "./kill/confine.ts";
import { FOUND } from "./kill/found.ts";
import { SCENARIOS } from "./kill/scenarios.ts";
import { killCommand, type KillResult } from "./kill/trial.ts";
import { World } from "./kill/world.ts";

const NAMES = SCENARIOS.map(({ name }) => name);

const killSchema = z.strictObject({
  commands: z.array(z.string()).min(1).default(NAMES),
  times: z.int().nonnegative().default(10),
  seed: z.int().nonnegative().default(1),
  engine: z.enum(ENGINES).default("wasm"),
});
/** Options of `bench kill`. */
export type KillPlan = z.output<typeof killSchema>;

/** Runs the kills of the plan. */
export async function benchKill(plan: KillPlan, context: StageContext = {}): Promise<BenchResult> {
  const { commands, times, seed, engine } = plan;
  const unknown = commands.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `Cannot kill "${unknown}": there is no such command${didYouMean(unknown, NAMES)}; there are ${
        NAMES.join(", ")
      }`,
    );
  }
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "automlp-bench-" }));
  const results: KillResult[] = [];
  let how: string;
  try {
    const confinement = await findConfinement(folder);
    how = confinement.how;
    const world = new World(folder, confinement, engine);
    for (const scenario of SCENARIOS.filter(({ name }) => commands.includes(name))) {
      const random = new RandomStream(seed, `kill/${scenario.name}`);
      results.push(await killCommand(world, scenario, { times, random }, context));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  const failures = results.reduce((sum, { failures }) => sum + failures.length, 0);
  return {
    tables: [table(results)],
    notes: [`Confined: ${how}. Model commands computed with ${engine}.`],
    data: { bench: "kill", plan, confined: how, results },
    ...(failures > 0 && { failed: `${failures} kills did harm` }),
  };
}

const table = (results: KillResult[]): Table => ({
  caption: "Commands killed by SIGKILL before each of their writes, and at random moments; then resumed",
  columns: [
    ...["command", "writes", "killed before a write", "at random", "found after the kill"],
    ...["went on to the same bytes", "failures"],
  ],
  rows: results.map(({ name, changes, targeted, random, found, equal, failures }) => [
    name,
    changes.length,
    targeted,
    random,
    FOUND.filter((state) => found[state] > 0).map((state) => `${found[state]} ${state}`).join(", "),
    `${equal} of ${targeted + random}`,
    failures.length,
  ]),
});

/** Kills every command that writes. */
export const killBench: Bench = {
  spec: {
    name: "bench kill",
    summary: "Whether kill -9 at any write, and at random moments, loses anything; fails if it does.",
    options: {
      "What is killed": fillFromSchema(killSchema.shape, {
        all: {
          commands: {
            kind: "list",
            value: "NAME,…",
            help: `commands to kill, of ${NAMES.join(", ")}`,
            fallback: "all",
          },
          times: { kind: "number", value: "N", help: "kills of each command at random moments" },
          seed: { kind: "number", value: "N", help: "seed of these moments" },
          engine: { kind: "text", help: "engine of the commands that compute with a model" },
        },
      }).all,
    },
    examples: ["deno task bench kill", "deno task bench kill --commands prepare,pipeline --times 50"],
  },
  run: async (values, context) => await benchKill(checkConfig(killSchema, values, "the options"), context),
};
