/**
 * How to continue a command that was stopped or killed.
 *
 * @module
 */
import type { CommandSpec } from "./options.ts";

/** Text that follows `to continue`: the same command again, with `--resume` if it has that option. */
export function again({ options }: CommandSpec): string {
  const resumes = Object.values(options).some(({ resume }) => resume && !resume.gone);
  return `, give the same command again${resumes ? " with --resume" : ""}`;
}
