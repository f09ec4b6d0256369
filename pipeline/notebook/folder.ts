/**
 * The folder of the notebook.
 *
 * @module
 */

/** The variable in which our kernelspec hands on the folder that Jupyter started the kernel in. */
export const FOLDER_VARIABLE = "AUTOMLP_NOTEBOOK_FOLDER";

/**
 * Goes to the notebook's folder, where nobody has done so before the first cell. Deno's kernel finds `"automlp"` by the configuration in the
 * folder it is started in, which is another one; paths in a notebook mean its own folder all the same.
 */
export function enterFolder(): void {
  const folder = Deno.env.get(FOLDER_VARIABLE);
  if (!folder) return;
  Deno.env.delete(FOLDER_VARIABLE); // programs started from here are where they are
  Deno.chdir(folder);
}
