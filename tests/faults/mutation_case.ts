/** One case: a copy of a specimen with one damaged file is read by a command, and the result is checked. */
import { join } from "node:path";
import { wrongEnd } from "./commands.ts";
import { mutate, type Mutation } from "./mutations.ts";
import { type Read, read, type ReaderName, type Reading } from "./readings.ts";
import type { Specimen } from "./specimens.ts";
import { sign } from "./sign.ts";
import { removeAll, treeOf } from "./tree.ts";
import { copy } from "./world.ts";

/** The case to try. All fields are plain, so that a case can be printed and tried again. */
export interface MutationCase {
  specimen: Specimen;
  /** Path below the specimen. */
  file: string;
  reader: ReaderName;
  mutation: Mutation;
  /** Whether checksums are corrected after the damage: the result may then differ, but must never be a fault. */
  signed?: boolean;
}

/** The problems found, if any. */
export interface MutationOutcome {
  problems: string[];
  /** The exit code. */
  code: number;
  stderr: string;
}

/** Runs cases on the specimens in a folder. */
export class Mutations {
  readonly #right = new Map<string, Read>();

  constructor(readonly specimens: string, readonly sandbox: string) {}

  /** Damages a file, reads, and reads once more: the first reading must not leave things worse than it found them. */
  run({ specimen, file, reader, mutation, signed }: MutationCase): Promise<MutationOutcome> {
    return this.#copied(specimen, async (reading) => {
      const right = await this.#undamaged(specimen, reader),
        foreign = join(this.specimens, `${specimen}-other`);
      mutate(mutation, { folder: reading.folder, file, files: filesOf(reading.folder), foreign });
      if (signed) await sign(reading.folder);
      const first = await read(reader, reading),
        second = await read(reader, { ...reading, out: newFolder(reading.out) });
      const problems = [first, second].map((read, i) => {
        const wrong = wrongEnd(read) ??
          (!signed && read.code === 0 && read.result !== right.result ? difference(read, right) : undefined);
        return wrong && `${["first", "second"][i]} reading: ${wrong}`;
      });
      return {
        problems: problems.filter((text) => text !== undefined),
        code: first.code,
        stderr: first.stderr,
      };
    });
  }

  /** The files that a reader needs: it ends differently if they may not be read. */
  async reads(specimen: Specimen, reader: ReaderName): Promise<string[]> {
    const right = await this.#undamaged(specimen, reader), found: string[] = [];
    for (const file of filesOf(join(this.specimens, specimen))) {
      await this.#copied(specimen, async (reading) => {
        Deno.chmodSync(join(reading.folder, file), 0o000);
        const { code, stderr, result } = await read(reader, reading);
        if (code !== 0 || result !== right.result || stderr !== right.stderr) found.push(file);
      });
    }
    return found;
  }

  async #undamaged(specimen: Specimen, reader: ReaderName): Promise<Read> {
    const key = `${specimen} ${reader}`;
    if (!this.#right.has(key)) {
      this.#right.set(key, await this.#copied(specimen, (reading) => read(reader, reading)));
    }
    const right = this.#right.get(key)!;
    if (right.code !== 0) throw new Error(`${reader} of ${specimen}: ${right.stderr}`);
    return right;
  }

  async #copied<T>(specimen: Specimen, work: (reading: Reading) => Promise<T>): Promise<T> {
    const out = newFolder(this.sandbox), folder = join(out, "copy");
    try {
      copy(join(this.specimens, specimen), folder);
      return await work({ specimen, folder, out, specimens: this.specimens });
    } finally {
      removeAll(out);
    }
  }
}

function newFolder(parent: string): string {
  const folder = join(parent, `case-${crypto.randomUUID().slice(0, 8)}`);
  Deno.mkdirSync(folder);
  return folder;
}

/** Files below a folder. */
export const filesOf = (folder: string): string[] =>
  [...treeOf(folder)].filter(([, what]) => what.startsWith("file")).map(([path]) => path).sort();

/** The first difference between two results. */
function difference({ result }: Read, right: Read): string {
  const at = [...result].findIndex((letter, i) => letter !== right.result[i]);
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `another result: …${around(result)}…, not …${around(right.result)}…`;
}
