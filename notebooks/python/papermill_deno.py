"""Papermill for notebooks on Deno's kernel: the same command and options, for example

    python notebooks/python/papermill_deno.py notebooks/02_search.ipynb out.ipynb -k automlp -p epochs 3 -p data ratings.csv

Papermill puts a cell with the given parameters behind the one tagged "parameters". It writes cells in Python, R, Scala and
some more; this teaches it TypeScript. In Deno's kernel a later `let` replaces an earlier one, so parameters are `let` too.
Papermill reads True, False and numbers as such, other words as text. From Python: `import papermill_deno`, then
`papermill.execute_notebook(...)` as ever.
"""
import json
import re

from papermill.cli import papermill
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

LINE = re.compile(r"^let\s+(?P<name>[\w$]+)(\s*:\s*(?P<type>[^=]+?))?\s*=\s*(?P<value>.*?);?\s*(//\s*(?P<help>.*))?$")


class TypeScriptTranslator(Translator):
    """Parameters as TypeScript."""

    @classmethod
    def translate(cls, val):
        # JSON is TypeScript, and so are Python's NaN and Infinity; dates become text.
        return json.dumps(val, ensure_ascii=False, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        if not re.fullmatch(r"[A-Za-z_$][\w$]*", name):
            raise ValueError(f'Cannot pass the parameter "{name}": in TypeScript it is no name')
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """For papermill --help-notebook."""
        matches = filter(None, map(LINE.match, parameters_cell["source"].splitlines()))
        return [
            Parameter(
                name=match["name"],
                inferred_type_name=match["type"] or "None",
                default=match["value"],
                help=match["help"] or "",
            )
            for match in matches
        ]


papermill_translators.register("typescript", TypeScriptTranslator)

if __name__ == "__main__":
    papermill(prog_name="papermill_deno.py")
