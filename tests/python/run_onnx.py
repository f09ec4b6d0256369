"""Runs ONNX models on histories of dense ids with onnxruntime, some at a time, and prints what they give as JSON."""
import json
import sys

import numpy as np
import onnxruntime as ort


def numbers(array):
    """As lists; None for −∞."""
    return [[None if value == -np.inf else float(value) for value in row] for row in array]


def run(model, histories, k, batch):
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs = []
    for at in range(0, len(histories), batch):
        some = histories[at : at + batch]
        items = np.zeros((len(some), max(map(len, some))), np.int64)
        for row, history in zip(items, some):
            row[len(row) - len(history) :] = history
        outputs.append(session.run(["scores", "top_items", "top_scores"], {"items": items, "k": np.array([k])}))
    scores, top_items, top_scores = (np.concatenate(parts) for parts in zip(*outputs))
    return {
        "scores": numbers(scores),
        "topItems": top_items.tolist(),
        "topScores": numbers(top_scores),
        "metadata": session.get_modelmeta().custom_metadata_map,
    }


with open(sys.argv[1]) as file:
    print(json.dumps([run(**case) for case in json.load(file)]))
