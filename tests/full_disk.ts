/**
 * Preloaded into a command: the disk is full from the second file on that the command creates with `AUTOMLP_FULL` in its path, until the
 * command ends.
 */
const part = Deno.env.get("AUTOMLP_FULL")!;
let made = 0;

const { openSync } = Deno;
Deno.openSync = (path, options) => {
  if (options?.createNew && (made > 1 || String(path).includes(part) && ++made > 1)) {
    throw Object.assign(new Error(`No space left on device (os error 28): open '${path}'`), {
      code: "ENOSPC",
    });
  }
  return openSync(path, options);
};
