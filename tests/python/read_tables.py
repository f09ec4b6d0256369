"""What other libraries make of exports: python read_tables.py TASKS prints one JSON list.

TASKS is a JSON list of [folder, reader, argument, ...]: the reader, a function below named for its library, runs in the
folder. A reader whose library is missing gives {"missing": library}.
"""
import importlib
import json
import os
import sys


def pandas(code, table):
    """Runs a README's lines of pandas; the table's rows as text."""
    return rows(execute(code)[table])


def polars(code, table):
    frame = execute(code)[table]
    return rows((frame.collect() if hasattr(frame, "collect") else frame).to_pandas())


def duckdb(code, table):
    """Runs a README's lines of SQL; the table's rows as text."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(code)
    return [[text(value) for value in row] for row in connection.execute(f"FROM {table}").fetchall()]


def datasets(code):
    """Runs a README's lines of Hugging Face Datasets; the rows of the training part, as text."""
    return rows(execute(code)["train"].to_pandas())


def lenskit(*code):
    """Runs a README's lines of LensKit; the sizes of what they give, and metrics."""
    data = execute("\n".join(code))
    train, test, metrics = data["train"], data["test"], data["metrics"]
    return {
        "users": train.user_count,
        "items": train.item_count,
        "train": train.interaction_count,
        "test": {key.user_id: [str(item) for item in items.ids()] for key, items in test},
        "metrics": {name: float(value) for name, value in metrics.items()},
    }


def sklearn(code, index):
    """Runs a README's lines of scikit-learn; shape, labels and one row, of a matrix that a model takes."""
    from sklearn.linear_model import SGDRegressor

    data = execute(code)
    SGDRegressor(max_iter=1).fit(data["X"], data["y"])
    row = data["X"].getrow(index)
    return {
        "shape": list(data["X"].shape),
        "labels": data["y"].tolist(),
        "row": {int(i) + 1: float(value) for i, value in zip(row.indices, row.data)},
    }


def execute(code):
    scope = {}
    exec(code, scope)
    return scope


def rows(frame):
    return [[text(value) for value in row] for row in frame.itertuples(index=False)]


def text(value):
    """As JavaScript would print it: whole numbers without a point, nothing for a missing value."""
    if isinstance(value, str):
        return value
    if hasattr(value, "__len__"):
        return str(list(value))
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def run(reader, *arguments):
    try:
        importlib.import_module(reader)
    except ImportError:
        return {"missing": reader}
    return globals()[reader](*arguments)


results = []
for folder, reader, *arguments in json.loads(sys.argv[1]):
    os.chdir(folder)
    results.append(run(reader, *arguments))
print(json.dumps(results))
