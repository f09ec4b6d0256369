/**
 * Preloaded into a command: tries, within its process, what the command may not do, and says on stderr what came of each.
 * `AUTOMLP_PROBE` names a folder that is none of the command's, with a file in it.
 */
const attempt = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "done";
  } catch (error) {
    return (error as Error).name;
  }
};
const outside = Deno.env.get("AUTOMLP_PROBE")!;

console.error(
  "probe " + JSON.stringify({
    read: await attempt(() => Deno.readTextFileSync(`${outside}/precious`)),
    write: await attempt(() => Deno.writeTextFileSync(`${outside}/new`, "")),
    remove: await attempt(() => Deno.removeSync(outside, { recursive: true })),
    run: await attempt(() => new Deno.Command(Deno.execPath(), { args: ["--version"] }).outputSync()),
    net: await attempt(() => Deno.connect({ hostname: "127.0.0.1", port: 9 })),
    ffi: await attempt(() => Deno.dlopen(`${outside}/precious`, {})),
    secret: Deno.env.get("PROBE_SECRET") ?? "not seen",
  }),
);

// The set as it is when the command has ended: what it gave up is gone.
globalThis.addEventListener("unload", () => {
  const { state } = Deno.permissions.querySync({ name: "net", host: "files.grouplens.org" });
  console.error(`at the end net ${state}`);
});
