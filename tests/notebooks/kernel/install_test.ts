import assert from "node:assert/strict";
import { join } from "node:path";
import {
  installSpec,
  kernelSpec,
  prefixFolder,
  uninstallSpec,
  userFolder,
} from "../../../notebooks/kernel/install.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("installed, installed again, uninstalled; nothing else in the folder is touched", () =>
  withFolder(async (dir) => {
    const folder = await installSpec(dir, "mine", kernelSpec("one"));
    await installSpec(dir, "other", kernelSpec());
    assert.equal(folder, `${dir}/kernels/mine`);
    await installSpec(dir, "mine", kernelSpec("two"));
    assert.deepEqual(namesIn(folder), ["kernel.json", "logo-svg.svg"]);
    assert.equal(JSON.parse(Deno.readTextFileSync(`${folder}/kernel.json`)).display_name, "two");
    uninstallSpec(dir, "mine");
    assert.deepEqual(namesIn(`${dir}/kernels`), ["other"]);
    assert.throws(() => uninstallSpec(dir, "mine"), /Cannot uninstall the kernel "mine": there is none/);
  }));

Deno.test("a kernel of others is neither replaced nor taken away, nor what lies beside one of ours", () =>
  withFolder(async (dir) => {
    const python = join(dir, "kernels", "python3");
    Deno.mkdirSync(python, { recursive: true });
    const spec = JSON.stringify({ argv: ["python", "-m", "ipykernel"], display_name: "Python 3" });
    Deno.writeTextFileSync(join(python, "kernel.json"), spec);
    await assert.rejects(
      installSpec(dir, "python3", kernelSpec()),
      /InputError: .* did not install is there/,
    );
    assert.throws(() => uninstallSpec(dir, "python3"), /InputError: .* automlp did not install the one in/);
    assert.equal(Deno.readTextFileSync(join(python, "kernel.json")), spec);

    const mine = await installSpec(dir, "mine", kernelSpec());
    Deno.writeTextFileSync(join(mine, "logo-64x64.png"), "drawn");
    Deno.writeTextFileSync(join(mine, "logo-svg.svg"), "drawn, too");
    Deno.writeTextFileSync(join(dir, "diary"), "dear diary");
    Deno.symlinkSync(join(dir, "diary"), join(mine, "kernel.json.tmp"));
    await installSpec(dir, "mine", kernelSpec("again"));
    uninstallSpec(dir, "mine");
    assert.deepEqual(namesIn(mine), ["kernel.json.tmp", "logo-64x64.png", "logo-svg.svg"]);
    assert.equal(Deno.readTextFileSync(join(dir, "diary")), "dear diary");
  }));

Deno.test("what is no kernelspec, or is a link or a folder, is nothing of ours, whatever it is called", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "kernels", "odd"),
      path = join(folder, "kernel.json"),
      elsewhere = join(dir, "mine.json");
    Deno.mkdirSync(folder, { recursive: true });
    const isLeft = async () => {
      await assert.rejects(
        installSpec(dir, "odd", kernelSpec()),
        /InputError: .*a kernel that automlp did not install is there; /,
      );
      assert.throws(
        () => uninstallSpec(dir, "odd"),
        /InputError: .*automlp did not install the one in .*odd; /,
      );
    };
    for (const text of ['{"argv": ["python', "{}", '{"argv": "python"}', ""]) {
      Deno.writeTextFileSync(path, text);
      await isLeft();
      assert.equal(Deno.readTextFileSync(path), text);
    }
    Deno.removeSync(path);
    Deno.writeTextFileSync(elsewhere, JSON.stringify(kernelSpec()));
    Deno.symlinkSync(elsewhere, path);
    await isLeft();
    assert.deepEqual([Deno.readLinkSync(path), JSON.parse(Deno.readTextFileSync(elsewhere)).argv], [
      elsewhere,
      kernelSpec().argv,
    ]);
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    await isLeft();
    assert.deepEqual(namesIn(folder), ["kernel.json"]);
  }));

Deno.test("a name that is a path is refused", () =>
  withFolder(async (dir) => {
    for (const name of ["../x", "..", ".", "a/b", "Mine", ""]) {
      await assert.rejects(installSpec(dir, name, kernelSpec()), /InputError: Cannot name a kernel/);
      assert.throws(() => uninstallSpec(dir, name), /InputError: Cannot name a kernel/);
    }
    assert.deepEqual(namesIn(dir), []);
  }));

Deno.test("the user's folder is where Jupyter looks on each system", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  assert.equal(userFolder(env({ HOME: "/home/u" }), "linux"), "/home/u/.local/share/jupyter");
  assert.equal(userFolder(env({ HOME: "/home/u", XDG_DATA_HOME: "/d" }), "linux"), "/d/jupyter");
  assert.equal(userFolder(env({ HOME: "/Users/u" }), "darwin"), "/Users/u/Library/Jupyter");
  assert.equal(userFolder(env({ HOME: "/home/u", JUPYTER_DATA_DIR: "/j" }), "linux"), "/j");
  assert.throws(() => userFolder(env({}), "linux"), /no home folder is known; name a place with --prefix/);
});

Deno.test("the kernel is Deno, started in this repository, and knows where it was called", () => {
  const spec = kernelSpec("Mine", (name) => name === "AUTOMLP_CACHE" ? "/cache" : undefined, "linux");
  assert.equal(spec.display_name, "Mine");
  assert.equal(spec.interrupt_mode, "signal");
  assert.deepEqual(spec.env, { AUTOMLP_CACHE: "/cache" });
  assert.deepEqual(spec.argv.slice(0, 2), ["/bin/sh", "-c"]);
  assert.deepEqual(spec.argv.slice(3), [
    root.replace(/\/$/, ""),
    Deno.execPath(),
    "run",
    "-q",
    "-A",
    "notebooks/kernel/program.ts",
    "{connection_file}",
  ]);
});

Deno.test("deno task kernel: into a prefix and out of it, under its own permissions", () =>
  withFolder(async (dir) => {
    const place = `${prefixFolder(dir)}/kernels/mine`;
    const options = ["--prefix", dir, "--name", "mine"];
    const installed = await task("kernel", [...options, "--display-name", "Mine"]);
    assert.deepEqual(installed, {
      code: 0,
      stdout: `Installed the kernel mine (Mine) in ${place}\n`,
      stderr: "",
    });
    const { stdout } = await task("kernel", [...options, "--uninstall", "--json"]);
    assert.deepEqual(JSON.parse(stdout), { name: "mine", folder: place, installed: false, warnings: [] });
    const again = await task("kernel", [...options, "--uninstall"]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /^error: Cannot uninstall the kernel "mine": there is none in .*\n$/);
    const both = await task("kernel", [...options, "--user"]);
    assert.equal(both.stderr, "error: Options --user and --prefix exclude each other: give one\n");
  }));
