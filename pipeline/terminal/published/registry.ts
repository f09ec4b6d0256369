/**
 * JSR's interface to a published version (https://jsr.io/docs/api#jsr-registry-api): its files, each with its checksum.
 *
 * @module
 */
import { RunError } from "../../contract/errors/classes.ts";
import { hashOf } from "../../contract/files/hash.ts";
import { firstLine } from "../../contract/files/system.ts";

/** A file of a published version. */
export interface PublishedFile {
  /** Below the version's address, with single slashes between its parts. */
  path: string;
  /** In hexadecimal. */
  sha256: string;
}

/** The version's files as the registry lists them: by path, with a slash before it. */
interface VersionMeta {
  manifest?: Record<string, { checksum?: string }>;
}

/** A path below a folder, in parts that cannot lead out of it. */
const INSIDE = /^\/(?!\.{0,2}(?:\/|$))[\w.@-]+(?:\/(?!\.{0,2}(?:\/|$))[\w.@-]+)*$/;

/**
 * Fetches the list of files of a published version.
 *
 * @param base Its address, with a slash at the end.
 * @throws {RunError} if the registry cannot be reached, or gives an unexpected answer.
 */
export async function fetchManifest(base: URL): Promise<PublishedFile[]> {
  const url = new URL(`${base.pathname.replace(/\/$/, "")}_meta.json`, base);
  const { manifest = {} } = JSON.parse(new TextDecoder().decode(await fetchBytes(url))) as VersionMeta;
  const files = Object.entries(manifest).map(([path, { checksum }]) => ({
    path: INSIDE.test(path) ? path.slice(1) : "",
    sha256: checksum?.match(/^sha256-([0-9a-f]{64})$/)?.[1] ?? "",
  }));
  if (files.length > 0 && files.every(({ path, sha256 }) => path && sha256)) return files;
  throw new RunError(
    `Cannot lay automlp down: ${url} does not list a package's files; install it from a clone`,
  );
}

/**
 * Fetches a file's bytes, and checks them against their checksum.
 *
 * @throws {RunError} if it cannot be fetched, or differs from what was listed.
 */
export async function fetchFile(
  base: URL,
  { path, sha256 }: PublishedFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(path, base), bytes = await fetchBytes(url);
  if (hashOf(bytes) === sha256) return bytes;
  throw new RunError(`Cannot lay automlp down: ${url} is not what the registry lists; run it again`);
}

async function fetchBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url);
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    return await response.bytes();
  } catch (error) {
    throw new RunError(
      `Cannot fetch ${url}: ${firstLine(error)}; automlp needs its files on the disk, once`,
      {
        cause: error,
      },
    );
  }
}
