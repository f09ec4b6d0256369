/**
 * A page that stays open in a real browser while its content changes, controlled over the browser's own protocol.
 *
 * @module
 */
import { join } from "node:path";
import { browser } from "../pipeline/display/browser.ts";

/** Arguments for a browser that does only what it is told, with a profile in the folder. */
const quiet = (folder: string): string[] => [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--user-data-dir=${join(folder, "profile")}`,
];

/** A page that stays open. */
export interface OpenPage extends AsyncDisposable {
  /** The value of an expression in the page, as JSON. */
  value<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page; fails after `seconds`. */
  until(expression: string, seconds?: number): Promise<void>;
  /** A picture of the whole page, as PNG. */
  picture(): Promise<Uint8Array<ArrayBuffer>>;
  /** Errors and refusals by the content security policy so far. */
  console: string[];
}

/** Opens an address of this machine, `width` CSS pixels wide. */
export async function openPage(
  url: string,
  width: number,
  scheme: "light" | "dark" = "light",
): Promise<OpenPage> {
  const folder = Deno.makeTempDirSync();
  const child = new Deno.Command(browser!, {
    args: [...quiet(folder), "--remote-debugging-port=0", "about:blank"],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const [stderr, rest] = child.stderr.tee();
  rest.cancel().catch(() => {});
  const port = await debuggingPort(stderr);
  const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json() as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const page = await connect(targets.find(({ type }) => type === "page")!.webSocketDebuggerUrl);
  await page.call("Emulation.setDeviceMetricsOverride", {
    width,
    height: 800,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await page.call("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: scheme }],
  });
  for (const domain of ["Runtime", "Log", "Page"]) await page.call(`${domain}.enable`);
  await page.call("Page.navigate", { url });
  const value = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await page.call("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  };
  return {
    value,
    async until(expression, seconds = 60) {
      let failure: unknown;
      for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
        // Before the page has loaded, what the expression refers to may not exist.
        if (await value(expression).catch((error) => void (failure = error))) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const shown = await value("document.body.innerText");
      throw new Error(`not within ${seconds} s: ${expression}\n${shown}`, { cause: failure });
    },
    async picture() {
      const { data } = await page.call("Page.captureScreenshot", { captureBeyondViewport: true });
      return Uint8Array.fromBase64(data);
    },
    console: page.console,
    async [Symbol.asyncDispose]() {
      page.close();
      child.kill();
      await child.status;
      await removeFolder(folder);
    },
  };
}

/** The port on which a browser that was just started takes commands. */
async function debuggingPort(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let said = "";
  for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
    const port = (said += text).match(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//)?.[1];
    if (port) return port;
  }
  throw new Error(`The browser takes no orders: ${said.slice(-2000)}`);
}

// deno-lint-ignore no-explicit-any -- each call has an answer of its own
type Answer = any;

/** Speaks the DevTools protocol with one page. */
async function connect(url: string) {
  const socket = new WebSocket(url), console: string[] = [];
  const waiting = new Map<number, (result: Answer) => void>();
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(data);
    if (id !== undefined) waiting.get(id)!(error ? { exceptionDetails: error } : result);
    else if (method === "Runtime.exceptionThrown") console.push(params.exceptionDetails.text);
    else if (method === "Log.entryAdded" && params.entry.level === "error") console.push(params.entry.text);
  };
  return {
    console,
    call: (method: string, params: object = {}) =>
      new Promise<Answer>((resolve) => {
        const id = waiting.size;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}

/** The browser's own processes may still write for a moment. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
