import assert from "node:assert/strict";
import { join } from "node:path";
import { openEngine } from "../../../../model/backend/engine.ts";
import { InputError, Interrupted } from "../../../../pipeline/contract/errors.ts";
import {
  deniedLine,
  goesOnBy,
  notFetchedLine,
  WritingFailed,
  writingFailed,
} from "../../../../pipeline/contract/errors/system.ts";
import { cacheFolder } from "../../../../pipeline/contract/machine/cache_folder.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";

Deno.test("what was not permitted: a command's permissions are ours, a program's its caller's", () => {
  const error = new Deno.errors.NotCapable(
    'Requires write access to "/a/b", run again with the --allow-write flag',
  );
  assert.match(
    deniedLine(error, "command")!,
    /^Cannot write \/a\/b: a command may write only to the places /,
  );
  assert.equal(
    deniedLine(error, "code"),
    "Cannot write /a/b: this program has no permission for it; start it with deno run -A, or --allow-write",
  );
  const all = new Deno.errors.NotCapable(
    'Requires all access to "/dev", run again with the --allow-all flag',
  );
  for (const speech of ["command", "code"] as const) {
    assert.equal(
      deniedLine(all, speech),
      "Cannot use /dev: it is the system's own, and no file or folder of yours",
    );
  }
  assert.equal(deniedLine(new Error("another"), "code"), undefined);
});

Deno.test("a program that may not read the environment is told so where it opens an engine", () =>
  withFolder(async (dir) => {
    const script = join(dir, "my.ts");
    Deno.writeTextFileSync(script, 'import { openEngine } from "automlp";\nawait openEngine();\n');
    const permissions = ["--allow-read", "--allow-write", "--allow-sys", "--allow-ffi"];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--config", `${root}deno.json`, ...permissions, script],
      cwd: dir,
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr).split("\n")[0],
      /InputError: Cannot read the environment variable \w+: this program has no permission for it; start it with deno run -A, or --allow-env$/,
    );
  }));

Deno.test("a program without permissions is told in one line how to start it", () =>
  withFolder(async (dir) => {
    const script = join(dir, "my.ts");
    Deno.writeTextFileSync(
      script,
      'import { prepare } from "automlp";\nawait prepare({ data: "log.csv", out: "made", evalNegatives: 2 });\n',
    );
    Deno.copyFileSync(join(root, "fixtures", "hand", "interactions.csv"), join(dir, "log.csv"));
    const started = async (...permissions: string[]) => {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", "--config", `${root}deno.json`, ...permissions, script],
        cwd: dir,
        env: { NO_COLOR: "1" },
      }).output();
      return { code, said: new TextDecoder().decode(stderr).trim() };
    };
    const { code, said } = await started();
    assert.equal(code, 1);
    assert.match(
      said,
      /^error: Uncaught (\(in promise\) )?Error: automlp needs permissions, .*; start it with deno run -A, or with those that docs\/install\.md names$/,
    );
    const some = await started("--allow-read", "--allow-env", "--allow-sys=cpus", "--allow-ffi");
    assert.match(
      some.said,
      /^error: Uncaught (\(in promise\) )?Error: automlp needs the permission --allow-sys=hostname,networkInterfaces, .* start it with deno run -A$/,
    );
    const reading = await started("--allow-read", "--allow-env", "--allow-sys", "--allow-ffi");
    assert.match(
      reading.said.split("\n").find((line) => !line.startsWith("warning: "))!,
      /InputError: Cannot write .*: this program has no permission for it; start it with deno run -A, or --allow-write$/,
    );
  }));

const SERVICE = `import { loadModel, openEngine, prepare, recommend, saveModel, train } from "automlp";
const { dataset } = await prepare({ data: "log.csv", out: "work/data", minUser: 4, minItem: 1, evalNegatives: 1 });
const of = { dataset, seed: 1 };
await saveModel("work/model", await train("gru4rec", dataset, { epochs: 1, dim: 8, length: 4, seed: 1 }), of);
const engine = await openEngine(), { model } = await loadModel("work/model", dataset, { engine });
const { height } = await recommend(model, dataset, { k: 1 });
console.log(engine.name, height === dataset.users);
`;

