/**
 * Refuses to go on in a program that was started without permissions: Polars asks the system before anything else, and complains from within. In a
 * terminal Deno asks the user first.
 *
 * @module
 */
const { state } = Deno.permissions.requestSync({ name: "sys", kind: "cpus" });
if (state !== "granted") {
  const error = new Error(
    "automlp needs permissions, to read, to write and to load its libraries, and this program was started without; start it with deno run -A",
  );
  error.stack = `${error.name}: ${error.message}`; // where it is thrown says nothing
  throw error;
}
