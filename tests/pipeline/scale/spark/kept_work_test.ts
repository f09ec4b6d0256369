import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "../../../../mod.ts";
import { InputError, RunError } from "../../../../pipeline/contract/errors.ts";
import { notePath } from "../../../../pipeline/contract/files/stage.ts";
import { type Progress, silent } from "../../../../pipeline/contract/progress.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { KeptWork, type ResumedRunner } from "../../../../pipeline/scale/spark/kept_work.ts";
import { SparkRunner } from "../../../../pipeline/scale/spark/runner.ts";
import { withFolder } from "../../../folders.ts";
import { hasSpark, INTERPRETED, type SparkServer, withSpark } from "./server.ts";

/** Work finished on a cluster when a command is cut off is reused by the same command, and by no other. */

Deno.test({
  name: "work that is cut off on Spark",
  ignore: !hasSpark,
  fn: (t) =>
    withFolder((dir) =>
      withSpark(async (server) => {
        await keptOrNot(t, join(dir, "small"), server);
        await t.step(
          "finished stages are not done again after a kill, nor after the server's",
          () => cutOffTwice(join(dir, "whole"), server),
        );
      }, INTERPRETED)
    ),
});

/** The messages of a session. */
interface Said {
  remarks: string[];
  warnings: string[];
}

/** Tests only the parts that keep and find work, with a few statements and no preparation. */
async function keptOrNot(t: Deno.TestContext, dir: string, { url }: SparkServer): Promise<void> {
  const work = join(dir, "work"), out = join(dir, "out"), note = notePath(out);
  Deno.mkdirSync(work, { recursive: true });
  const databases = () => [...Deno.readDirSync(work)].map(({ name }) => name);
  const files = () =>
    databases().flatMap((name) => [...Deno.readDirSync(join(work, name))].map(({ name }) => name));

  /** A command that does two stages of `text`, and fails after the first or succeeds. */
  async function command(text: string, fails: boolean, anew = false): Promise<Said> {
    const said: Said = { remarks: [], warnings: [] };
    const progress: Progress = {
      ...silent,
      remark: (line) => said.remarks.push(line),
      warn: (line) => said.warnings.push(line),
    };
    await SparkRunner.with({ url, parts: 2, work }, async (session) => {
      using kept = new KeptWork(session);
      try {
        const runner = await kept.begin({ out, work: text, anew, progress });
        await twoStages(runner, fails);
        await kept.end();
      } catch (error) {
        throw await kept.afterError(error);
      }
    }).catch((error) => {
      if (!(error instanceof RunError) || !fails) throw error;
      said.warnings.push(error.message);
    });
    return said;
  }
  async function twoStages(runner: ResumedRunner, fails: boolean): Promise<void> {
    await runner.keep("numbers", "SELECT id, uuid() AS once FROM range(5)");
    assert.equal((await runner.rows("SELECT * FROM numbers")).height, 5);
    await runner.finished("counting");
    await runner.view("more", "SELECT id + 1 AS id FROM numbers");
    await runner.keep("sums", "SELECT sum(id) AS n FROM more");
    if (fails) await runner.rows("SELECT no_such_function(n) FROM sums");
    assert.deepEqual((await runner.rows("SELECT n FROM sums")).row(0).map(Number), [15]);
    await runner.finished("adding");
  }
  const table = (name: string) => files().filter((file) => file.startsWith(`${name}_`));

  await t.step("a stage that is finished is taken, one that is not is done again", async () => {
    const { warnings: [said] } = await command("a", true);
    assert.match(
      said,
      /no_such_function.*; done, and not done again by the same command: counting \(force begins anew\)$/,
    );
    const [numbers] = table("numbers"), [sums] = table("sums");
    assert(numbers && sums && existsSync(note));
    assert.deepEqual((await command("a", true)).remarks, ["Done before, and not done again: counting"]);
    assert.deepEqual(table("numbers"), [numbers], "computed once");
    assert.equal(table("sums").length, 2, "the half-done stage has a new table");
  });

  await t.step("two processes do not share it", async () => {
    await SparkRunner.with({ url, parts: 2, work }, async (session) => {
      using kept = new KeptWork(session);
      await kept.begin({ out, work: "a", anew: false, progress: silent });
      await assert.rejects(
        command("a", false),
        (error) =>
          error instanceof InputError &&
          /another command is at work for it; wait for its end/.test(error.message),
      );
      session.leaveDatabase();
    });
    assert.equal(databases().length, 1);
  });

  await t.step("a stage whose notes were damaged is done again", async () => {
    const [database] = databases(), [notes] = table("finished_1"), folder = join(work, database, notes);
    const [part] = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      name.endsWith(".parquet")
    );
    // As if only some of the files had been written.
    for (const name of [part, `.${part}.crc`]) Deno.removeSync(join(folder, name));
    assert.deepEqual((await command("a", true)).remarks, [
      "What a command before had made on the cluster was removed (options, sources or versions have changed)",
    ]);
  });

  await t.step("other work does not take it, nor does --force; in the end nothing is left", async () => {
    const before = databases();
    assert.match(
      (await command("b", true)).remarks[0],
      /^What a command before had made .* was removed \(options, sources or versions have changed\)$/,
    );
    assert(!before.some((name) => databases().includes(name)));
    assert.match((await command("b", false, true)).remarks[0], /was removed \(--force\)$/);
    assert.deepEqual([databases(), existsSync(note)], [[], false]);
  });
}

