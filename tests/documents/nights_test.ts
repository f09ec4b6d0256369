/** The programs of `docs/nights.md` exactly as written: nightly runs of a shop, one of them killed, and a service that follows them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeShop } from "../../fixtures/shop.ts";
import { taskArguments } from "../command.ts";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";
import { blocksOf } from "./read.ts";

const PAGE = "docs/nights.md";
/** A Monday, and the next days. */
const DAYS = ["2026-11-02", "2026-11-03", "2026-11-04"];
const BEGINNING =
  "dim: 16\nlength: 8\nlengths: [2, 4]\nsearchEpochs: 1\nbatchSize: 64\nrate: 0.01\nepochs: 4\nthreads: 1\n";
const CONTINUING = "epochs: 4\nthreads: 1\n";
const A_DAY = 86_400, ROWS_A_DAY = 200;

const [night, cleaning] = blocksOf(PAGE, "sh"), [service] = blocksOf(PAGE, "ts");
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(" ");

/** The folder of a shop before its first night, and helpers that run programs there. */
async function shopIn(dir: string) {
  await writeShop(join(dir, "shop"), { users: 300, items: 100, meanLength: 20 });
  const [header, ...rows] = Deno.readTextFileSync(join(dir, "shop/interactions.csv")).trimEnd().split("\n");
  const timeOf = (row: string) => Number(row.slice(row.lastIndexOf(",") + 1));
  const at = (row: string, time: number) => row.replace(/[^,]*$/, String(time));
  // The last rows are those of the second and the third day, and before them is all that there was until the first.
  const days = DAYS.map((day, i) => {
    const own = rows.slice(i && rows.length - ROWS_A_DAY * (3 - i), rows.length - ROWS_A_DAY * (2 - i));
    const start = Date.parse(day) / 1000, last = timeOf(own.at(-1)!);
    return own.map((row, j) =>
      at(row, i === 0 ? timeOf(row) - last + start : start + j * A_DAY / ROWS_A_DAY)
    );
  });
  const deliver = (i: number, name = DAYS[i]) =>
    Deno.writeTextFileSync(join(dir, "log", `${name}.csv`), [header, ...days[i], ""].join("\n"));
  for (const folder of ["log", "bin"]) Deno.mkdirSync(join(dir, folder));
  const items = Deno.readTextFileSync(join(dir, "shop/items.csv")).trimEnd().split("\n");
  const offer = (without: string) =>
    Deno.writeTextFileSync(
      join(dir, "items.csv"),
      // With an item that nobody has taken yet, and ids in quotes.
      [...items.filter((line) => !line.startsWith(without)), items[1].replace(/^[^,]+/, "NEW-1"), ""]
        .map((line) => line.replace(/^[^,]+/, '"$&"')).join("\n"),
    );
  for (
    const [name, program] of Object.entries({
      "night.sh": night,
      "clean.sh": cleaning,
      "serve.ts": service,
      "begin.yaml": BEGINNING,
      "continue.yaml": CONTINUING,
      "bin/automlp": `#!/bin/sh\ncommand=$1; shift\ncase $command in\n${
        ["prepare", "pipeline", "compare", "refit", "recommend"].map((name) =>
          `${name}) exec '${Deno.execPath()}' ${quoted(taskArguments(name))} "$@";;\n`
        ).join("")
      }esac\n`,
      "bin/deno":
        `#!/bin/sh\nshift 2\nexec '${Deno.execPath()}' run -q -A --no-check --config '${root}deno.json' "$@"\n`,
    })
  ) Deno.writeTextFileSync(join(dir, name), program, { mode: 0o755 });
  /** Number of rows in the log that repeat user, item and time of another row. */
  const repeated = () => {
    const all = Array.from(
      Deno.readDirSync(join(dir, "log")),
      ({ name }) => Deno.readTextFileSync(join(dir, "log", name)).trimEnd().split("\n").slice(1),
    ).flat();
    const distinct = new Set(all.map((row) => row.replace(/,[^,]*(?=,[^,]*$)/, ""))); // without the rating
    return all.length - distinct.size;
  };
  const env = { PATH: `${join(dir, "bin")}:${Deno.env.get("PATH")}`, NO_COLOR: "1" };
  const command = (program: string, args: string[], more: Deno.CommandOptions = {}) =>
    new Deno.Command(program, { args, cwd: dir, stdin: "null", ...more, env: { ...env, ...more.env } });
  const run = async (program: string, ...args: string[]) => {
    const { code, stdout, stderr } = await command(program, args).output();
    return { code, said: text(stdout) + text(stderr) };
  };
  const there = (path: string) => join(dir, path);
  return {
    deliver,
    offer,
    repeated,
    command,
    run,
    there,
    current: () => Deno.readLinkSync(there("current")),
  };
}

const wellDone = { code: 0, said: "" };

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((done) => setTimeout(done, 100));
}

const exists = (path: string) => {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
};

Deno.test("the service is a program that the compiler takes", () =>
  withFolder(async (dir) => {
    Deno.writeTextFileSync(join(dir, "serve.ts"), service);
    const args = ["check", "-q", "--config", `${root}deno.json`, "serve.ts"];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: dir }).output();
    assert.equal(code, 0, text(stderr));
  }));

