/**
 * What Jupyter starts as the kernel: Deno's own, with documentation and completion of this library at the cursor.
 *
 * The kernel gets a connection file of its own, in which one place differs: that of the shell channel, where questions about code go. On all
 * other channels front ends and kernel speak to each other as ever. It is started in that file's folder, with a configuration of its own, and goes to
 * the notebook's.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { z } from "zod";
import { Api } from "../../../pipeline/notebook/documentation/api.ts";
import { FOLDER_VARIABLE } from "../../../pipeline/notebook/folder.ts";
import { ROOT } from "../spec.ts";
import { Assistant } from "./assistant.ts";
import { layConfiguration, removeConfiguration } from "./configuration.ts";
import { runFirst } from "./first_cell.ts";
import { signingKey } from "./messages.ts";
import { relay } from "./relay.ts";

const connectionSchema = z.looseObject({
  ip: z.string(),
  transport: z.string(),
  shell_port: z.int(),
  key: z.string().default(""),
});

const MODULE = new URL("../../../mod.ts", import.meta.url);
/** Signals that end a kernel. */
const ENDS: Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGTERM", "SIGHUP"];
/** Milliseconds between looks at whether Jupyter is still there. */
const LOOK = 2000;

/** Runs Deno's kernel until it ends; returns its exit code. */
async function main([file]: string[]): Promise<number> {
  const connection = connectionSchema.parse(JSON.parse(Deno.readTextFileSync(file)));
  // Other ways to connect than TCP are not looked at.
  if (connection.transport !== "tcp") return await kernel(file);
  const { ip: hostname, shell_port: port, key } = connection, notebook = notebookFolder();
  const listener = Deno.listen({ hostname, port }), own = freePort(hostname);
  const folder = Deno.makeTempDirSync({ dir: dirname(file), prefix: "automlp-" });
  const ownFile = join(folder, "connection.json");
  try {
    Deno.writeTextFileSync(ownFile, JSON.stringify({ ...connection, shell_port: own }), { mode: 0o600 });
    layConfiguration(folder, ROOT);
    const ended = kernel(ownFile, folder), assistant = new Assistant(() => Api.of(MODULE.href), notebook);
    assistant.begin();
    const place = { hostname, port: own }, signing = await signingKey(key);
    // A kernel that does not answer is no better known to front ends by an error here.
    runFirst(`Deno.chdir(${JSON.stringify(notebook)})`, place, signing).catch(() => {})
      .then(() => relay({ listener, kernel: place, key: signing, onlooker: assistant }));
    return await ended;
  } finally {
    removeConfiguration(folder, ownFile);
    listener.close();
  }
}

/** The notebook's folder, which the kernel goes to before its first cell; what it starts does not need to be told. */
function notebookFolder(): string {
  const folder = Deno.env.get(FOLDER_VARIABLE) ?? Deno.cwd();
  Deno.env.delete(FOLDER_VARIABLE);
  return folder;
}

/** @param folder Whose configuration it takes; left out: the current one. */
async function kernel(file: string, folder?: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", file],
    cwd: folder,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  // The stop button and Ctrl-C go to all programs of a group: the kernel has it, and this one stays.
  Deno.addSignalListener("SIGINT", () => {});
  for (const signal of ENDS) Deno.addSignalListener(signal, () => handOn(child, signal));
  // A Jupyter that was killed tells nobody.
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
    // It has ended already.
  }
}

/** A port that is free now. */
function freePort(hostname: string): number {
  using listener = Deno.listen({ hostname, port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
