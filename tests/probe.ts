/**
 * Preloaded into a command: tries, within its process, what the command may not do, and prints the result of each attempt on stderr.
 * `AUTOMLP_PROBE` names a folder outside the command's own, with a file in it.
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

// The permissions when the command has ended, without those that it gave up.
globalThis.addEventListener("unload", () => {
  const { state } = Deno.permissions.querySync({ name: "net", host: "files.grouplens.org" });
  console.error(`at the end net ${state}`);
});
