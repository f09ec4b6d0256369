/** The program from a registry: installed by its name, without any clone, and used in another folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { plantedCsv } from "../../../../fixtures/planted.ts";
import { withFolder } from "../../../folders.ts";
import { json } from "../../../model/support.ts";
import { root } from "../../../paths.ts";
import { emptyCaches, withRegistry } from "../../../registry.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The line of the manual that installs it, from another registry into a folder of the test. */
function installArguments(into: string, registry: URL): string[] {
  const [, line] = /^ {4}deno (install -g .* jsr:.*)$/m.exec(
    Deno.readTextFileSync(`${root}docs/install.md`),
  )!;
  const [install, ...rest] = line.replace("--allow-net=jsr.io", `--allow-net=${registry.host}`).split(" ");
  return [install, "--root", into, "--force", ...rest];
}

Deno.test("automlp is installed from a registry by the manual's line, lays itself down once, and prepares and trains in another folder", () =>
  withFolder((dir) =>
    withRegistry(async (url, files) => {
      const work = join(dir, "work"), options = { cwd: work, env: await emptyCaches(dir, url) };
      Deno.mkdirSync(work);
      const run = async (program: string, args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(program, { ...options, args }).output();
        return { code, stdout: text(stdout), stderr: text(stderr) };
      };
      const installed = await run(Deno.execPath(), installArguments(dir, new URL(url)));
      assert.equal(installed.code, 0, installed.stderr);
      const fetched = installed.stderr.split("\n").filter((line) => line.startsWith("Download "));
      assert(fetched.length < 30 && fetched.every((line) => line.includes(url)), installed.stderr);

      const automlp = (args: string) => run(join(dir, "bin", "automlp"), args.split(" "));
      const { version } = JSON.parse(text(files.get("deno.json")!).replace(/^\s*\/\/.*$/gm, ""));
      const program = join(
        options.env.AUTOMLP_CACHE,
        "program",
        new URL(url).host.replace(":", "_"),
        "@automlp",
        "automlp",
        version,
      );
      assert.deepEqual(await automlp("--version"), {
        code: 0,
        stdout: `automlp ${version}\n`,
        stderr: `Laying automlp into ${program}, once\n`,
      });
      assert.match(
        (await automlp("help train")).stdout,
        /^Usage: automlp train \[DIR \| RUN --resume\] \[options\]$/m,
      );
      assert.deepEqual(await automlp("trian"), {
        code: 2,
        stdout: "",
        stderr: 'error: There is no command "trian" (did you mean "train"?); see automlp --help\n',
      });

      Deno.writeTextFileSync(join(work, "log.csv"), plantedCsv({ users: 40, length: 20, distance: 2 }));
      const prepared = await automlp(
        "prepare --data log.csv --out data --eval-negatives 9 --protocols recbole",
      );
      assert.match(prepared.stdout, /\nNext: automlp inspect --dataset data, /, prepared.stderr);
      const train = "train --method gru4rec data --out run --length 8 --dim 8 --epochs 1 --quiet";
      assert.deepEqual(await automlp(train), { code: 0, stdout: "", stderr: "" });
      assert.equal(json(join(work, "run/run.json")).command, `automlp ${train}`);
      assert.deepEqual(Array.from(Deno.readDirSync(work), ({ name }) => name).sort(), [
        "data",
        "log.csv",
        "run",
      ]);
    })
  ));