Deno.test({
  name:
    "the nights of the manual: silent where all is well, gone on with after a kill, followed by the service",
  ignore: Deno.build.os !== "linux", // flock, readlink, mv -T
  fn: () =>
    withFolder(async (dir) => {
      const { deliver, offer, repeated, command, run, there, current } = await shopIn(dir);
      const nightOf = (i: number) => run("sh", "night.sh", DAYS[i]);
      offer("none");
      deliver(0);
      assert.deepEqual(await nightOf(0), wellDone);
      assert.equal(current(), `serve/${DAYS[0]}`);
      const lists = () => Deno.readTextFileSync(there(`lists/${current().slice(6)}.csv`)).split("\n");
      assert(lists().length > 1000);
      assert.deepEqual(await nightOf(0), wellDone, "there is nothing more to do");

      // The service has the first night's model.
      const port = 20_000 + Deno.pid % 20_000, environment = { PORT: String(port), LOOK_MS: "50" };
      await using serving = command(there("bin/deno"), ["run", "-A", "serve.ts"], {
        env: environment,
        stdout: "null",
        stderr: "inherit",
      }).spawn();
      const ask = async () => {
        const body = JSON.stringify(["SH-0001", "not-known", "SH-0002"]);
        const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body });
        return await answer.json() as { day: string; items: string[] };
      };
      const isAnswering = () => ask().then(() => true, () => false);
      await until(isAnswering);
      const first = await ask();
      assert.deepEqual([first.day, first.items.length], [DAYS[0], 10]);

      // The second night's log arrives twice, and the third's has come, too; an item is withdrawn; and the job is killed while it trains.
      const [, , withdrawn] = lists()[1].split(",");
      offer(withdrawn);
      deliver(1);
      deliver(1, "again");
      deliver(2);
      const killed = command("setsid", ["sh", "night.sh", DAYS[1]], { stdout: "null", stderr: "null" })
        .spawn();
      await until(() => exists(there(`runs/${DAYS[1]}/run.json`)));
      const second = await nightOf(1);
      assert.deepEqual(second, {
        code: 75,
        said: "night.sh: another night is still at work; its process: fuser night.lock\n",
      });
      Deno.kill(-killed.pid, "SIGKILL");
      await killed.status;
      await run("flock", "night.lock", "true"); // waits until all processes that it started are gone
      assert.equal(current(), `serve/${DAYS[0]}`);
      assert.deepEqual(await nightOf(1), wellDone);
      assert.equal(current(), `serve/${DAYS[1]}`);
      assert(!lists().some((line) => line.includes(withdrawn)));
      const { stages } = JSON.parse(Deno.readTextFileSync(there(`data/${DAYS[1]}/manifest.json`)));
      const { config } = JSON.parse(Deno.readTextFileSync(there(`runs/${DAYS[1]}/run.json`)));
      assert.equal(config.training.startFrom, there(`runs/${DAYS[0]}`));
      const dropped = (stages as { dropped: { reason: string; rows: number }[] }[]).flatMap((s) => s.dropped);
      assert.equal(dropped.find(({ reason }) => reason.startsWith("duplicate"))?.rows, repeated());
      assert.equal(dropped.find(({ reason }) => reason === `from ${DAYS[2]} on`)?.rows, ROWS_A_DAY);
      await until(async () => (await ask()).day === DAYS[1]);

      // The third night's log is broken, and then repaired.
      Deno.writeTextFileSync(there("log/today.csv"), "<html>502 Bad Gateway</html>\n");
      const broken = await nightOf(2);
      assert.match(broken.said, /^error: Cannot read log\/today\.csv: .*\n$/);
      assert.deepEqual([broken.code, current()], [2, `serve/${DAYS[1]}`]);
      Deno.removeSync(there("log/today.csv"));
      // A model that has hardly learnt anything is not put into service.
      Deno.writeTextFileSync(there("continue.yaml"), `${CONTINUING}rate: 1\naveraging: 0\n`);
      const worse = await nightOf(2);
      assert.match(
        worse.said,
        /^error: runs\/2026-11-04 is worse than runs\/2026-11-03 by 0\.\d{4} \(NDCG@10, protocol full, p [<0.\d ]+\)\n$/,
      );
      assert.deepEqual([worse.code, current()], [1, `serve/${DAYS[1]}`]);
      const checks = Deno.readTextFileSync(there("checks.jsonl")).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      assert.deepEqual(
        checks.map(({ runs }) => runs.map(({ run }: { run: string }) => run)),
        [1, 2].map((i) => [`runs/${DAYS[i]}`, `runs/${DAYS[i - 1]}`]),
      );

      // Seven days are kept, and the one in service. Of the others nothing is left: neither of one that was refused, like the third, nor of
      // one that ended after it had prepared its data, or before.
      const later = Array.from({ length: 7 }, (_, i) => `2026-11-${String(i + 5).padStart(2, "0")}`);
      for (
        const place of [...later.map((day) => `runs/${day}`), "data/2026-10-31", "data/.2026-11-01.new-1f0c"]
      ) {
        Deno.mkdirSync(there(place));
      }
      const left = (folder: string) => Array.from(Deno.readDirSync(there(folder)), ({ name }) => name).sort();
      const isLeft = (runs: string[]) => {
        for (const folder of ["data", "serve"]) assert.deepEqual(left(folder), [DAYS[1]]);
        assert.deepEqual(left("lists"), [`${DAYS[1]}.csv`]);
        assert.deepEqual(left("runs"), runs);
      };
      assert(left("data").includes(DAYS[2]));
      assert.deepEqual(await run("sh", "-e", "clean.sh"), wellDone);
      isLeft([DAYS[1], ...later]);
      assert.deepEqual(await run("env", "KEEP=1", "sh", "-e", "clean.sh"), wellDone);
      isLeft([DAYS[1], later[6]]);
      assert(left("log").length > 0);
      assert.equal((await ask()).day, DAYS[1]);
      serving.kill();
      await serving.status;
    }),
});