const USERS = 60, EACH = 25, ITEMS = 40;

function log(): string {
  const random = new RandomStream(11, "work that is cut off"), lines = ["user,item,timestamp"];
  for (let row = 0; row < USERS * EACH; row++) {
    lines.push(`u${random.below(USERS)},i${random.below(ITEMS)},${random.below(1000)}`);
  }
  return lines.join("\n") + "\n";
}

async function cutOffTwice(dir: string, server: SparkServer): Promise<void> {
  const data = join(dir, "log.csv"), work = join(dir, "work");
  Deno.mkdirSync(work, { recursive: true });
  Deno.writeTextFileSync(data, log());
  const options = { data, minUser: 5, evalNegatives: 3, protocols: ["strict" as const] };
  const there = {
    ...options,
    engine: "spark" as const,
    spark: server.url,
    parts: 2,
    work,
    out: join(dir, "spark"),
  };
  const here = await prepare({ ...options, out: join(dir, "polars") });
  /** Tables on the cluster, with the time of their files. */
  const tables = () => {
    const [database] = [...Deno.readDirSync(work)].map(({ name }) => join(work, name));
    return new Map(
      [...Deno.readDirSync(database)].map((
        { name },
      ) => [name, Deno.statSync(join(database, name, "_SUCCESS")).mtime!.getTime()]),
    );
  };

  const killed = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(import.meta.dirname!, "cut_off.ts"), "splitting", JSON.stringify(there)],
    stdout: "null",
  }).output();
  assert.equal(killed.signal, "SIGKILL", new TextDecoder().decode(killed.stderr));
  const kept = tables(), names = [...kept.keys()].map((name) => name.replace(/_[0-9a-f]{8}$/, ""));
  assert(
    ["raw_0", "users_seen", "users", "items", "finished_4"].every((name) => names.includes(name)),
    names.join(),
  );

  /** Runs the command to the stage in which the server is killed, or to its end. */
  async function goOn(lose?: string) {
    const remarks: string[] = [];
    let during = new Map<string, number>();
    const progress: Progress = {
      ...silent,
      remark: (line) => remarks.push(line),
      start(label) {
        if (label === "counting targets") during = tables();
        if (label === lose) server.kill();
        return { advance() {}, end() {} };
      },
    };
    const result = await prepare(there, { progress }).catch((error: Error) => error);
    return { result, remarks, during };
  }
  const first = "reading, checking rows, filtering, numbering users and items";
  const lost = await goOn("counting targets");
  assert(lost.result instanceof RunError, String(lost.result));
  assert.match(
    lost.result.message,
    new RegExp(
      `^Lost the connection .* give the same command again; done, and not done again by the same command: ${first}, splitting \\(`,
    ),
  );
  assert.equal(lost.remarks[0], `Done before, and not done again: ${first}`);

  await server.restart();
  const done = await goOn();
  assert(!(done.result instanceof Error), String(done.result));
  assert.equal(done.remarks[0], `Done before, and not done again: ${first}, splitting`);
  assert.equal(done.result.dataset.manifest.hash, here.dataset.manifest.hash);
  for (const { during } of [lost, done]) {
    for (const [name, time] of kept) assert.equal(during.get(name), time, `${name} was written once`);
    const stems = [...during.keys()].map((name) => name.replace(/_[0-9a-f]{8}$/, ""));
    assert.deepEqual(stems.toSorted(), [...new Set(stems)].toSorted(), "no table was made twice");
  }
  assert.deepEqual([...Deno.readDirSync(work)], [], "nothing is left on the cluster");
  assert(!existsSync(notePath(there.out)), "nor here");
}
