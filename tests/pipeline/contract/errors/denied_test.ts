import assert from "node:assert/strict";
import { join } from "node:path";
import { openEngine } from "../../../../model/backend/engine.ts";
import { deniedLine } from "../../../../pipeline/contract/errors/system.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { cacheFolder } from "../../../../pipeline/contract/machine/cache_folder.ts";

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
