/**
 * Converts between dense ids and original ids.
 *
 * @module
 */
import { InputError, UnknownIdError } from "../errors.ts";
import { found } from "../options/arguments.ts";
import { idHint } from "./near_id.ts";

/** The original ids of a dataset's users or items: the i-th, from 1, belongs to the dense id i. They are read when first needed. */
export class OriginalIds {
  readonly #read: () => readonly string[];
  #ids?: readonly string[];
  #denseIds?: ReadonlyMap<string, number>;

  /**
   * @param folder The dataset's folder, for messages.
   * @param read Reads the original ids, in the order of the dense ids.
   */
  constructor(readonly kind: "user" | "item", readonly folder: string, read: () => readonly string[]) {
    this.#read = read;
  }

  get #all(): readonly string[] {
    return this.#ids ??= this.#read();
  }

  get #index(): ReadonlyMap<string, number> {
    return this.#denseIds ??= new Map(this.#all.map((id, i) => [id, i + 1]));
  }

  /**
   * Returns the original id of a dense one.
   *
   * @throws {InputError} if there is none.
   */
  of(dense: number): string {
    const id = typeof dense === "number" ? this.#all[dense - 1] : undefined;
    if (id === undefined) throw this.#noSuch(dense);
    return id;
  }

  #noSuch(dense: unknown): InputError {
    const { kind } = this,
      given = typeof dense === "number"
        ? String(dense)
        : typeof dense === "string"
        ? `"${dense}"`
        : found(dense);
    return new InputError(
      `Cannot give the id of the ${kind} ${given} of the dataset ${this.folder}: its ${kind}s are numbered from 1 to ${this.#all.length}; give a number of these, as ${kind}Index returns it for an id`,
    );
  }

  has(id: string): boolean {
    return this.#index.has(id);
  }

  /**
   * Returns the dense id of an original one.
   *
   * @param why Why it may not exist, appended to the message. If omitted, an id that differs by one letter may be suggested.
   * @throws {UnknownIdError} if there is none.
   */
  dense(id: string, why = ""): number {
    const dense = this.#index.get(id);
    if (dense !== undefined) return dense;
    // The id of a dropped user may differ by one letter from that of another user, who must not get the recommendations instead.
    const { meant, such } = idHint(id, this.#all, this.kind, why === "");
    throw new UnknownIdError(
      `Cannot find ${this.kind} "${id}"${meant} in the dataset ${this.folder}${why}${such}`,
      this.kind,
      [id],
    );
  }
}
