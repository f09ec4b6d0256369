/**
 * A note beside a place, about work that is done elsewhere and resumed after a kill. Only the process that holds it does that work.
 *
 * @module
 */
import { dirname } from "node:path";
import { InputError } from "../../contract/errors.ts";
import { cannotWrite } from "../../contract/errors/system.ts";
import { realPlace } from "../../contract/files/claim.ts";
import { takeLock } from "../../contract/files/lock.ts";
import { makeFolder, notePath } from "../../contract/files/stage.ts";

/** The beginning of a note; its length and text follow. */
const FORMAT = "automlp-note ";
/** Maximum length of a note. */
const MAX_BYTES = 1 << 16;

/** The note beside a place, held by this process until it is closed. */
export class HeldNote implements Disposable {
  private constructor(readonly path: string, readonly file: Deno.FsFile) {}

  /**
   * Takes the note beside `place`; creates an empty one if there is none.
   *
   * @throws {InputError} if another process holds it, or it cannot be written.
   */
  static take(place: string): HeldNote {
    const refuse = (state: string, wish = "choose another folder with --out") =>
      new InputError(`Cannot write ${place}: ${state}; ${wish}`);
    const path = notePath(realPlace(place, refuse));
    try {
      makeFolder(dirname(path));
      const file = takeLock(path, { read: true });
      if (file) return new HeldNote(path, file);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    throw refuse(
      "another command is at work for it",
      "wait for its end, or choose another folder with --out",
    );
  }

  /**
   * Returns the text of the note; "" if it is empty, or if a kill interrupted its writing.
   *
   * @throws {InputError} if the file is not a note.
   */
  read(): string {
    const bytes = new Uint8Array(MAX_BYTES);
    this.file.seekSync(0, Deno.SeekMode.Start);
    const whole = new TextDecoder().decode(bytes.subarray(0, this.file.readSync(bytes) ?? 0));
    if (!whole.startsWith(FORMAT) && !FORMAT.startsWith(whole)) {
      throw new InputError(`Cannot use ${this.path}: automlp did not write it; move it away`);
    }
    const [, length, text = ""] = whole.slice(FORMAT.length).match(/^(\d+)\n(.*)$/s) ?? [];
    return length === String(text.length) ? text : "";
  }

  /** Rewrites the note, and flushes it to disk. */
  write(text: string): void {
    this.file.truncateSync(0);
    this.file.seekSync(0, Deno.SeekMode.Start);
    this.file.writeSync(new TextEncoder().encode(`${FORMAT}${text.length}\n${text}`));
    this.file.syncSync();
  }

  /** Removes the note when the work is complete. */
  remove(): void {
    Deno.removeSync(this.path);
  }

  /** Releases the note for others. */
  [Symbol.dispose](): void {
    this.file.close();
  }
}
