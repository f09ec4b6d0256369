/**
 * Gets libtensorflow and a compiled binding from where the tensor library's install script finds them.
 *
 * @module
 */
import { join } from "node:path";
import type { Ending } from "../../../pipeline/contract/progress.ts";
import type { StageContext } from "../../../pipeline/contract/stage.ts";
import { announcement } from "./announcement.ts";
import { run } from "./process.ts";
import { BUCKET, type Platform } from "./release.ts";
import type { Library } from "./store.ts";

/** Milliseconds after which the bucket counts as unreachable. */
const PATIENCE = 4000;

/**
 * Downloads both parts into `folder` and unpacks them.
 *
 * @returns The library, or why it is not available.
 */
export async function fromBucket(
  { bucket }: Platform,
  folder: string,
  context: StageContext,
  host = BUCKET,
): Promise<Library | string> {
  if (!bucket) return "the tensor library offers no download for this platform";
  const place = new URL(host).host;
  try {
    const answer = await fetch(`${host}/${bucket.library}`, {
      method: "HEAD",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) return `${place} answered ${answer.status}`;
    const bytes = Number(answer.headers.get("content-length")) || undefined;
    context.progress?.remark?.(announcement(`libtensorflow ${bucket.version} from ${place}`, bytes));
    // The layout that the binding was linked for: it finds its libraries at ../../deps/lib.
    await downloadAndUnpack(`${host}/${bucket.library}`, join(folder, "deps"), "libtensorflow", context);
    await downloadAndUnpack(
      `${host}/${bucket.binding}`,
      join(folder, "lib", "napi-v8"),
      "its binding",
      context,
    );
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return `${place} cannot be reached (${(error as Error).message.split("\n")[0]})`;
  }
  const libraries = join("deps", "lib");
  const link = [...Deno.readDirSync(join(folder, libraries))].map(({ name }) => name)
    .filter((name) => /^libtensorflow(_framework)?\.so\.2$/.test(name)).sort();
  const binding = [...walk(join(folder, "lib"))].find((path) => path.endsWith("tfjs_binding.node"));
  if (link.length !== 2 || !binding) return `${place} sent something else than libtensorflow`;
  return {
    folder,
    version: bucket.version,
    source: "bucket",
    libraries,
    include: join("deps", "include"),
    link,
    binding: binding.slice(folder.length + 1),
  };
}

async function downloadAndUnpack(
  url: string,
  folder: string,
  what: string,
  { progress, signal }: StageContext,
) {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const total = Number(response.headers.get("content-length")) || undefined;
  const task = progress?.start(`downloading ${what}`, total, "bytes");
  const archive = `${folder}.tar.gz`;
  Deno.mkdirSync(folder, { recursive: true });
  let ending: Ending = "stopped";
  try {
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(part, controller) {
          task?.advance(part.length);
          controller.enqueue(part);
        },
      }),
    );
    await Deno.writeFile(archive, counted, { signal });
    const { ok, last } = await run("tar", ["-xzf", archive, "-C", folder], { signal });
    if (!ok) throw new Error(`tar: ${last}`);
    ending = "done";
  } finally {
    task?.end(undefined, ending);
  }
  Deno.removeSync(archive);
}

function* walk(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* walk(join(folder, name));
    else yield join(folder, name);
  }
}
