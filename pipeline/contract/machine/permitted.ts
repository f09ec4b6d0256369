/**
 * Refuses to go on in a program that was started without permissions: Polars asks the system before anything else, and complains from within. In a
 * terminal Deno asks the user first.
 *
 * @module
 */
/** What Polars asks when it is loaded. */
const ASKED = ["cpus", "hostname", "networkInterfaces"] as const;

const missing = ASKED.filter((kind) =>
  Deno.permissions.requestSync({ name: "sys", kind }).state !== "granted"
);
if (missing.length > 0) {
  const error = new Error(
    missing.length === ASKED.length
      ? "automlp needs permissions, to read, to write and to load its libraries, and this program was started without; start it with deno run -A, or " +
        "with those that docs/install.md names"
      : `automlp needs the permission --allow-sys=${
        missing.join(",")
      }, and this program was started without; add it, or start it with deno run -A`,
  );
  error.stack = `${error.name}: ${error.message}`; // where it is thrown says nothing
  throw error;
}
