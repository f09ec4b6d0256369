import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Interrupted, RunError } from "../../../../pipeline/contract/errors.ts";
import {
  describeFailure,
  download,
  type DownloadOptions,
  fingerprintFile,
} from "../../../../pipeline/readers/downloads/download.ts";
import { withFolder } from "../../../folders.ts";
import { listener } from "../../../listener.ts";

Deno.test.sanitizer({ resources: true });

const BODY = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const WHOLE = { bytes: BODY.length, sha256: createHash("sha256").update(BODY).digest("hex") };
const checksum = { sha256: WHOLE.sha256, publisher: "the test" };

/** What the server does with a request: answers with this status, sends all, or ends or falls silent after so many bytes. */
type Answer = "all" | { status: number } | { endAfter: number } | { silentAfter: number };

/** Serves {@link BODY} on a raw connection, once for each answer, the last one repeated. */
async function withServer(
  answers: Answer[],
  test: (url: string, path: string, requests: () => number) => Promise<void>,
): Promise<void> {
  const server = Deno.listen({ port: 0, hostname: "127.0.0.1" }), open: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of server) {
      const answer = answers[Math.min(open.push(connection), answers.length) - 1];
      await connection.read(new Uint8Array(4096));
      const writer = connection.writable.getWriter();
      const isRefused = typeof answer === "object" && "status" in answer;
      const head = isRefused
        ? `HTTP/1.1 ${answer.status} No\r\ncontent-length: 0`
        : `HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}`;
      await writer.write(new TextEncoder().encode(`${head}\r\nconnection: close\r\n\r\n`));
      if (isRefused) continue;
      const { endAfter, silentAfter } = typeof answer === "object" ? answer as Record<string, number> : {};
      await writer.write(BODY.subarray(0, endAfter ?? silentAfter)).catch(() => {});
      if (endAfter !== undefined) await writer.close().catch(() => {});
    }
  })();
  try {
    await withFolder((folder) =>
      test(`http://127.0.0.1:${server.addr.port}/set.zip`, join(folder, "set.zip"), () => open.length)
    );
  } finally {
    server.close();
    await serving;
    for (const connection of open) {
      try {
        connection.close();
      } catch {
        // It has ended.
      }
    }
  }
}

/** Checks that a download fails with one line that matches. */
async function failsWith(message: RegExp, url: string, path: string, options: DownloadOptions = {}) {
  await assert.rejects(download(url, path, options), (error: Error) => {
    assert.ok(error instanceof RunError, `${error.constructor.name}: ${error.message}`);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
}

Deno.test("a download arrives whole, with its digest and its progress in bytes", () =>
  withServer(["all"], async (url, path) => {
    const { progress, labels } = listener();
    assert.deepEqual(await download(url, path, { checksum, progress }), WHOLE);
    assert.deepEqual(await fingerprintFile(path), WHOLE);
    assert.deepEqual(labels, ["downloading set.zip"]);
  }));

Deno.test("a connection that breaks is made again from the beginning, a few times", async () => {
  await withServer([{ endAfter: 120_000 }, "all"], async (url, path, requests) => {
    const { progress, warnings } = listener();
    assert.deepEqual(await download(url, path, { checksum, progress }), WHOLE);
    assert.deepEqual(Deno.readFileSync(path), BODY);
    assert.match(warnings.join("\n"), /^set\.zip: the connection broke \(.*\); beginning again$/);
    assert.equal(requests(), 2);
  });
  await withServer([{ endAfter: 120_000 }], async (url, path, requests) => {
    await failsWith(/set\.zip: the connection broke \(.*\); try again later$/, url, path);
    assert.equal(requests(), 3);
  });
});

Deno.test("a download that is stopped is over at once", () =>
  withServer([{ silentAfter: 1000 }], async (url, path) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(
      download(url, path, { signal: stop.signal }),
      (error: Error) => error instanceof Interrupted && error.cause === stop.signal.reason,
    );
  }));

Deno.test("what is not the expected file, an answer that is no file, a silent server, and none: each one line", async () => {
  await withServer(
    ["all"],
    (url, path) =>
      failsWith(new RegExp(`is ${WHOLE.sha256}, that of the test is 00ff; it was deleted`), url, path, {
        checksum: { ...checksum, sha256: "00ff" },
      }),
  );
  await withServer([{ status: 404 }], async (url, path, requests) => {
    await failsWith(/the server answered 404 Not Found; fetch it by hand$/, url, path, {
      advice: "fetch it by hand",
    });
    assert.equal(requests(), 1);
  });
  await withServer(
    [{ silentAfter: 1000 }],
    (url, path) =>
      failsWith(/the server sent nothing for 0\.1 seconds; try again later/, url, path, {
        stallSeconds: 0.1,
      }),
  );
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" }), { port } = listener.addr;
  listener.close();
  await withFolder((folder) =>
    failsWith(
      /no connection.*refused.*; try again later$/i,
      `http://127.0.0.1:${port}/set.zip`,
      join(folder, "a"),
    )
  );
});

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
