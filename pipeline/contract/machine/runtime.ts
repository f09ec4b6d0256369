/**
 * Refuses to go on where there is no Deno. Folders are kept from harm by locks that a killed process loses (`FsFile.tryLock`); Node has none, and
 * a substitute would not be seen by the processes of Deno that work on the same folders.
 *
 * @module
 */
if (!("Deno" in globalThis)) {
  throw new Error(
    "automlp needs Deno, whose file locks keep datasets and runs from harm, and this is another runtime; start the script with deno run",
  );
}
