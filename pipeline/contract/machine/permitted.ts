/**
 * Stops a program that was started without permissions, because Polars queries the system when it is loaded, and would fail with an
 * internal error. In a terminal, Deno asks the user first.
 *
 * @module
 */
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
