"""A Jupyter front end for tests: cells are run by a real kernel, and what came of them is recorded."""
import os
import queue
import time

from jupyter_client import KernelManager


# What ends the name of the output in which curves grow, beside that of progress.
GROWING = "-growing"


class Ran:
    """What a cell left: its messages up to idle, and the seconds it took."""

    def __init__(self, messages, late, seconds):
        self.messages, self.late, self.seconds = messages, late, seconds

    def contents(self, kind):
        return [content for name, content in self.messages if name == kind]

    @property
    def error(self):
        errors = self.contents("error")
        return errors[0] if errors else None

    @property
    def result(self):
        """The text of the result. Without the colours."""
        results = self.contents("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    @property
    def outputs(self):
        """display id → its texts, in the order of their coming. Without curves that grow."""
        texts = {}
        for content in self.contents("display_data") + self.contents("update_display_data"):
            if not id_of(content).endswith(GROWING):
                texts.setdefault(id_of(content), []).append(content["data"]["text/plain"])
        return texts

    @property
    def begun(self):
        """Ids of the outputs that stand under this cell. Without curves that grow."""
        ids = [id_of(content) for content in self.contents("display_data")]
        return [name for name in ids if not name.endswith(GROWING)]

    @property
    def growing(self):
        """The pictures of curves that grow, in the order of their coming: kind of message, id, HTML and text of each."""
        shown = [(kind, content) for kind, content in self.messages if kind in ("display_data", "update_display_data")]
        return [{"kind": kind, "id": id_of(content), "html": content["data"]["text/html"],
                 "text": content["data"]["text/plain"]}
                for kind, content in shown if id_of(content).endswith(GROWING)]


def id_of(content):
    """The name of an output."""
    return content["transient"]["display_id"]


class Kernel:
    """A kernel and a front end."""

    def __init__(self, name, folder):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(cwd=folder, env={**os.environ, "NO_COLOR": "1"})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, on_output=None, timeout=60):
        """Runs a cell to its end. `on_output` is called once, with the first picture of progress."""
        started = time.monotonic()
        request = self.client.execute(code)
        messages, late, idle = [], [], None
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=timeout if idle is None else 0.2)
            except queue.Empty:
                if idle is None:
                    raise
                return Ran(messages, late, idle - started)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status":
                if content["execution_state"] == "idle":
                    idle = time.monotonic()
                continue
            (messages if idle is None else late).append((kind, content))
            if on_output and kind == "update_display_data":
                on_output, call = None, on_output
                call()

    def interrupt(self):
        self.manager.interrupt_kernel()

    def info_seconds(self):
        """How long the kernel takes to answer a second front end, on the channel that waits for no cell."""
        other = self.manager.client()
        other.start_channels()
        try:
            started = time.monotonic()
            request = other.session.msg("kernel_info_request")
            other.control_channel.send(request)
            reply = other.control_channel.get_msg(timeout=30)
            assert reply["msg_type"] == "kernel_info_reply"
            return time.monotonic() - started
        finally:
            other.stop_channels()
