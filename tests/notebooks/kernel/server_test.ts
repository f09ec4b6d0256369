import assert from "node:assert/strict";
import { join } from "node:path";
import { placeOf } from "../../../notebooks/commands/notebook.ts";
import { serverArguments } from "../../../notebooks/kernel/server.ts";
import { MAKES_ENGINE } from "../../../pipeline/terminal/engine_first.ts";
import { task, taskArguments } from "../../command.ts";
import { withFolder } from "../../folders.ts";
import { freePort } from "../../free_port.ts";
import { root } from "../../paths.ts";
import { hasModules } from "../../pipeline/export/python.ts";

Deno.test.sanitizer({ resources: true });

Deno.test("JupyterLab's arguments: a port that was asked for is that one or an error", () => {
  assert.deepEqual(serverArguments({ folder: "/nb", browser: true }, false), [
    "--ServerApp.root_dir=/nb",
    "--ServerApp.ip=127.0.0.1",
    "--MultiKernelManager.default_kernel_name=automlp",
    "--LabApp.news_url=None",
  ]);
  assert.deepEqual(
    serverArguments({ folder: "/nb", hidden: ["kernel", "execute.ts"], browser: true }, false).slice(4),
    ["--ContentsManager.hide_globs=kernel", "--ContentsManager.hide_globs=execute.ts"],
  );
  assert.deepEqual(
    serverArguments({ folder: "/nb", notebook: "a.ipynb", port: 9000, browser: false }, true).slice(4),
    ["--ServerApp.port=9000", "--ServerApp.port_retries=0", "--no-browser", "--allow-root", "/nb/a.ipynb"],
  );
});

Deno.test("deno task notebook: what cannot be opened is refused in one line", () =>
  withFolder(async (dir) => {
    const env = { AUTOMLP_CACHE: dir };
    Deno.writeTextFileSync(`${dir}/a.txt`, "");
    for (
      const [args, message] of [
        [[`${dir}/none`], /Cannot open .*none: there is no such folder or notebook/],
        [[`${dir}/a.txt`], /Cannot open .*a\.txt: it is no notebook/],
        [[dir, "--python", `${dir}/python`], /Cannot start JupyterLab with .*python: it does not run/],
        [[dir, "--port", "0"], /Option --port does not fit/],
      ] as const
    ) {
      const { code, stderr } = await task("notebook", [...args], { env });
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stderr.split("\n").length, 2);
    }
  }));

Deno.test("deno task notebook: a folder of one's own is shown as it is, a notebook in its folder", () =>
  withFolder((dir) => {
    Deno.writeTextFileSync(`${dir}/a.ipynb`, "{}");
    assert.deepEqual([placeOf(dir), placeOf(`${dir}/a.ipynb`)], [{ folder: dir }, {
      folder: dir,
      notebook: "a.ipynb",
    }]);
  }));

/** Opens JupyterLab from a folder, queries its server, and ends it with Ctrl-C. */
async function inJupyterLab(
  dir: string,
  cwd: string,
  test: (log: string, ask: (path: string) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const python = Deno.env.get("AUTOMLP_PYTHON") || "python3", port = freePort();
  const program = new Deno.Command(Deno.execPath(), {
    args: taskArguments("notebook", "--python", python, "--no-browser", "--port", String(port)),
    cwd,
    env: { AUTOMLP_CACHE: `${dir}/cache`, NO_COLOR: "1", [MAKES_ENGINE]: "no" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await using _end = {
    // A failing test must not leave a server behind.
    async [Symbol.asyncDispose]() {
      try {
        program.kill("SIGTERM");
      } catch {
        return; // it has ended, as it should
      }
      await program.status;
    },
  };
  const reader = program.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let log = "";
  while (!log.includes("Ctrl-C ends it")) {
    const { value, done } = await reader.read();
    assert(!done, `ended early: ${log}`);
    log += value;
  }
  const token = /token=(\w+)/.exec(log)![1];
  await test(log, (path) => fetch(`http://127.0.0.1:${port}${path}?token=${token}`));
  program.kill("SIGINT");
  await reader.cancel();
  const { code } = await program.status;
  assert.equal(code, 0);
  assert.equal(await new Response(program.stdout).text(), "JupyterLab has ended.\n");
}

Deno.test({
  name:
    "deno task notebook: JupyterLab shows a clone's notebooks, and what they write, with our kernel as its default, until Ctrl-C",
  ignore: !hasModules("jupyterlab"),
  fn: () =>
    withFolder(async (dir) => {
      // A module with JupyterLab's name in the current folder is not used as JupyterLab.
      Deno.mkdirSync(`${dir}/here`);
      Deno.writeTextFileSync(`${dir}/here/jupyterlab.py`, "raise SystemExit(3)");
      await inJupyterLab(dir, `${dir}/here`, async (log, ask) => {
        assert(log.includes(`JupyterLab shows ${join(root, "notebooks")}`), log);
        const { default: chosen, kernelspecs } = await (await ask("/api/kernelspecs")).json();
        assert.equal(chosen, "automlp");
        assert.equal(kernelspecs.automlp.spec.display_name, "AutoMLP (Deno)");
        const logo = await ask(kernelspecs.automlp.resources["logo-svg"]);
        assert.match(await logo.text(), /^<svg xmlns=/);
        const { content } = await (await ask("/api/contents")).json();
        const names = content.map(({ name }: { name: string }) => name).sort();
        assert(names.includes("01_prepare.ipynb"));
        assert.deepEqual(names.filter((name: string) => !name.endsWith(".ipynb") && name !== "work"), []);
      });
    }),
});
