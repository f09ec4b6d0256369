"""Small networks in PyTorch, and what becomes of them: scores, the mean cross-entropy over all items, its gradients.

What make_method_fixtures.py and make_recurrent_fixtures.py have in common.
"""
import json
import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).parent.parent / "model/methods/fixtures"
ITEMS = 7
# Time-major and padded in front, as the network has them: [T, B].
IDS = torch.tensor([[0, 0, 3], [2, 0, 1], [5, 0, 7], [5, 6, 4], [1, 2, 6]])
LENGTH, SIZE = IDS.shape
# Places t·B + b that are asked for their next item: of the first history all, of the second its newest, of the third two.
AT = [3, 6, 9, 12, 13, 2, 14]
TARGETS = [5, 5, 1, 7, 3, 1, 2]

KINDS = 2  # of the categorical feature: 1 and 2; 0 is what is not known
CODES = [0, 1, 2, 0, 2, 1, 1, 2]  # of items 0 (the padding) … 7
TAGS = 3
TAG_LISTS = [[], [1], [1, 3], [], [2], [2, 3, 1], [3], [1]]
PRICES = [0, 0.5, -1, 0.25, 2, -0.5, 0, 1]
OFFSETS = [sum(map(len, TAG_LISTS[:item])) for item in range(len(TAG_LISTS) + 1)]
FEATURES = [
    {"name": "kind", "kind": "categorical", "values": KINDS, "codes": CODES},
    {"name": "tags", "kind": "multi", "values": TAGS, "offsets": OFFSETS, "codes": sum(TAG_LISTS, [])},
    {"name": "price", "kind": "numeric", "values": 0, "numbers": PRICES},
]


class Network:
    """Parameters by our names."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        self.weights = {}
        self.padded = set()

    def parameter(self, name, *shape, padding=False):
        """Numbers of few digits, the same in every format. Row 0 of a padded table is zero, and stays so."""
        values = (torch.randn(*shape, generator=self.random) * 0.5 * 1000).round() / 1000
        if padding:
            values[0] = 0
            self.padded.add(name)
        self.weights[name] = nn.Parameter(values)
        return self.weights[name]

    def features(self, dim):
        """From an item to its features' vectors."""
        kinds = self.parameter("features.kind.embedding", KINDS + 1, dim)
        tags = self.parameter("features.tags.embedding", TAGS + 1, dim)
        price = self.parameter("features.price.weight", 1, dim)

        def vectors(item):
            tag = tags[TAG_LISTS[item]].mean(0) if TAG_LISTS[item] else torch.zeros(dim)
            return [kinds[CODES[item]], tag, PRICES[item] * price[0]]

        return vectors


def history(place, ids=IDS):
    """The items up to a place."""
    return [int(item) for item in ids[: place // SIZE + 1, place % SIZE] if item > 0]


def flat(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]


def write(file, network, h, vectors, config, ids=IDS, at=AT, targets=TARGETS, users=None, **more):
    """Writes the fixture; `h` are the vectors at the places asked for, `vectors` those of the items 1 …"""
    scores = h @ vectors.T
    loss = F.cross_entropy(scores, torch.tensor(targets) - 1)
    loss.backward()
    for name in network.padded:
        network.weights[name].grad[0] = 0
    batch = {"size": SIZE, "length": LENGTH, "ids": ids.flatten().tolist(), "at": at}
    if users:
        batch["users"] = users
    fixture = {
        "config": {"length": LENGTH, "dropout": 0, "items": ITEMS, **config},
        **more,
        "batch": batch,
        "targets": targets,
        "weights": {name: flat(weight) for name, weight in network.weights.items()},
        "scores": flat(scores),
        "loss": float(f"{loss.item():.7g}"),
        "gradients": {name: flat(weight.grad) for name, weight in network.weights.items()},
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{file}.json").write_text(json.dumps(fixture) + "\n")
