/**
 * How a command goes on that was stopped or killed.
 *
 * @module
 */
import type { CommandSpec } from "./options.ts";

/** After `to continue`: the same command once more, with `--resume` where it has that. */
export function again({ options }: CommandSpec): string {
  const resumes = Object.values(options).some(({ resume }) => resume && !resume.gone);
  return `, give the same command again${resumes ? " with --resume" : ""}`;
}
