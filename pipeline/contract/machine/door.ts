/**
 * What every entry point of the library imports first: it checks for Deno and its permissions, and makes messages name options as in code.
 *
 * @module
 */
import { speakInCode } from "../../display/text/option_names.ts";

// Folders are protected by locks that a killed process loses (`FsFile.tryLock`); Node has none, and Deno processes working on the same
// folders would not see a substitute.
if (!("Deno" in globalThis)) {
  throw new Error(
    "automlp needs Deno, whose file locks keep datasets and runs from harm, and this is another runtime; start the script with deno run",
  );
}

// Polars would fail with an internal error. In a terminal, Deno asks the user first.
/** What Polars queries when it is loaded. */
const ASKED = ["cpus", "hostname", "networkInterfaces"] as const;

const missing = ASKED.filter((kind) =>
  Deno.permissions.requestSync({ name: "sys", kind }).state !== "granted"
);
if (missing.length > 0) {
  const error = new Error(
    missing.length === ASKED.length
      ? "automlp needs permissions, to ask the system, to read, to write and to load its libraries, and this program was started without " +
        "--allow-sys; start it with deno run -A, or with those that docs/install.md names"
      : `automlp needs the permission --allow-sys=${
        missing.join(",")
      }, and this program was started without; add it, or start it with deno run -A`,
  );
  error.stack = `${error.name}: ${error.message}`; // the place where it is thrown is irrelevant
  throw error;
}

speakInCode();
