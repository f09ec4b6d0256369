"""AutoMLP's scores, computed with NumPy from the weights alone: python scores_numpy.py RUN DATASET USER...

Reads `RUN/model/config.json` and `RUN/model/weights.safetensors`, and from the dataset folder the items' features and the
users' sequences. Prints one JSON object: user -> the scores of the items 1, 2, ... as continuations of what the user did
before the test part. Users and items are the dataset's own numbers, from 1.
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

erf = np.vectorize(math.erf, otypes=[float])


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(np.float64)
    return tensors


def layer_norm(x):
    """Over the channels of each position."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)


def gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def srsmlp(w, name, x, last_only):
    """[n, D] -> [n, D], or [1, D] where the layer gives its newest position only."""
    residual = x[-1:] if last_only else x
    normed = layer_norm(x) * w[f"{name}.sequence.gain"] + w[f"{name}.sequence.bias"]
    hidden = gelu(w[f"{name}.sequence.w1"] @ normed + w[f"{name}.sequence.b1"][:, None])
    x = residual + w[f"{name}.sequence.w2"] @ hidden + w[f"{name}.sequence.b2"][:, None]
    hidden = gelu(layer_norm(x) @ w[f"{name}.channel.w3"].T + w[f"{name}.channel.b3"])
    return x + hidden @ w[f"{name}.channel.w4"].T + w[f"{name}.channel.b4"]


def interest(w, name, x, layers):
    for i in range(layers):
        x = srsmlp(w, f"{name}.{i}", x, i == layers - 1)
    return x[0]


def representation(w, config, x):
    """The embedded sequence [T, D], newest last -> h [D]."""
    (k,) = config["lengths"]  # after the search there is one
    joint = interest(w, f"short.{k}", x[-k:], config["layers"])
    if config["longLayers"] > 0:
        joint = np.concatenate([joint, interest(w, "long", x, config["longLayers"])])
    return w["output.wo"] @ layer_norm(joint) + w["output.bo"]


def item_vectors(w, config, features, items):
    """[items + 1, D]; row 0, the padding, is zero."""
    table = w["items.embedding"]
    if not features:
        return table
    parts = [table[1:]]
    for feature in features:
        name, values = feature["name"], items.column(feature["column"]).to_pylist()
        if feature["kind"] == "numeric" and feature["values"] == 0:
            parts.append(np.array(values, float)[:, None] * w[f"features.{name}.weight"])
            continue
        codes = w[f"features.{name}.embedding"]
        if feature["kind"] != "multi":
            parts.append(codes[values])
            continue
        # The sum of an item's values or, before a layer, their mean; zero where it has none.
        pool = np.sum if config["fusion"] == "sum" else np.mean
        parts.append(np.array([pool(codes[value], axis=0) if value else np.zeros(config["dim"]) for value in values]))
    if config["fusion"] == "sum":
        fused = sum(parts)
    else:
        fused = np.concatenate(parts, axis=1) @ w["features.fuse.w"].T + w["features.fuse.b"]
    return np.concatenate([np.zeros((1, config["dim"])), fused])


def similarity_space(config, x):
    """Vectors whose dot product is the similarity."""
    if config["score"] == "dot":
        return x
    return x / np.sqrt((x**2).sum(axis=-1, keepdims=True) + 1e-12) / math.sqrt(config["temperature"])


def main(run, dataset, users):
    config = json.loads((run / "model" / "config.json").read_text())["config"]
    w = read_safetensors(run / "model" / "weights.safetensors")
    manifest = json.loads((dataset / "manifest.json").read_text())
    table = lambda name: parquet.read_table(dataset / manifest["tables"][name]["files"][0]["file"])
    interactions = table("interactions")
    user, item = (interactions.column(name).to_numpy() for name in ("user", "item"))
    known = np.array(interactions.column("split").to_pylist()) != "test"

    vectors = item_vectors(w, config, manifest["features"], table("items"))
    targets = similarity_space(config, vectors[1:])
    scores = {}
    for u in users:
        seen = item[(user == u) & known]
        history = seen[-config["length"]:]
        padded = np.concatenate([np.zeros(config["length"] - len(history), int), history])
        h = similarity_space(config, representation(w, config, vectors[padded]))
        own = targets @ h
        own[np.unique(seen) - 1] += config.get("seenBias", 0)
        scores[u] = own.tolist()
    print(json.dumps(scores))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(user) for user in sys.argv[3:]])
