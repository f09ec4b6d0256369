/**
 * What `docs/people.md` says about forgetting a user: where that user occurs, that its lines leave nothing, and that its program finds what
 * there is.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeShop } from "../../fixtures/shop.ts";
import { task } from "../command.ts";
import { withFolder } from "../folders.ts";
import { root } from "../paths.ts";
import { blocksOf, commandLinesOf, wordsOf } from "./read.ts";
import { runLine } from "./run_line.ts";

const PAGE = "docs/people.md", ID = "user-secret-77";
const [program] = blocksOf(PAGE, "ts");
/** The commands from preparing the dataset anew to the lists. */
const ANEW = commandLinesOf(PAGE).map(({ line }) => line).slice(0, 4);

/** Writes a shop's files, with or without a user who occurs in all tables and has one broken row. */
async function writeLog(dir: string, isThere: boolean): Promise<void> {
  await writeShop(join(dir, "given"), { users: 80, items: 60, meanLength: 20 });
  for (
    const [name, own] of Object.entries({ "interactions.csv": rows, "users.csv": [`${ID},35-44,Aarhus`] })
  ) {
    const text = Deno.readTextFileSync(join(dir, "given", name)).trimEnd();
    const file = name === "interactions.csv" ? "ratings.csv" : name;
    Deno.writeTextFileSync(join(dir, file), [text, ...isThere ? own : [], ""].join("\n"));
  }
  Deno.renameSync(join(dir, "given/items.csv"), join(dir, "items.csv"));
  Deno.removeSync(join(dir, "given"), { recursive: true });
}
const rows = [
  ...Array.from({ length: 20 }, (_, i) => `${ID},SH-00${10 + i},5,${1_710_000_000 + i}`),
  `${ID},SH-0001,5,some day`,
];

/** What the page's program finds below a folder, without the shop's own files. */
async function found(dir: string): Promise<string[]> {
  const file = join(dir, "..", "whose.ts");
  Deno.writeTextFileSync(file, program);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--config", `${root}deno.json`, file, ID, "."],
    cwd: dir,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n").sort();
}

Deno.test("a user who is to be forgotten: where the manual says, and nowhere when its lines were run", () =>
  withFolder(async (parent) => {
    const dir = join(parent, "shop");
    Deno.mkdirSync(dir);
    await writeLog(dir, true);
    const run = async (line: string) => {
      const { code, stderr } = await runLine(line, dir);
      assert.equal(code, 0, `${line}\n${stderr}`);
    };
    const LEAST = "--search none --short 3 --dim 8 --epochs 1";
    await run(`${ANEW[0]} --on-bad-row skip`);
    await run(
      `deno task pipeline data/mine --out runs/old ${LEAST} --tensorboard events --methods automlp,fpmc`,
    );
    await run(`deno task recommend runs/old --users ${ID} --out old.csv`);
    await run(`deno task export runs/old --to onnx --out exports/onnx`);
    await run(`deno task export --dataset data/mine --to sasrec --out exports/sasrec`);
    Deno.writeTextFileSync(
      join(dir, "plan.yaml"),
      "methods: [gru4rec]\nseeds: [1]\nepochs: 1\nlength: 8\ndim: 8\n",
    );
    const experiment = await task("experiment", wordsOf("plan.yaml --dataset data/mine --out results"), {
      cwd: dir,
    });
    assert.equal(experiment.code, 0, experiment.stderr);

    // The people that a page shows are drawn at random.
    const drawn = /(insights\.json|gallery\.json|results\.json|report\.html)$/;
    assert.deepEqual((await found(dir)).filter((path) => !drawn.test(path)), [
      "data/mine/rejected.csv",
      "data/mine/users.parquet",
      "exports/onnx/histories.parquet",
      "exports/sasrec/users.tsv",
      "old.csv",
      "ratings.csv",
      "results/cells/gru4rec-seed-1/per_user.parquet",
      "runs/old/per_user.parquet",
      "users.csv",
    ]);

    await writeLog(dir, false);
    for (const line of ANEW) await run(line);
    const refused = await task("recommend", ["runs/old"], { cwd: dir });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Cannot use the run runs\/old .*: it was trained on another/);
    for (const old of ["runs/old", "exports", "old.csv", "results", "events"]) {
      Deno.removeSync(join(dir, old), { recursive: true });
    }
    assert.deepEqual(await found(dir), [""], "nothing names the user");
    assert(Deno.readTextFileSync(join(dir, "lists.csv")).includes("u0001"), "the others have their lists");

    const never = join(parent, "never"),
      hash = (of: string) => JSON.parse(Deno.readTextFileSync(join(of, "data/mine/manifest.json"))).hash;
    Deno.mkdirSync(never);
    await writeLog(never, false);
    assert.equal((await runLine(ANEW[0], never)).code, 0);
    assert.equal(hash(dir), hash(never), "as if the user had never been there");
  }));
