/**
 * A registry with the working tree as its only package: `deno publish` sends it there, and Deno and the program fetch it from there. It
 * implements as much of JSR's interface as that needs. What is published is what JSR would get, with rewritten specifiers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseTarGzip } from "nanotar";
import { cachePlace } from "../pipeline/contract/machine/cache_place.ts";
import { root } from "./paths.ts";

const VERSION = /^\/api\/scopes\/automlp\/packages\/automlp\/versions\/(.+)$/;
const PACKAGE = "/@automlp/automlp/";

/** A published version. */
interface Published {
  version: string;
  exports: Record<string, string>;
  files: Map<string, Uint8Array>;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The file at a package's address: the package's own, or one that the registry generates. */
function fileOf({ version, exports, files }: Published, path: string): BodyInit | undefined {
  switch (path) {
    case "meta.json":
      return JSON.stringify({
        scope: "automlp",
        name: "automlp",
        latest: version,
        versions: { [version]: {} },
      });
    case `${version}_meta.json`: {
      const manifest = Object.fromEntries(
        Array.from(files, ([name, bytes]) => [
          `/${name}`,
          { size: bytes.length, checksum: `sha256-${sha256(bytes)}` },
        ]),
      );
      return JSON.stringify({ manifest, exports });
    }
    default:
      return files.get(path.slice(`${version}/`.length)) as Uint8Array<ArrayBuffer> | undefined;
  }
}

/** Publishes the working tree to a registry that exists only for the test, which receives its address. */
export async function withRegistry(test: (url: string, files: Map<string, Uint8Array>) => Promise<void>) {
  let published: Published | undefined;
  const receive = async (request: Request, version: string) => {
    const files = new Map<string, Uint8Array>();
    for (const { name, data } of await parseTarGzip(await request.arrayBuffer())) {
      if (data) files.set(name.replace(/^\.?\//, ""), data);
    }
    const { exports } = JSON.parse(
      new TextDecoder().decode(files.get("deno.json")).replace(/^\s*\/\/.*$/gm, ""),
    );
    published = { version, exports, files };
    return Response.json({ id: crypto.randomUUID(), status: "success", error: null });
  };
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url), version = VERSION.exec(pathname)?.[1];
    if (version && request.method === "POST") return await receive(request, version);
    if (pathname.startsWith("/api/") && !version) return Response.json({});
    const body = published && pathname.startsWith(PACKAGE) &&
      fileOf(published, pathname.slice(PACKAGE.length));
    return body ? new Response(body) : new Response("not found", { status: 404 });
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--token=none", "--allow-dirty", "--no-check", "--no-provenance"],
    cwd: root,
    env: { JSR_URL: url, NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  await test(url, published!.files);
}

/**
 * The environment of a user who has never used Deno or automlp, except for what is large: this machine's packages and engine.
 *
 * @param dir The folder for the caches.
 */
export async function emptyCaches(dir: string, url: string): Promise<Record<string, string>> {
  const args = ["info", "--json"], info = await new Deno.Command(Deno.execPath(), { args }).output();
  const caches = { DENO_DIR: join(dir, "deno"), AUTOMLP_CACHE: join(dir, "cache") };
  const kept = [
    [JSON.parse(new TextDecoder().decode(info.stdout)).npmCache, join(caches.DENO_DIR, "npm")],
    [join(cachePlace()!, "engine"), join(caches.AUTOMLP_CACHE, "engine")],
  ];
  for (const place of Object.values(caches)) Deno.mkdirSync(place);
  for (const [there, here] of kept) if (existsSync(there)) Deno.symlinkSync(there, here, { type: "dir" });
  return { JSR_URL: url, NO_COLOR: "1", ...caches };
}
