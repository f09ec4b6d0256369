/** One case: a copy of a specimen, one of its files damaged, read by a command; and whether what came out is right. */
import { join } from "node:path";
import { wrongEnd } from "./commands.ts";
import { mutate, type Mutation } from "./mutations.ts";
import { type Read, read, type ReaderName, type Reading } from "./readings.ts";
import type { Specimen } from "./specimens.ts";
import { sign } from "./sign.ts";
import { removeAll, treeOf } from "./tree.ts";
import { copy } from "./world.ts";

/** What is tried. All fields are plain, so that a case can be printed and tried again. */
export interface MutationCase {
  specimen: Specimen;
  /** Below the specimen. */
  file: string;
  reader: ReaderName;
  mutation: Mutation;
  /** Checksums are right again afterwards: what comes out may be something else, but never a fault. */
  signed?: boolean;
}

/** What was wrong, if anything was. */
export interface MutationOutcome {
  problems: string[];
  /** How it ended. */
  code: number;
  stderr: string;
}

/** Runs cases on the specimens in a folder. */
export class Mutations {
  readonly #right = new Map<string, Read>();

  constructor(readonly specimens: string, readonly sandbox: string) {}

  /**
   * Damages, reads, and reads once more: what the first reading leaves must not be worse than what it found.
   */
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

  /** The files that a reader cannot do without: it ends otherwise where they may not be read. */
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

/** Where two results differ first. */
function difference({ result }: Read, right: Read): string {
  const at = [...result].findIndex((letter, i) => letter !== right.result[i]);
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `another result: …${around(result)}…, not …${around(right.result)}…`;
}
