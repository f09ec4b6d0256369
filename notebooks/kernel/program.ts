/**
 * The program that Jupyter starts as the kernel: Deno's own kernel, with completion and documentation at the cursor by Deno's language server.
 *
 * The kernel gets its own connection file, in which only the shell channel differs, because questions about code go there. On all other
 * channels, front ends and the kernel talk directly. The kernel starts in that file's folder, with its own configuration, and then changes to
 * the notebook's folder.
 *
 * @module
 */
import { dirname } from "node:path";
import { z } from "zod";
import { FOLDER_VARIABLE } from "../../pipeline/notebook/kernel.ts";
import { Cursor } from "./cursor.ts";
import { LanguageServer } from "./language_server.ts";
import { ownFolder, removeLeftBehind } from "./own_folder.ts";
import { relay } from "./relay.ts";
import { ROOT } from "./install.ts";
import { signingKey } from "./wire.ts";

const connectionSchema = z.looseObject({
  ip: z.string(),
  transport: z.string(),
  shell_port: z.int(),
  key: z.string().default(""),
});

/** Signals that end a kernel. */
const ENDS: Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGTERM", "SIGHUP"];
/** Milliseconds between looks at whether Jupyter is still there. */
const LOOK = 2000;

/** Runs Deno's kernel until it ends; returns its exit code. */
async function main([file]: string[]): Promise<number> {
  const connection = connectionSchema.parse(JSON.parse(Deno.readTextFileSync(file)));
  // Connections other than TCP are left alone.
  if (connection.transport !== "tcp") return await kernel(file);
  const { ip: hostname, shell_port: port, key } = connection, notebook = notebookFolder();
  const listener = Deno.listen({ hostname, port }), own = freePort(hostname);
  removeLeftBehind(dirname(file));
  using folder = ownFolder(dirname(file), ROOT);
  try {
    Deno.writeTextFileSync(folder.connection, JSON.stringify({ ...connection, shell_port: own }), {
      mode: 0o600,
    });
    const ended = kernel(folder.connection, folder.path);
    using server = new LanguageServer(notebook, folder.configuration);
    relay({
      listener,
      kernel: { hostname, port: own },
      key: await signingKey(key),
      helper: new Cursor(server, notebook, folder.modules),
      first: `Deno.chdir(${JSON.stringify(notebook)})`,
    });
    return await ended;
  } finally {
    listener.close();
  }
}

/** The notebook's folder, which the kernel changes to before its first cell; processes that it starts inherit it. */
function notebookFolder(): string {
  const folder = Deno.env.get(FOLDER_VARIABLE) ?? Deno.cwd();
  Deno.env.delete(FOLDER_VARIABLE);
  return folder;
}

/** @param folder The folder whose configuration is used. Default: the current one. */
async function kernel(file: string, folder?: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", file],
    cwd: folder,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  // The stop button and Ctrl-C reach all processes of the group: the kernel handles the signal, and this process ignores it.
  Deno.addSignalListener("SIGINT", () => {});
  for (const signal of ENDS) Deno.addSignalListener(signal, () => handOn(child, signal));
  // If Jupyter was killed, it did not tell the kernel.
  const parent = Deno.ppid;
  const watch = setInterval(() => Deno.ppid === parent || handOn(child, "SIGKILL"), LOOK);
  const { code } = await child.status;
  clearInterval(watch);
  return code;
}

function handOn(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // The process has ended already.
  }
}

/** Finds a free port. */
function freePort(hostname: string): number {
  using listener = Deno.listen({ hostname, port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
