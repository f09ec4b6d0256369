/**
 * The folder of the notebook.
 *
 * @module
 */

/** The environment variable in which our kernelspec passes on the folder in which Jupyter started the kernel. */
export const FOLDER_VARIABLE = "AUTOMLP_NOTEBOOK_FOLDER";

/**
 * Changes to the notebook's folder, unless that was done before the first cell. Deno's kernel finds `"automlp"` through the configuration
 * in the folder it is started in, which is a different one; paths in a notebook are nevertheless relative to the notebook's own folder.
 */
export function enterFolder(): void {
  const folder = Deno.env.get(FOLDER_VARIABLE);
  if (!folder) return;
  Deno.env.delete(FOLDER_VARIABLE); // programs started from here stay in their own folder
  Deno.chdir(folder);
}
