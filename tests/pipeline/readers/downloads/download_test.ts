import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Interrupted, RunError } from "../../../../pipeline/contract/errors.ts";
import type { Progress } from "../../../../pipeline/contract/progress.ts";
import {
  describeFailure,
  download,
  type DownloadOptions,
} from "../../../../pipeline/readers/downloads/download.ts";
import { type Fingerprint, fingerprintFile } from "../../../../pipeline/readers/downloads/fingerprint.ts";
import { partialBytes, PartialDownload } from "../../../../pipeline/readers/downloads/partial.ts";
import { withFolder } from "../../../folders.ts";
import { type Behaviour, FileServer } from "../file_server.ts";
import { listener } from "../../../listener.ts";

Deno.test.sanitizer({ resources: true });

const BODY = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const OTHER = BODY.map((byte) => byte ^ 1);
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const checksum = { sha256: sha256Of(BODY), publisher: "the test" };
const WHOLE: Fingerprint = { bytes: BODY.length, sha256: checksum.sha256 };

/** Runs `test` with a folder and a server of {@link BODY}. */
const withServer = (
  behaviour: Partial<Behaviour>,
  test: (server: FileServer, url: string, folder: string) => Promise<void>,
) =>
  withFolder(async (folder) => {
    await using server = new FileServer({ body: BODY, etag: '"v1"', ...behaviour });
    await test(server, `http://127.0.0.1:${server.port}/set.zip`, folder);
  });

/** Downloads as a command does: the folder holds what an earlier attempt left. */
async function get(url: string, folder: string, options: DownloadOptions = {}): Promise<Fingerprint> {
  using partial = await PartialDownload.open(join(folder, "set.partial"), "set.zip");
  const found = await download(url, partial, { pauseSeconds: 0, ...options });
  assert.deepEqual(await fingerprintFile(partial.path), found);
  return found;
}

const list = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);
const kept = (folder: string) => partialBytes(join(folder, "set.partial"))?.bytes;

