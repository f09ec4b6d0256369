/**
 * Runs JupyterLab until it is stopped.
 *
 * @module
 */
import { join } from "node:path";
import { RunError } from "../../pipeline/contract/errors.ts";
import { whenStopped } from "../../pipeline/contract/when_stopped.ts";
import type { Jupyter } from "./jupyter.ts";
import { KERNEL_NAME } from "./install.ts";

/** How JupyterLab is started. */
export interface ServerOptions {
  /** The folder that it shows. */
  folder: string;
  /** A notebook in it to open. */
  notebook?: string;
  /** Names in the folder that the file browser hides. */
  hidden?: readonly string[];
  /** A Jupyter folder with our kernelspec, in addition to those that Jupyter knows. */
  kernels: string;
  /** Default: 8888, or the next that is free. */
  port?: number;
  browser: boolean;
  /** Called with the address, once, when the server answers there. */
  onAddress: (url: string) => void;
  /** Called with each warning of the server. */
  onWarning: (line: string) => void;
  signal: AbortSignal;
}

/** Signals that end programs, besides that of Ctrl-C. */
const ENDS: Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGTERM", "SIGHUP"];

/** Where the server listens: "localhost" may be the IPv6 address alone. */
const HOST = "127.0.0.1";
/** Milliseconds that the server has to stop its kernels, and between checks whether it listens. */
const PATIENCE = 10_000, LOOK = 50;

/** The arguments of JupyterLab. */
export function serverArguments(
  { folder, notebook, hidden = [], port, browser }: Pick<
    ServerOptions,
    "folder" | "notebook" | "hidden" | "port" | "browser"
  >,
  root: boolean,
): string[] {
  return [
    `--ServerApp.root_dir=${folder}`,
    `--ServerApp.ip=${HOST}`,
    `--MultiKernelManager.default_kernel_name=${KERNEL_NAME}`,
    // No question about Jupyter's news over the first notebook that somebody opens.
    "--LabApp.news_url=None",
    ...hidden.map((name) => `--ContentsManager.hide_globs=${name}`),
    // A port that was asked for is that one or an error.
    ...(port === undefined ? [] : [`--ServerApp.port=${port}`, "--ServerApp.port_retries=0"]),
    ...(browser ? [] : ["--no-browser"]),
    // In a container there is often no other user; the server listens to this machine only.
    ...(root ? ["--allow-root"] : []),
    ...(notebook ? [join(folder, notebook)] : []),
  ];
}

/**
 * Runs JupyterLab.
 *
 * @returns When it has ended: by the user in the browser, or by `signal`.
 * @throws {RunError} if it ends by itself with an error.
 */
export async function runServer({ program, args, cwd }: Jupyter, options: ServerOptions): Promise<void> {
  const { kernels, signal } = options;
  const path = [kernels, Deno.env.get("JUPYTER_PATH")].filter(Boolean).join(
    Deno.build.os === "windows" ? ";" : ":",
  );
  const child = new Deno.Command(program, {
    args: [...args, ...serverArguments(options, Deno.build.os !== "windows" && Deno.uid() === 0)],
    cwd,
    env: { JUPYTER_PATH: path },
    stdin: "null",
    // Ctrl-C in a terminal goes to all programs of a group: the server's own way of dying of it leaves kernels behind.
    detached: true,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    kill(child, "SIGTERM");
    timer ??= setTimeout(() => kill(child, "SIGKILL"), PATIENCE);
  };
  const over = whenStopped(signal, stop);
  // In a group of its own the server would outlive a closed terminal.
  ENDS.forEach((end) => Deno.addSignalListener(end, stop));
  try {
    let ended = false;
    const announce = (url: string) =>
      listening(url, () => ended).then((listens) => listens && options.onAddress(url));
    const log = follow(child.stderr, { ...options, onAddress: announce }, () => timer !== undefined);
    const { code } = await child.status;
    ended = true;
    // A program that the server left behind may hold the log open.
    const last = await Promise.race([log, new Promise<string>((go) => setTimeout(go, 500, ""))]);
    if (code !== 0 && timer === undefined) {
      throw new RunError(
        `JupyterLab ended with exit code ${code}: ${last}; see ${program} ${args.join(" ")} --help`,
      );
    }
  } finally {
    clearTimeout(timer);
    over();
    ENDS.forEach((end) => Deno.removeSignalListener(end, stop));
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}

/** Waits until a server listens: it logs its address before that. False if it never will. */
async function listening(url: string, ended: () => boolean): Promise<boolean> {
  const port = Number(new URL(url).port);
  while (!ended()) {
    try {
      (await Deno.connect({ hostname: HOST, port })).close();
      return true;
    } catch {
      await new Promise((go) => setTimeout(go, LOOK));
    }
  }
  return false;
}

/** Reads the server's log; returns the last line that says something went wrong, or the last of all. */
async function follow(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { notebook, onAddress, onWarning }: ServerOptions,
  stopping: () => boolean,
): Promise<string> {
  let rest = "", last = "", wrong = "", announced = false;
  const read = (line: string) => {
    const url = /https?:\/\/(127\.0\.0\.1|localhost)\S*/.exec(line)?.[0];
    if (url && !announced && /\?token=/.test(url)) {
      announced = true;
      onAddress(url.replace("/lab?", notebook ? `/lab/tree/${encodeURIComponent(notebook)}?` : "/lab?"));
    }
    // As in "[W 2026-01-31 12:00:00.000 ServerApp] text"; what comes before the address is of no concern to a user.
    const [, level, text] = /^\[([A-Z]) [^\]]*\] (.*)/.exec(line) ?? [];
    if (/[EC]/.test(level ?? "") && !url && text.trim()) {
      wrong = text.trim();
      if (!stopping()) onWarning(wrong);
    }
    if (line.trim()) last = line.trim();
  };
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    lines.forEach(read);
  }
  read(rest);
  return wrong || last;
}
