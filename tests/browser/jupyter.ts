/**
 * A separate JupyterLab for a test: it uses nothing of the user's settings and kernels, and leaves nothing behind.
 *
 * @module
 */
import { freePort } from "../free_port.ts";

/** Where JupyterLab works. */
export interface LabOptions {
  /** A Python that has JupyterLab. */
  python: string;
  /** The folder that it shows. */
  folder: string;
  /** A Jupyter folder with kernels. */
  kernels: string;
  /** The folder for settings and for the files that it keeps while it runs. */
  home: string;
}

/** Milliseconds that it has to start, on a busy machine. */
const PATIENCE = 60_000;

/** Runs JupyterLab while a test uses its address. */
export async function withJupyterLab(
  { python, folder, kernels, home }: LabOptions,
  test: (address: string) => void | Promise<void>,
): Promise<void> {
  const port = freePort(), token = crypto.randomUUID();
  const server = new Deno.Command(python, {
    args: [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", `--ServerApp.root_dir=${folder}`],
      ...["--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
      `--IdentityProvider.token=${token}`,
    ],
    cwd: folder,
    env: {
      JUPYTER_PATH: kernels,
      JUPYTER_CONFIG_DIR: `${home}/config`,
      JUPYTER_DATA_DIR: `${home}/data`,
      JUPYTER_RUNTIME_DIR: `${home}/runtime`,
      JUPYTERLAB_SETTINGS_DIR: `${home}/settings`,
      JUPYTERLAB_WORKSPACES_DIR: `${home}/workspaces`,
      IPYTHONDIR: `${home}/ipython`,
    },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const address = `http://127.0.0.1:${port}`;
    for (const until = performance.now() + PATIENCE; !await isUp(`${address}/api/status?token=${token}`);) {
      if (performance.now() > until) throw new Error("JupyterLab did not come up");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await test(`${address}/lab?token=${token}`);
  } finally {
    server.kill("SIGTERM"); // it ends its kernels
    await server.status;
  }
}

async function isUp(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
