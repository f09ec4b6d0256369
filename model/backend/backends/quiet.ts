/**
 * Keeps libtensorflow from greeting the user: it writes two lines to stderr before any of its settings count.
 *
 * @module
 */

const STDERR = 2;

/** Calls `work` with stderr closed to native code; as it is where the C library cannot be reached. */
export function withoutStderr<T>(work: () => T): T {
  const name = { linux: "libc.so.6", darwin: "libSystem.dylib" }[Deno.build.os as string];
  let libc;
  try {
    libc = Deno.dlopen(name!, {
      dup: { parameters: ["i32"], result: "i32" },
      dup2: { parameters: ["i32", "i32"], result: "i32" },
      open: { parameters: ["buffer", "i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    });
  } catch {
    return work();
  }
  const { dup, dup2, open, close } = libc.symbols;
  const kept = dup(STDERR), nowhere = open(new TextEncoder().encode("/dev/null\0"), 1 /* O_WRONLY */);
  dup2(nowhere, STDERR);
  try {
    return work();
  } finally {
    dup2(kept, STDERR);
    close(kept);
    close(nowhere);
    libc.close();
  }
}
