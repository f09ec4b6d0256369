/**
 * A note beside a place, of work that is done elsewhere and resumed after a kill. Who has it is the only one who does that work.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { InputError } from "../errors.ts";
import { announce } from "./changes.ts";
import { openLock } from "./lock.ts";
import { notePath } from "./names.ts";
import { realPlace } from "./protected.ts";
import { cannotWrite, entryAt, isSystemError, makeFolder } from "./system.ts";

/** How a note begins; its length and its text follow. */
const FORMAT = "automlp-note ";
/** No note is longer. */
const MAX_BYTES = 1 << 16;

/** The note beside a place, held by this process until it is closed. */
export class HeldNote implements Disposable {
  private constructor(readonly path: string, readonly file: Deno.FsFile) {}

  /**
   * Takes the note beside `place`; an empty one where there is none.
   *
   * @throws {InputError} if another process has it, or it cannot be written.
   */
  static take(place: string): HeldNote {
    const refuse = (state: string, wish = "choose another folder with --out") =>
      new InputError(`Cannot write ${place}: ${state}; ${wish}`);
    const path = notePath(realPlace(place, refuse));
    try {
      makeFolder(dirname(path));
      for (;;) {
        const file = openLock(path, { read: true });
        if (!file.tryLockSync(true)) {
          file.close();
          throw refuse(
            "another command is at work for it",
            "wait for its end, or choose another folder with --out",
          );
        }
        // Who had it may have removed it since it was opened.
        const there = entryAt(path);
        if (there && there.ino === file.statSync().ino) return new HeldNote(path, file);
        file.close();
      }
    } catch (error) {
      throw isSystemError(error) ? cannotWrite(path, error) : error;
    }
  }

  /**
   * What it says; "" where it says nothing, or a kill cut its writing off.
   *
   * @throws {InputError} if it is no note.
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

  /** Writes it anew, to the disk. */
  write(text: string): void {
    announce(`write ${basename(this.path)}`);
    this.file.truncateSync(0);
    this.file.seekSync(0, Deno.SeekMode.Start);
    this.file.writeSync(new TextEncoder().encode(`${FORMAT}${text.length}\n${text}`));
    this.file.syncSync();
  }

  /** Removes it: the work is at its end. */
  remove(): void {
    announce(`remove ${basename(this.path)}`);
    Deno.removeSync(this.path);
  }

  /** Lets others take it. */
  [Symbol.dispose](): void {
    this.file.close();
  }
}
