/**
 * Python for peers: `AUTOMLP_PYTHON`, else `python3`.
 *
 * @module
 */

/**
 * Looks for what a peer's script needs.
 *
 * @param module What the script imports, as in "torch".
 * @param name Its name for people, as in "PyTorch".
 */
export async function findPython(
  script: string,
  module: string,
  name: string,
): Promise<{ python: string } | { absent: string }> {
  const python = Deno.env.get("AUTOMLP_PYTHON") ?? "python3";
  const there = await Deno.stat(script).then((entry) => entry.isFile, () => false);
  if (!there) return { absent: `there is no script at ${script} (--peer-script names another)` };
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`],
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) return { absent: `${python} has no ${name} (AUTOMLP_PYTHON names another Python)` };
  } catch {
    return { absent: `there is no Python at ${python} (AUTOMLP_PYTHON names another)` };
  }
  return { python };
}
