/**
 * Users that are asked for by id: those in the dataset, those it dropped, and unknown ones.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { UnknownIdError } from "../../pipeline/contract/errors.ts";
import { idHint } from "../../pipeline/contract/dataset/original_ids.ts";
import { reasonWords } from "../../pipeline/contract/stage/dropped.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { fromSources } from "./dropped.ts";
import type { Request, RequestOptions } from "./request.ts";
import { someOf } from "./some_of.ts";
import { shortened } from "../../pipeline/display/text/shortened.ts";

/** Matches values given by somebody who took the option for one that reads ids from a file. */
const NAME_OF_FILE = /\.(csv|tsv|txt|jsonl?|parquet)$/i;

/**
 * Determines which of the named users to recommend to.
 *
 * @throws {UnknownIdError} for an unknown user, if `onUnknown` is `error`.
 */
export async function askedUsers(
  dataset: SequenceDataset,
  { users: given, histories, onUnknown = "error", searchSources = true, ...context }: RequestOptions,
): Promise<Request[]> {
  const { progress } = context, names = given && [...new Set([given].flat())]; // one list each, however often named
  if (!names) {
    const all = histories ? 0 : dataset.users, without = leftOut(dataset);
    if (all > 0 && without.length > 0) {
      progress?.remark?.(
        `Every user of the dataset gets a list; the dataset left out ${
          without.join("; ")
        }. To serve these, too, name them with --users`,
      );
    }
    return Array.from({ length: all }, (_, i) => ({ name: dataset.userId(i + 1), user: i + 1 }));
  }
  const absent = names.filter((id) => !dataset.hasUser(id));
  const found = absent.length > 0
    ? await fromSources(dataset, absent, { searchSources, ...context })
    : undefined;
  const strangers = new Set(absent.filter((id) => !found!.histories.has(id)));
  if (strangers.size > 0) {
    const who = someOf([...strangers]), where = dataset.folder + found!.others;
    if (onUnknown === "error") {
      const [id] = strangers, ids = dataset.table("users").getColumn("id").toArray() as string[];
      const noFile = NAME_OF_FILE.test(id) ? ", nor a file of that name," : "";
      const { meant, such } = idHint(id, ids, "user", found!.searched);
      throw new UnknownIdError(
        `Cannot find user "${
          shortened(id)
        }"${meant}${noFile} in the dataset ${where}${such}; recommend by a history (--histories FILE), or popular items ` +
          "(--on-unknown popular)",
        "user",
        [...strangers],
      );
    }
    const done = onUnknown === "skip" ? "Left out" : "Recommended popular items to";
    const are = strangers.size === 1 ? "is" : "are";
    progress?.warn(`${done} ${countOf(strangers.size, "user")} (${who}) who ${are} not in ${where}`);
  }
  return names.filter((id) => onUnknown !== "skip" || !strangers.has(id)).map((name) => ({
    name,
    user: dataset.hasUser(name) ? dataset.userIndex(name) : 0,
    items: found?.histories.get(name),
  }));
}

/** Describes the users that were left out of the dataset. */
const leftOut = ({ manifest: { stages } }: SequenceDataset): string[] =>
  stages.flatMap(({ dropped }) =>
    dropped.filter(({ ids }) => ids?.of === "users").map((rows) => reasonWords(rows))
  );
