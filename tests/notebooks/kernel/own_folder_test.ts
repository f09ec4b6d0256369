import assert from "node:assert/strict";
import { join } from "node:path";
import { ownFolder, removeLeftBehind } from "../../../notebooks/kernel/own_folder.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";

Deno.test.sanitizer({ resources: true });

const PROGRAM = new URL("../../../notebooks/kernel/own_folder.ts", import.meta.url).href;

/** Makes a folder in a process that is killed with it. */
async function leftBehind(beside: string, port: number): Promise<string> {
  const code = `
    const { ownFolder } = await import(${JSON.stringify(PROGRAM)});
    const { path, connection } = ownFolder(${JSON.stringify(beside)}, ${JSON.stringify(root)});
    Deno.writeTextFileSync(connection, JSON.stringify({ ip: "127.0.0.1", shell_port: ${port} }));
    console.log(path);
    Deno.kill(Deno.pid, "SIGKILL");`;
  const { stdout, signal } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--config", join(root, "deno.json"), code],
    stderr: "inherit",
  }).output();
  assert.equal(signal, "SIGKILL");
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name:
    "the folder of a kernel that was killed is removed by the next, and nothing that is used or another's",
  ignore: Deno.build.os === "windows", // it has no SIGKILL
  fn: () =>
    withFolder(async (dir) => {
      const beside = join(dir, "runtime"),
        names = () => [...Deno.readDirSync(beside)].map(({ name }) => name).sort();
      Deno.mkdirSync(join(beside, "automlp-other"), { recursive: true });
      Deno.writeTextFileSync(join(beside, "automlp-other", "connection.json"), "{}");
      Deno.writeTextFileSync(join(beside, "kernel-1.json"), "{}");
      const others = names(), port = freePort();
      const killed = await leftBehind(beside, port);
      {
        using running = ownFolder(beside, root);
        assert.equal(names().length, others.length + 2);
        {
          using _alive = Deno.listen({ hostname: "127.0.0.1", port });
          removeLeftBehind(beside);
          assert.equal(names().length, others.length + 2, "Deno's kernel may have outlived its program");
        }
        Deno.writeTextFileSync(join(killed, "notes.txt"), "of a cell");
        removeLeftBehind(beside);
        assert.deepEqual([...Deno.readDirSync(killed)].map(({ name }) => name), ["notes.txt"]);
        await leftBehind(beside, port);
        Deno.removeSync(killed, { recursive: true });
        removeLeftBehind(beside);
        assert.deepEqual(names(), [...others, running.path.split("/").at(-1)!].sort());
      }
      assert.deepEqual(names(), others, "a kernel that ends removes its own");
    }),
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
