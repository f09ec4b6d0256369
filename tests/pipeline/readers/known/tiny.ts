/** A small data set for the registry: its archive, its entry, and a server for it. */
import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import type { DatasetEntry } from "../../../../pipeline/readers/known/registry.ts";

const RATING_LINES = Array.from({ length: 5_000 }, (_, i) => `${i % 70}::${i % 90}::3::${1_000_000 + i}\n`);
export const RATINGS = RATING_LINES.join("");
export const MOVIES = "1::Amélie::Comedy\n";
export const ARCHIVE = zipSync({
  "tiny/README": strToU8("about"),
  "tiny/big.bin": new Uint8Array(400_000).map((_, i) => (i * i) % 253),
  "tiny/ratings.dat": strToU8(RATINGS),
  "tiny/movies.dat": [strToU8(MOVIES), { level: 0 }],
});
export const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export const entry = (url: string, more: Partial<DatasetEntry> = {}): DatasetEntry => ({
  name: "tiny",
  title: "Tiny ratings",
  homepage: "https://example.org/tiny",
  url,
  checksum: { sha256: digest(ARCHIVE), publisher: "the test" },
  interactions: { path: "tiny/ratings.dat", read: { format: "movielens" } },
  items: { path: "tiny/movies.dat", read: { format: "movielens", encoding: "latin1" } },
  licence: "free",
  terms: "free",
  citation: "none",
  ...more,
});

export const list = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
export const exists = (path: string | URL) => {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
};

/** Runs `test` with a folder and a server of `body`; `requests` counts what reaches the server. */
export async function withServer(
  body: Uint8Array<ArrayBuffer>,
  test: (url: string, folder: string, requests: () => number) => Promise<void>,
): Promise<void> {
  let count = 0;
  const folder = Deno.makeTempDirSync();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    count++;
    return new Response(body);
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}/tiny.zip`, folder, () => count);
  } finally {
    await server.shutdown();
    Deno.removeSync(folder, { recursive: true });
  }
}
