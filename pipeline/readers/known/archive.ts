/**
 * Takes single members out of a zip archive, as a stream: neither the archive nor a member is held in memory.
 *
 * @module
 */
import { type AsyncFlateStreamHandler, Unzip, type UnzipDecoder, type UnzipFile, UnzipInflate } from "fflate";
import { basename, join } from "node:path";
import { checkInterrupt, InputError } from "../../contract/errors.ts";
import { silent } from "../../contract/progress.ts";
import type { StageContext } from "../../contract/stage.ts";

/**
 * Unpacks `members` of a zip archive into `folder`, under their base names.
 *
 * @throws {InputError} where the file is no zip archive, is damaged, or lacks a member.
 */
export async function unzipMembers(
  archive: string,
  members: string[],
  folder: string,
  context: StageContext = {},
): Promise<void> {
  const { progress = silent, signal } = context;
  const found: string[] = [], complete = new Set<string>();
  const outputs: Deno.FsFile[] = [];
  const unzip = new Unzip((member) => {
    found.push(member.name);
    if (members.includes(member.name)) {
      const out = Deno.openSync(join(folder, basename(member.name)), {
        write: true,
        create: true,
        truncate: true,
      });
      outputs.push(out);
      writeMember(member, out, () => complete.add(member.name));
    } else {
      member.ondata = () => {};
    }
    // Members that are not wanted are started too: fflate would keep their bytes for a later start.
    member.start();
  });
  unzip.register(decoderFor(members));

  using input = await Deno.open(archive);
  const task = progress.start(`unpacking ${basename(archive)}`, (await input.stat()).size, "bytes");
  try {
    while (true) {
      checkInterrupt(signal, `unpacking ${archive}`);
      // fflate keeps parts of what it is given: each read needs a buffer of its own.
      const buffer = new Uint8Array(1 << 18);
      const read = await input.read(buffer);
      unzip.push(buffer.subarray(0, read ?? 0), read === null);
      if (read === null) break;
      task.advance(read);
    }
  } catch (error) {
    const fromFflate = typeof (error as { code?: unknown }).code === "number";
    if (!fromFflate) throw error;
    throw new InputError(
      `Cannot unpack ${archive}: it is damaged or no zip archive (${
        (error as Error).message
      }); download it again`,
    );
  } finally {
    task.end();
    for (const out of outputs) out.close();
  }
  for (const member of members) {
    if (complete.has(member)) continue;
    const state = found.includes(member) ? `its member ${member} is damaged` : `it has no member ${member}`;
    throw new InputError(`Cannot unpack ${archive}: ${state}; download it again`);
  }
}

function writeMember(member: UnzipFile, out: Deno.FsFile, done: () => void): void {
  let bytes = 0;
  member.ondata = (error, chunk, final) => {
    if (error) throw error;
    for (let written = 0; written < chunk.length;) written += out.writeSync(chunk.subarray(written));
    bytes += chunk.length;
    if (final && (member.originalSize === undefined || bytes === member.originalSize)) done();
  };
}

/** Whether a name is that of an archive with several files. */
export const isArchive = (name: string): boolean => name.toLowerCase().endsWith(".zip");

/** Inflates `members`, and passes over the others without the work. */
function decoderFor(members: string[]) {
  return class implements UnzipDecoder {
    static compression = UnzipInflate.compression;
    readonly #inflate: UnzipInflate | undefined;
    ondata!: AsyncFlateStreamHandler;

    constructor(name: string) {
      if (members.includes(name)) this.#inflate = new UnzipInflate();
    }

    push(chunk: Uint8Array, final: boolean): void {
      if (!this.#inflate) return;
      this.#inflate.ondata = this.ondata;
      this.#inflate.push(chunk, final);
    }
  };
}
