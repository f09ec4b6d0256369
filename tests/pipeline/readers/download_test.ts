import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Interrupted, RunError } from "../../../pipeline/contract/errors.ts";
import type { Progress } from "../../../pipeline/contract/progress.ts";
import { describeFailure, download, fingerprintFile } from "../../../pipeline/readers/download.ts";

const BODY = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const SHA256 = createHash("sha256").update(BODY).digest("hex");
const checksum = { sha256: SHA256, publisher: "the test" };

/** Runs `test` with a folder and the address of a server that answers with `handler`. */
async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  test: (url: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  try {
    await test(`http://127.0.0.1:${server.addr.port}/set.zip`, folder);
  } finally {
    await server.shutdown();
    Deno.removeSync(folder, { recursive: true });
  }
}

const list = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

/** Checks that a download fails with one line that matches, and leaves nothing. */
async function failsWith(message: RegExp, url: string, folder: string, options = {}): Promise<void> {
  await assert.rejects(download(url, join(folder, "set.zip"), options), (error: Error) => {
    assert.ok(error instanceof RunError, `${error.constructor.name}: ${error.message}`);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
  assert.deepEqual(list(folder), []);
}

Deno.test("a download arrives whole, with its digests and its progress in bytes", async () => {
  await withServer(() => new Response(BODY), async (url, folder) => {
    let started: unknown[] = [], advanced = 0, ended = 0;
    const progress: Progress = {
      start(...facts) {
        started = facts;
        return { advance: (n) => void (advanced += n), end: () => void ended++ };
      },
      warn() {},
    };
    const found = await download(url, join(folder, "set.zip"), { checksum, progress });
    assert.deepEqual(found, { bytes: BODY.length, sha256: SHA256 });
    assert.deepEqual(Deno.readFileSync(join(folder, "set.zip")), BODY);
    assert.deepEqual(await fingerprintFile(join(folder, "set.zip")), found);
    assert.deepEqual(started, ["downloading set.zip", BODY.length, "bytes"]);
    assert.deepEqual([advanced, ended], [BODY.length, 1]);
    assert.deepEqual(list(folder), ["set.zip"]);
  });
});

Deno.test("a checksum that does not match is an error and leaves nothing", async () => {
  await withServer(() => new Response(BODY), async (url, folder) => {
    await failsWith(new RegExp(`is ${SHA256}, that of the test is 00ff; it was deleted`), url, folder, {
      checksum: { ...checksum, sha256: "00ff" },
    });
  });
});

Deno.test("a server that refuses is named with its answer and with what to do", async () => {
  await withServer(
    () => new Response("no", { status: 404, statusText: "Not Found" }),
    async (url, folder) => {
      await failsWith(/set\.zip: the server answered 404 Not Found; fetch it by hand$/, url, folder, {
        advice: "fetch it by hand",
      });
    },
  );
});

Deno.test("no server at all", async () => {
  const folder = Deno.makeTempDirSync();
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  await failsWith(/no connection.*refused.*; try again later$/i, `http://127.0.0.1:${port}/set.zip`, folder);
  Deno.removeSync(folder);
});

/** A server below HTTP: sends `parts`, then keeps the connection or cuts it. */
async function withRawServer(
  reply: string,
  cut: boolean,
  test: (url: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const connections: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(reply));
      if (cut) connections.pop()!.close();
    }
  })();
  try {
    await test(`http://127.0.0.1:${listener.addr.port}/set.zip`, folder);
  } finally {
    listener.close();
    await serving;
    for (const connection of connections) connection.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const HALF = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly the beginning";

Deno.test("a connection that is cut leaves nothing", async () => {
  await withRawServer(
    HALF,
    true,
    (url, folder) => failsWith(/^Cannot download .*no connection, or it broke/, url, folder),
  );
});

Deno.test("a server that falls silent is given up", async () => {
  await withRawServer(
    HALF,
    false,
    (url, folder) =>
      failsWith(/the server sent nothing for 0\.2 seconds/, url, folder, { stallSeconds: 0.2 }),
  );
});

Deno.test("an abort in the middle ends the download and leaves nothing", async () => {
  await withRawServer(HALF, false, async (url, folder) => {
    const stop = new AbortController();
    const progress: Progress = {
      start: () => ({ advance: () => setTimeout(() => stop.abort(), 20), end() {} }),
      warn() {},
    };
    await assert.rejects(
      download(url, join(folder, "set.zip"), { progress, signal: stop.signal }),
      (error: Error) => error instanceof Interrupted && /nothing of it was kept/.test(error.message),
    );
    assert.deepEqual(list(folder), []);
  });
});

Deno.test("failures of the disk are said in words", () => {
  const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  assert.equal(describeFailure(full), "the disk is full");
  assert.match(describeFailure(new Deno.errors.PermissionDenied("x")), /not writable/);
  assert.match(
    describeFailure(new Deno.errors.NotCapable('Requires net access to "a:1", run again with')),
    /Requires net access/,
  );
});
