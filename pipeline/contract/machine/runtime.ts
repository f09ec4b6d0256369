/**
 * Stops the program on a runtime other than Deno. Folders are protected by locks that a killed process loses (`FsFile.tryLock`); Node has
 * none, and Deno processes working on the same folders would not see a substitute.
 *
 * @module
 */
if (!("Deno" in globalThis)) {
  throw new Error(
    "automlp needs Deno, whose file locks keep datasets and runs from harm, and this is another runtime; start the script with deno run",
  );
}
