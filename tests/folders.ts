/** Runs a test with a folder of its own, which is removed afterwards. */
export async function withFolder(test: (dir: string) => void | Promise<void>): Promise<void> {
  const dir = Deno.makeTempDirSync({ prefix: "automlp-test-" });
  try {
    await test(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}