/** Checks that a download fails with one line that matches, and how many bytes it leaves. */
async function failsWith(
  message: RegExp,
  url: string,
  folder: string,
  options: DownloadOptions = {},
  left?: number,
): Promise<void> {
  await assert.rejects(get(url, folder, options), (error: Error) => {
    assert.ok(error instanceof RunError, `${error.constructor.name}: ${error.message}`);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
  assert.equal(kept(folder), left);
  if (left === undefined) assert.deepEqual(list(folder), []);
}

Deno.test("a download arrives whole, with its digest and its progress in bytes", () =>
  withServer({}, async ({ asked }, url, folder) => {
    let started: unknown[] = [], advanced = 0, ended = 0;
    const progress: Progress = {
      start(...facts) {
        started = facts;
        return { advance: (n) => void (advanced += n), end: () => void ended++ };
      },
      warn() {},
    };
    assert.deepEqual(await get(url, folder, { checksum, progress }), WHOLE);
    assert.deepEqual(started, ["downloading set.zip", BODY.length, "bytes"]);
    assert.deepEqual([advanced, ended], [BODY.length, 1]);
    assert.deepEqual(asked, [{ path: "/set.zip", range: null, ifRange: null }]);

    // Everything is there already: nothing is requested.
    assert.deepEqual(await get(url, folder, { checksum }), WHOLE);
    assert.equal(asked.length, 1);
  }));

Deno.test("a connection that breaks is made again, and goes on where it broke, as long as it brings something", () =>
  withServer({ breakAfter: 120_000 }, async (server, url, folder) => {
    const { progress, labels, warnings } = listener();
    assert.deepEqual(await get(url, folder, { checksum, progress }), WHOLE);
    assert.deepEqual(server.ranges, [null, "bytes=120000-", "bytes=240000-"]);
    assert.deepEqual(server.asked[1].ifRange, '"v1"');
    assert.deepEqual(labels[1], "downloading the rest of set.zip");
    assert.equal(warnings.length, 2);
    assert.match(warnings[0], /^set\.zip: the connection broke \(.*\) after 120 kB; trying to resume$/);
  }));

Deno.test("a download that is stopped while it waits to reconnect stops at once", () =>
  withServer({ breakAfter: 120_000 }, async (_, url, folder) => {
    const stop = new AbortController();
    const progress: Progress = {
      start: () => ({ advance() {}, end() {} }),
      warn: () => void setTimeout(() => stop.abort()),
    };
    await assert.rejects(
      get(url, folder, { checksum, progress, signal: stop.signal, pauseSeconds: 3600 }),
      Interrupted,
    );
    assert.equal(kept(folder), 120_000);
  }));

Deno.test("a later command goes on where the one before was left; the bar shows what is missing", () =>
  withServer({ breakAfter: 120_000 }, async (server, url, folder) => {
    const stop = new AbortController();
    let arrived = 0;
    const progress: Progress = {
      start: () => ({
        advance(bytes) {
          arrived += bytes;
          if (arrived === 120_000) setTimeout(() => stop.abort()); // before it reconnects
        },
        end() {},
      }),
      warn() {},
    };
    await assert.rejects(
      get(url, folder, { checksum, progress, signal: stop.signal }),
      (error: Error) =>
        error instanceof Interrupted && error.cause === stop.signal.reason &&
        /set\.zip; 120 kB of it are kept$/.test(error.message),
    );
    assert.equal(kept(folder), 120_000);

    server.behaviour.status = 503;
    const line =
      /set\.zip: the server answered 503 Service Unavailable; 120 kB of it are kept, and the same command resumes from there; or try/;
    await failsWith(line, url, folder, { checksum }, 120_000);

    Object.assign(server.behaviour, { status: undefined, breakAfter: undefined });
    let total: number | undefined;
    const bar: Progress = {
      start: (_, all) => (total = all, { advance() {}, end() {} }),
      warn: (message) => assert.fail(message),
    };
    assert.deepEqual(await get(url, folder, { checksum, progress: bar }), WHOLE);
    assert.equal(total, 180_000);
    assert.deepEqual(server.ranges, [null, "bytes=120000-", "bytes=120000-"]);
  }));

/** Leaves the first 120,000 bytes in the folder. */
async function leaveAPart(server: FileServer, url: string, folder: string): Promise<void> {
  const { behaviour } = server, { ranges, breakAfter } = behaviour;
  Object.assign(behaviour, { ranges: false, breakAfter: 120_000 });
  await assert.rejects(get(url, folder, { checksum }), /120 kB of it are kept, and the same command resumes/);
  assert.equal(kept(folder), 120_000);
  Object.assign(behaviour, { ranges, breakAfter });
  server.asked.length = 0;
}

/** Downloads the whole file over a part, and returns the messages. */
async function overAPart(server: FileServer, url: string, folder: string): Promise<string[]> {
  const { progress, warnings } = listener();
  const expected = { sha256: sha256Of(server.behaviour.body), publisher: "the test" };
  await get(url, folder, { checksum: expected, progress });
  return warnings;
}

Deno.test("a server without ranges, and one that breaks at the same place again: in words, and not for ever", () =>
  withServer({ ranges: false }, async (server, url, folder) => {
    await leaveAPart(server, url, folder);
    server.behaviour.breakAfter = 100_000;
    await failsWith(/connection broke \(.*\); 100 kB of it are kept/, url, folder, { checksum }, 100_000);
    assert.deepEqual(server.ranges, ["bytes=120000-"]);
    delete server.behaviour.breakAfter;
    assert.deepEqual(await overAPart(server, url, folder), [
      `127.0.0.1:${server.port} does not continue a download that was broken off: beginning again`,
    ]);
  }));

Deno.test("a file that has changed on the server is downloaded from its beginning, in words", () =>
  withServer({}, async (server, url, folder) => {
    await leaveAPart(server, url, folder);
    Object.assign(server.behaviour, { body: OTHER, etag: '"v2"' });
    const changed = "set.zip has changed on the server since a part of it was downloaded: beginning again";
    assert.deepEqual(await overAPart(server, url, folder), [changed]);
    assert.deepEqual(server.asked, [{ path: "/set.zip", range: "bytes=120000-", ifRange: '"v1"' }]);

    await leaveAPart(server, url, folder);
    Object.assign(server.behaviour, { body: BODY.slice(0, 5_000), etag: '"v2"' });
    assert.deepEqual(await overAPart(server, url, folder), [changed]);
  }));

Deno.test("a server that names no state of its file: the checksum says whether the parts fit together", () =>
  withServer({ etag: undefined }, async (server, url, folder) => {
    await leaveAPart(server, url, folder);
    assert.deepEqual(await overAPart(server, url, folder), []);
    assert.deepEqual(server.asked, [{ path: "/set.zip", range: "bytes=120000-", ifRange: null }]);

    Deno.removeSync(join(folder, "set.partial"), { recursive: true });
    await leaveAPart(server, url, folder);
    server.behaviour.body = OTHER;
    const [warning, ...more] = await overAPart(server, url, folder);
    assert.match(
      warning,
      /^The parts of set\.zip do not fit together \(its SHA-256 is .*\): beginning again$/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(server.ranges, ["bytes=120000-", null]);

    // Without a checksum as well, there is no way to tell.
    Deno.removeSync(join(folder, "set.partial"), { recursive: true });
    server.behaviour.breakAfter = 120_000;
    server.behaviour.ranges = false;
    await failsWith(/connection broke \(.*\); try again later$/, url, folder);
  }));

Deno.test("a checksum that does not match is an error and leaves nothing", () =>
  withServer(
    {},
    (_, url, folder) =>
      failsWith(new RegExp(`is ${WHOLE.sha256}, that of the test is 00ff; it was deleted`), url, folder, {
        checksum: { ...checksum, sha256: "00ff" },
      }),
  ));

Deno.test("a server that refuses is named with its answer and with what to do", async () => {
  for (const [status, words] of [[404, "404 Not Found"], [500, "500 Internal Server Error"]] as const) {
    await withServer({ status }, async (server, url, folder) => {
      const advice = "fetch it by hand", line = new RegExp(`the server answered ${words}; ${advice}$`);
      await failsWith(line, url, folder, { advice });
      assert.equal(server.asked.length, 1);
    });
  }
});

Deno.test("a server that sends a part where the whole was asked for is not asked for ever", () =>
  withServer({ onlyParts: true }, async (server, url, folder) => {
    await failsWith(/the server answered 206/, url, folder, { checksum });
    assert.deepEqual(server.ranges, [null]);
    delete server.behaviour.onlyParts;
    await leaveAPart(server, url, folder);
    server.behaviour.onlyParts = true;
    await failsWith(/the server answered 206/, url, folder, { checksum });
    assert.deepEqual(server.ranges, ["bytes=120000-", null]);
  }));

Deno.test("no server at all", () =>
  withFolder(async (folder) => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" }), { port } = listener.addr;
    listener.close();
    const url = `http://127.0.0.1:${port}/set.zip`;
    await failsWith(/no connection.*refused.*; try again later$/i, url, folder);
  }));

Deno.test("one process at a time downloads a file; the next waits, and can be stopped", () =>
  withServer({}, async (_, url, folder) => {
    const first = await PartialDownload.open(join(folder, "set.partial"), "set.zip");
    const { progress, labels } = listener(), stop = new AbortController();
    const second = PartialDownload.open(join(folder, "set.partial"), "set.zip", { progress });
    const third = PartialDownload.open(join(folder, "set.partial"), "set.zip", { signal: stop.signal });
    stop.abort();
    await assert.rejects(third, Interrupted);
    assert.deepEqual(labels, ["waiting for another process that downloads set.zip"]);
    await download(url, first, { checksum });
    first.remove();
    first[Symbol.dispose]();
    using opened = await second;
    assert.deepEqual([opened.bytes, opened.begun], [0, undefined]);
  }));

Deno.test("what somebody else put in the download's place is left alone, in one line", () =>
  withServer({}, async (_, url, folder) => {
    const place = join(folder, "set.partial");
    Deno.writeTextFileSync(place, "mine");
    await assert.rejects(
      get(url, folder),
      /Cannot download into .+: a file is there; move it, or set AUTOMLP_CACHE/,
    );
    assert.equal(Deno.readTextFileSync(place), "mine");
    Deno.removeSync(place);
    Deno.mkdirSync(place);
    Deno.writeTextFileSync(join(place, "set.zip"), "mine");
    await assert.rejects(get(url, folder), /a folder with files that automlp did not write is there/);
    Deno.removeSync(join(place, "set.zip"));
    assert.deepEqual(await get(url, folder), WHOLE); // empty: left by a kill before it was marked
  }));

/** A raw TCP server: sends the beginning of an answer, and then nothing more. */
const withSilentServer = (test: (url: string, folder: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" }), connections: Deno.Conn[] = [];
    const serving = (async () => {
      for await (const connection of listener) {
        connections.push(connection);
        await connection.read(new Uint8Array(4096));
        await connection.write(
          new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly the beginning"),
        );
      }
    })();
    try {
      await test(`http://127.0.0.1:${listener.addr.port}/set.zip`, folder);
    } finally {
      listener.close();
      await serving;
      for (const connection of connections) connection.close();
    }
  });

Deno.test("a server that falls silent is given up", () =>
  withSilentServer((url, folder) =>
    failsWith(/the server sent nothing for 0\.2 seconds/, url, folder, { stallSeconds: 0.2 })
  ));

Deno.test("failures of the disk are said in words", () =>
  withFolder((dir) => {
    const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    assert.equal(describeFailure(full), "the disk is full");
    assert.match(describeFailure(new Deno.errors.PermissionDenied("x")), /not writable/);
    assert.match(
      describeFailure(new Deno.errors.NotCapable('Requires net access to "a:1", run again with')),
      /Requires net access/,
    );
    const real = (work: () => void) => {
      try {
        work();
      } catch (error) {
        return describeFailure(error);
      }
    };
    Deno.writeTextFileSync(`${dir}/file`, "");
    assert.equal(real(() => Deno.mkdirSync(`${dir}/file/folder`)), "Not a directory");
    assert.equal(real(() => Deno.renameSync(`${dir}/none`, `${dir}/place`)), "No such file or directory");
  }));
