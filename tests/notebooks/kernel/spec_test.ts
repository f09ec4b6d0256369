import assert from "node:assert/strict";
import { kernelSpec, prefixFolder, userFolder } from "../../../notebooks/kernel/install.ts";
import { task } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

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
