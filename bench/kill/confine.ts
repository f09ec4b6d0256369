/**
 * Commands that are killed may write to one folder only: whatever goes wrong, nothing else can be lost.
 *
 * @module
 */
import process from "node:process";

/** A command line that runs another one in `folder`, where everything else is read-only. */
export type Confinement = (folder: string, command: string[]) => string[];

/** Mounts the folder on itself and everything else read-only, for this process alone; then becomes the command. */
const SCRIPT = `
mount --bind "$0" "$0" || exit 125
cut -d' ' -f5 /proc/self/mountinfo | while read -r point; do
  [ "$point" = "$0" ] || mount -o remount,bind,ro "$point" || exit 125
done || exit 125
cd "$0" && exec "$@"`;

/** Deno's own list of what may be written holds as well; but it binds no native code. */
const byMounts: Confinement = (folder, command) => [
  ...["unshare", "--mount", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])],
  ...["sh", "-c", SCRIPT, folder, ...command],
];

/** The strictest confinement that works here. */
export async function findConfinement(folder: string): Promise<{ confine: Confinement; how: string }> {
  const [program, ...args] = byMounts(folder, ["true"]);
  const works = await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
  return works
    ? {
      confine: byMounts,
      how: "everything but the folder of the trial was mounted read-only for the commands",
    }
    : {
      confine: (_folder, command) => command,
      how: "Deno let the commands write to the folder of the trial only",
    };
}
