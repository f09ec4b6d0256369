/**
 * Serves the page of a run, and sends the new page to the browsers that show it when the run has written something. It only reads.
 *
 * @module
 */
import { extname, join, relative } from "node:path";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstLine, isMissing, isSystemError, openFile } from "../../pipeline/contract/files/system.ts";
import { LIVE_POLICY } from "../../pipeline/display/page.ts";
import { EVENTS } from "../../pipeline/display/page/script.ts";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";
import { CurrentPage } from "./current.ts";
import { eventsOf } from "./events.ts";
import { isOwnName } from "./names.ts";
import { settled } from "./read.ts";

/** Where a run is served. */
export interface WatchPlace {
  /** An address of this machine, or its name. */
  host: string;
  /** The port; 0 for any that is free. */
  port: number;
}

/** A running server. */
export interface WatchServer {
  /** The page's URL. */
  url: string;
  /** Ends the server and the streams to its browsers. */
  close(): Promise<void>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json",
  ".jsonl": "application/jsonl",
};
const COMMON = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  // A report in the folder may come from anybody: under this policy it can run no script but ours.
  "content-security-policy": `${LIVE_POLICY}; frame-ancestors 'none'`,
};

/**
 * Serves a run folder until the server is closed.
 *
 * @throws {InputError} if the port is taken, or the host is not an address of this machine.
 */
export function serveRun(folder: string, { host, port }: WatchPlace): WatchServer {
  const ending = new AbortController(), current = new CurrentPage(folder);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname: host, port, onListen() {} }, (request) => {
      const refused = refuse(request, host);
      return refused ?? answer(new URL(request.url).pathname, folder, current, ending.signal);
    });
  } catch (error) {
    throw cannotServe({ host, port }, error);
  }
  const shown = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${server.addr.port}/`,
    async close() {
      ending.abort(); // otherwise the streams would keep the server open
      await server.shutdown();
    },
  };
}

/** Refuses a request that is not how a browser asks for this page; undefined if nothing is wrong. */
function refuse({ method, url }: Request, host: string): Response | undefined {
  if (method !== "GET" && method !== "HEAD") return text(405, "This page can only be read.");
  if (isOwnName(new URL(url).hostname, host)) return undefined;
  return text(403, "This page is served by another name: ask for it by the address that was printed.");
}

async function answer(
  path: string,
  folder: string,
  current: CurrentPage,
  ending: AbortSignal,
): Promise<Response> {
  if (path === "/") return new Response(await current.html(), { headers: headersOf(".html") });
  if (path === `/${EVENTS}`) {
    const headers = { ...COMMON, "content-type": "text/event-stream" };
    return new Response(eventsOf(() => current.html(), ending), { headers });
  }
  return await file(folder, path.slice(1));
}

/** Serves a file that the report names, or the report itself; never the target of a link, which could be any file of this machine. */
async function file(folder: string, path: string): Promise<Response> {
  const run = RunFolder.at(folder), missing = () => text(404, "There is no such file of the run.");
  try {
    const isReport = path === FILES.report.path;
    if (!(isReport || run.files().includes(path)) || isLinked(folder, path)) return missing();
    if (isReport) {
      const report = await settled(() => run.readReport());
      return report === undefined ? missing() : new Response(report, { headers: headersOf(".html") });
    }
    return new Response(openFile(join(folder, path)).readable, { headers: headersOf(extname(path)) });
  } catch (error) {
    if (isMissing(error)) return missing();
    if (error instanceof InputError) return text(500, error.message);
    throw error;
  }
}

/** Whether a path below a folder leads through a link. */
const isLinked = (folder: string, path: string): boolean =>
  relative(Deno.realPathSync(folder), Deno.realPathSync(join(folder, path))) !== join(path);

const headersOf = (extension: string) => ({
  ...COMMON,
  "content-type": TYPES[extension] ?? "application/octet-stream",
});

const text = (status: number, message: string) =>
  new Response(`${message}\n`, {
    status,
    headers: { ...COMMON, "content-type": "text/plain; charset=utf-8" },
  });

/** The error, in one line, for a host and port that cannot be used. */
function cannotServe({ host, port }: WatchPlace, error: unknown): unknown {
  const refused = (problem: string) =>
    new InputError(`Cannot serve the page on ${host}, port ${port}: ${problem}`);
  if (error instanceof Deno.errors.AddrInUse) {
    return refused(
      "another program listens there; give another one with --port, or --port 0 for any that is free",
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return refused("the system does not permit it; give a port above 1023 with --port");
  }
  if (error instanceof Deno.errors.NotCapable || !(isSystemError(error) || isNotFound(error))) return error;
  return refused(`${firstLine(error)}; give an address of this machine with --host`);
}

/** Whether the error says that a name has no address, for which Deno has no error class of its own. */
const isNotFound = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("failed to lookup address");
