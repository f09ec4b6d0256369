"""What cells come to in the kernel NAME of the Jupyter folder DIR, started in a notebook's folder that holds `own.ts`: JSON on stdout."""
import json
import os
import sys

jupyter, name, folder = sys.argv[1:]
os.environ["JUPYTER_PATH"] = jupyter  # read at import
place = os.environ["TMPDIR"] = f"{folder}/temporary"  # where connections are written
os.mkdir(place)

from kernel import Kernel

CELLS = {
    "folder": "Deno.cwd()",
    "package": 'import pl from "npm:nodejs-polars"; typeof pl.DataFrame',
    "library": 'import { prepare } from "automlp"; typeof prepare',
    "own": 'import { own } from "./own.ts"; own',
    "after": "Deno.cwd()",
}

with Kernel(name, folder) as kernel:
    seen = {}
    for key, code in CELLS.items():
        ran = kernel.run(code)
        # Deno's kernel may be idle before the result has come.
        results = [content for kind, content in ran.messages + ran.late if kind == "execute_result"]
        seen[key] = results[0]["data"]["text/plain"] if results else str(ran.error)
    seen["count"] = results[0]["execution_count"]
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=False)
seen["left"] = [entry for entry in os.listdir(place) if entry.startswith("automlp-")]
print(json.dumps(seen))
