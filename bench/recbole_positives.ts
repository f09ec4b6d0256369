/**
 * Digests of the questions that a method is asked, which `recbole_train.py` also computes from what RecBole has read: if the digests of
 * both sides are equal, so are users, histories and targets.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type SequenceDataset, type Split, SPLITS } from "../mod.ts";

/** The positives of one part of a split. */
export interface PartDigest {
  positives: number;
  /** SHA-256 of the lines `user TAB history TAB item` in original ids, sorted by UTF-16 code units. */
  digest: string;
}

/**
 * Returns digests of the positives of each part.
 *
 * @param length Number of newest items of a history that count. Omitted: for a method without order, which has no histories and to which a
 * user's first item is a positive like any other.
 */
export function positivesDigests(dataset: SequenceDataset, length?: number): Record<Split, PartDigest> {
  const { items, offsets, splits } = dataset.sequences(),
    lines: Record<Split, string[]> = {
      train: [],
      validation: [],
      test: [],
    };
  for (let user = 1; user <= dataset.users; user++) {
    const first = offsets[user], id = dataset.userId(user);
    for (let row = first; row < offsets[user + 1]; row++) {
      const part = lines[SPLITS[splits[row]]], item = dataset.itemId(items[row]);
      if (length === undefined) part.push(`${id}\t\t${item}`);
      else if (row > first) {
        const history = items.subarray(Math.max(first, row - length), row);
        part.push(`${id}\t${Array.from(history, (item) => dataset.itemId(item)).join(" ")}\t${item}`);
      }
    }
  }
  const digest = (part: string[]) => ({
    positives: part.length,
    digest: createHash("sha256").update(part.sort().join("\n")).digest("hex"),
  });
  return { train: digest(lines.train), validation: digest(lines.validation), test: digest(lines.test) };
}
