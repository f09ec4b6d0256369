"""What the kernel NAME of the Jupyter folder DIR answers in FOLDER: to QUESTIONS, a JSON array of [kind, code]: a JSON array on stdout.

The kind "ready" waits until the language server offers options; "run" runs a cell and gives the text of its error or null; "ends" what the cell ends with, as Markdown or text; "tab" the words that are
offered at the bar in the code, the code that they take the place of, and the seconds it took; "help" what Shift+Tab shows there, or null.
"""

import json
import sys
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

jupyter, name, folder, questions = sys.argv[1:]
manager = KernelManager(
    kernel_name=name,
    kernel_spec_manager=KernelSpecManager(kernel_dirs=[f"{jupyter}/kernels"]),
)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)


# Seconds from which an answer may be the kernel's own, because the language server has taken too long: then it is asked again.
LATE = 0.85


def run(code):
    return client.execute_interactive(code, timeout=60, output_hook=lambda _: None)["content"].get("evalue")


def ends(code):
    shown = []

    def keep(message):
        if message["msg_type"] == "execute_result":
            data = message["content"]["data"]
            shown.append(data.get("text/markdown") or data["text/plain"])

    client.execute_interactive(code, timeout=60, output_hook=keep)
    return shown[0]


def tab(marked):
    code, begun = marked.replace("|", "", 1), time.monotonic()
    content = client.complete(code, marked.index("|"), reply=True, timeout=60)["content"]
    seconds, attempts = time.monotonic() - begun, 1
    while LATE < time.monotonic() - begun and attempts < 10:
        begun, attempts = time.monotonic(), attempts + 1
        content = client.complete(code, marked.index("|"), reply=True, timeout=60)["content"]
    replaced = code[content["cursor_start"] : content["cursor_end"]]
    return [content["matches"], replaced, seconds]


def help(marked):
    reply = client.inspect(marked.replace("|", "", 1), marked.index("|"), reply=True, timeout=120)
    return reply["content"]["data"].get("text/markdown") if reply["content"]["found"] else None


def ready(marked):
    """Waits until Tab offers options, as the language server has read the library."""
    for _ in range(200):
        if "out" in tab(marked)[0]:
            return
        time.sleep(0.2)


kinds = {"run": run, "ends": ends, "tab": tab, "help": help, "ready": ready}
try:
    print(json.dumps([kinds[kind](code) for kind, code in json.loads(questions)]))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=False)
