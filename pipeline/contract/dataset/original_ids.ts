/**
 * Dense ids and original ones, each from the other.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { idHint } from "./near_id.ts";

/** The original ids of a dataset's users, or of its items: the i-th, from 1, is that of the dense id i. Read when they are first asked for. */
export class OriginalIds {
  readonly #read: () => readonly string[];
  #ids?: readonly string[];
  #denseIds?: ReadonlyMap<string, number>;

  /**
   * @param folder Of the dataset, for messages.
   * @param read Reads them, in the order of the dense ids.
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

  /** The original id of a dense one. */
  of(dense: number): string {
    return this.#all[dense - 1];
  }

  has(id: string): boolean {
    return this.#index.has(id);
  }

  /**
   * The dense id of an original one.
   *
   * @param why Why there may be none, behind the message; left out, an id that differs by a letter may be meant.
   * @throws {InputError} if there is none.
   */
  dense(id: string, why = ""): number {
    const dense = this.#index.get(id);
    if (dense !== undefined) return dense;
    // The id of a user who was dropped may differ by a letter from another's, to whom nothing is to be recommended instead.
    const { meant, such } = idHint(id, this.#all, this.kind, why === "");
    throw new InputError(
      `Cannot find ${this.kind} "${id}"${meant} in the dataset ${this.folder}${why}${such}`,
    );
  }
}