Deno.test("the permissions that docs/install.md names are enough for a service", () =>
  withFolder(async (temporary) => {
    const dir = Deno.realPathSync(temporary), script = join(dir, "service.ts");
    Deno.writeTextFileSync(script, SERVICE);
    Deno.copyFileSync(join(root, "fixtures", "hand", "interactions.csv"), join(dir, "log.csv"));
    const said = /`(--allow-read --allow-write=[^`]+)`/.exec(
      Deno.readTextFileSync(join(root, "docs", "install.md")),
    )![1];
    const permissions = said.split(" ").map((flag) =>
      flag.replace("=node_modules", `=${join(root, "node_modules")}`)
        .replace("$HOME/.cache/automlp", cacheFolder())
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--config", `${root}deno.json`, ...permissions, script],
      cwd: dir,
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stdout), `${(await openEngine()).name} true\n`);
  }));

const SCRIPT = `import { notFetchedLine } from ${JSON.stringify(`${root}pipeline/contract/errors/system.ts`)};
await import("fflate").catch((error) => console.log(notFetchedLine(error)));
`;

Deno.test("a package that cannot be fetched is named, with what to do", () =>
  withFolder(async (dir) => {
    for (const name of ["deno.json", "deno.lock", "package.json"]) {
      Deno.copyFileSync(root + name, join(dir, name));
    }
    Deno.writeTextFileSync(join(dir, "script.ts"), SCRIPT);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "script.ts"],
      cwd: dir,
      env: { DENO_DIR: join(dir, "deno"), NPM_CONFIG_REGISTRY: "http://127.0.0.1:9", NO_COLOR: "1" },
    }).output();
    assert.match(
      new TextDecoder().decode(stdout),
      /^Cannot fetch the package [@\w\/.-]+@[\d.]+, which comes when it is first needed; run this again when [^\n]+\n$/,
      new TextDecoder().decode(stderr),
    );
  }));

Deno.test("other errors are none of these", () => {
  assert.equal(notFetchedLine(new Error("Cannot find module")), undefined);
  assert.equal(notFetchedLine("Failed caching npm package 'zod@4.6.7'"), undefined);
});

Deno.test("what could not be written is said by the system's words alone, and by the whole that a part was for", () =>
  withFolder((dir) => {
    Deno.writeTextFileSync(`${dir}/file`, "");
    const polars = new Error(
      "parquet: File out of specification: underlying IO error: No space left on device (os error 28)",
    );
    const full =
      "Cannot write d: No space left on device (os error 28); free some space or choose another place with --out";
    assert.equal(writingFailed("d", polars).message, full);
    assert.equal(writingFailed("d", writingFailed("d/.part", polars)).message, full);
    try {
      Deno.writeTextFileSync(`${dir}/file/below`, "");
      assert.fail("a file has nothing below it");
    } catch (error) {
      const { message } = writingFailed("d", error);
      assert.equal(
        message,
        "Cannot write d: Not a directory (os error 20); see that it can be written or choose another place with --out",
      );
    }
  }));

Deno.test("where a right is wanting, room is no help", () => {
  for (const reason of ["Permission denied (os error 13)", "Read-only file system (os error 30)"]) {
    const { message } = new WritingFailed("d", reason);
    assert.equal(
      message,
      `Cannot write d: ${reason}; see that it can be written or choose another place with --out`,
    );
  }
  assert.match(new WritingFailed("d", "Disk quota exceeded (os error 122)").message, /; free some space or /);
});

Deno.test("a name that is too long, and too many open files, are no want of room", () => {
  const { message } = new WritingFailed("long", "File name too long (os error 36)");
  assert.equal(
    message,
    "Cannot write long: File name too long (os error 36); choose a shorter name with --out",
  );
  const many = new WritingFailed("d", "Too many open files (os error 24)"),
    raise = "raise the limit of open files (ulimit -n)";
  assert.equal(many.message, `Cannot write d: Too many open files (os error 24); ${raise}`);
  assert.equal(many.remedy, raise);
});

Deno.test("where what was computed is kept, it says how to go on instead of another place", () => {
  const full = new WritingFailed("run", "No space left on device (os error 28)");
  assert(goesOnBy(full, "call it again"));
  assert.equal(
    full.message,
    "Cannot write run: No space left on device (os error 28); free some space, and call it again to resume",
  );
  const denied = new WritingFailed("run", "Permission denied (os error 13)");
  assert(goesOnBy(denied, "call it again"));
  assert.match(denied.message, /13\); see that it can be written, and call it again to resume$/);
  const stopped = new Interrupted("Stopped"), refused = new InputError("Unknown option");
  assert(goesOnBy(stopped, "call it again"));
  assert.equal(stopped.goesOn, "call it again");
  assert(!goesOnBy(refused, "call it again"));
  assert.equal(refused.message, "Unknown option");
});
