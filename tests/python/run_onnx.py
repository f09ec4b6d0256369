"""Runs ONNX models on histories of dense ids with onnxruntime, some at a time, and prints what they give as JSON."""
import json
import sys

import numpy as np
import onnxruntime as ort


def numbers(array):
    """As lists; None for −∞."""
    return [[None if value == -np.inf else float(value) for value in row] for row in array]


def far(items, scores, session):
    """How far the vectors' dot products are at most from the scores of items that are not in a history which is not empty."""
    names = ["history_vectors", "item_vectors", "item_biases"]
    histories, vectors, biases = session.run(names, {"items": items, "k": np.array([1])})
    differences = np.abs(histories @ vectors.T + biases - scores)[:, 1:]
    others = np.ones_like(scores, dtype=bool)
    np.put_along_axis(others, items, False, 1)
    return float(differences[others[:, 1:] & items.any(1)[:, None]].max(initial=0))


def run(model, histories, k, batch):
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs, apart = [], 0.0
    for at in range(0, len(histories), batch):
        some = histories[at : at + batch]
        items = np.zeros((len(some), max(map(len, some))), np.int64)
        for row, history in zip(items, some):
            row[len(row) - len(history) :] = history
        outputs.append(session.run(["scores", "top_items", "top_scores"], {"items": items, "k": np.array([k])}))
        apart = max(apart, far(items, outputs[-1][0], session))
    scores, top_items, top_scores = (np.concatenate(parts) for parts in zip(*outputs))
    return {
        "scores": numbers(scores),
        "topItems": top_items.tolist(),
        "topScores": numbers(top_scores),
        "apart": apart,
        "metadata": session.get_modelmeta().custom_metadata_map,
    }


with open(sys.argv[1]) as file:
    print(json.dumps([run(**case) for case in json.load(file)]))
