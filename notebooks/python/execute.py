"""Runs notebooks from top to bottom on the real kernel and writes them with their outputs.

    python notebooks/python/execute.py [--kernel NAME] [--out DIR] [--folder DIR] [--twice] [--parameters JSON] NOTEBOOK...

Without --out each notebook is written in its place; with it, into that folder. --folder is where the kernel works (default:
where the notebook lies). --twice runs each cell a second time before the next, but for those that took long; both outputs are kept, so that both can be
checked. --parameters sets variables when the cell tagged "parameters" has run, as papermill does; the notebook is written without them. The first error ends
the work, with the cell and what it said.
"""
import argparse
import copy
import json
import pathlib
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# What differs from run to run and says nothing to a reader.
VOLATILE = ("execution", "papermill")


# Seconds that a cell may take to be run twice.
LONG = 30


class ShowingError(Exception):
    """A result fails to show itself."""


def execute(notebook, kernel, folder, twice, timeout, parameters):
    assignments = "".join(f"\n{name} = {json.dumps(value)};" for name, value in parameters.items())
    # A value would be shown.
    assignments += "\nundefined;" if assignments else ""
    client = NotebookClient(
        notebook, kernel_name=kernel, timeout=timeout, resources={"metadata": {"path": str(folder)}}
    )
    with client.setup_kernel():
        code = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        for number, (index, cell) in enumerate(code, 1):
            outputs, started, source = [], time.monotonic(), cell.source
            if "parameters" in cell.metadata.get("tags", []):
                cell.source += assignments
            for again in range(2 if twice else 1):
                if again and time.monotonic() - started > LONG:
                    break
                client.execute_cell(cell, index)
                outputs += cell.outputs
                # Where a result fails to show itself, the kernel's reply is "ok" all the same.
                for output in cell.outputs:
                    if output.output_type == "error":
                        raise ShowingError(f"the result of this cell cannot be shown:\n{cell.source}\n{output.evalue}")
            cell.outputs, cell.source = outputs, source
            # As if run once, in order, in a fresh kernel.
            cell.execution_count = number
            for output in outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number


def clean(notebook, metadata):
    """Leaves out what would change with every run, or with the kernel that ran it."""
    for cell in notebook.cells:
        for key in VOLATILE:
            cell.metadata.pop(key, None)
    notebook.metadata = metadata


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="+", type=pathlib.Path)
    parser.add_argument("--kernel", help="default: the one that the notebook names")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--parameters", type=json.loads, default={}, help="variables and their values, a JSON object")
    parser.add_argument("--timeout", type=int, default=900, help="seconds a cell may take")
    args = parser.parse_args()
    for path in args.notebooks:
        notebook = nbformat.read(path, as_version=4)
        metadata = copy.deepcopy(notebook.metadata)
        folder = args.folder or path.parent
        try:
            execute(notebook, args.kernel or metadata.kernelspec.name, folder, args.twice, args.timeout, args.parameters)
        except (CellExecutionError, ShowingError) as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            return 1
        clean(notebook, metadata)
        target = (args.out or path.parent) / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.validate(notebook)
        nbformat.write(notebook, target)
        print(target.name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
