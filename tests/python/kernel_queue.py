"""What becomes of cells that wait behind one that fails, in the kernel NAME of the Jupyter folder DIR: JSON on stdout."""

import json
import queue as queue_module
import re
import sys
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

jupyter, name, folder = sys.argv[1:]
manager = KernelManager(
    kernel_name=name,
    kernel_spec_manager=KernelSpecManager(kernel_dirs=[f"{jupyter}/kernels"]),
)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)


LATE = 0.5


def replies(ids):
    """The kernel's answers to these requests, as they come; those to others, such as to whether it is ready, are passed over."""
    left = set(ids)
    while left:
        message = client.get_shell_msg(timeout=60)
        id = message["parent_header"].get("msg_id")
        if id in left:
            left.remove(id)
            yield id, message


def queue(cells, stop_on_error=True, stop_after=None):
    """Asks for all cells at once; gives each one's status, what they show, and how many were said to be done."""
    ids = [client.execute(code, stop_on_error=stop_on_error) for code in cells]
    if stop_after is not None:
        time.sleep(stop_after)
        manager.interrupt_kernel()
    statuses = {id: message["content"]["status"] for id, message in replies(ids)}
    shown, idle, done = [], set(), 0
    # Deno's kernel may show a result shortly after it has said that the cell is done.
    while len(idle) < len(ids) or time.monotonic() < done + LATE:
        try:
            message = client.get_iopub_msg(timeout=LATE if len(idle) == len(ids) else 60)
        except queue_module.Empty:
            break
        if message["parent_header"].get("msg_id") not in ids:
            continue
        if message["msg_type"] == "execute_result":
            shown.append(re.sub("\x1b\\[[0-9]*m", "", message["content"]["data"]["text/plain"]))
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            idle.add(message["parent_header"]["msg_id"])
            done = time.monotonic()
    return [[statuses[id] for id in ids], shown, len(idle)]


def completed():
    """Whether cells are answered in their order, and Tab at all, if it is pressed while one runs and another waits."""
    ids = [client.execute(code) for code in ["await new Promise((r) => setTimeout(r, 300))", "1"]]
    asked = client.complete("Dat", 3)
    seen = [id for id, _ in replies([*ids, asked])]
    return seen.index(ids[0]) < seen.index(ids[1])


WAIT = "await new Promise((r) => setTimeout(r, 200)); "
print(
    json.dumps(
        {
            "well": queue([WAIT + "globalThis.a = 1", "a + 1", "a + 2"]),
            "failed": queue([WAIT + 'throw new Error("x")', "globalThis.a = 7", "a + 3"]),
            "after": queue(["a + 4"]),
            "on": queue([WAIT + 'throw new Error("x")', "a + 5"], stop_on_error=False),
            "last": queue(["a + 6", 'throw new Error("x")']),
            "imported": queue(['const { prepare } = await import("automlp"); "imported"']),
            "stopped": queue(
                [
                    'for (;;) await prepare({ data: "log.csv", out: "made", evalNegatives: 2, force: true });',
                    "globalThis.a = 8",
                    "a + 7",
                ],
                stop_after=2,
            ),
            "completed": completed(),
        }
    )
)
client.stop_channels()
manager.shutdown_kernel(now=True)
