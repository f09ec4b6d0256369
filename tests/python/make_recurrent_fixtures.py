"""Writes what PyTorch's nn.GRU and nn.LSTM make of small networks: scores, the mean cross-entropy over all items, its gradients.

python tests/python/make_recurrent_fixtures.py   rewrites tests/model/methods/fixtures/{gru4rec,gru4rec_plus,lstm_lstm}.json

Every history goes through the layers by itself and without padding, newest item last.
"""
import json
import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).parent.parent / "model/methods/fixtures"
ITEMS, DIM, HIDDEN = 7, 3, 4
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


class Network:
    """Parameters by our names, and the states of a history."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        self.weights = {}

    def draw(self, *shape):
        """Numbers of few digits, the same in every format."""
        return (torch.randn(*shape, generator=self.random) * 0.5 * 1000).round() / 1000

    def parameter(self, name, *shape, padding=False):
        values = self.draw(*shape)
        if padding:
            values[0] = 0
        self.weights[name] = nn.Parameter(values)
        return self.weights[name]

    def recurrent(self, kind, name, layers, inputs):
        """A layer of PyTorch's whose parameters are ours."""
        layer = kind(inputs, HIDDEN, layers)
        for i in range(layers):
            for ours, theirs in (("wx", "weight_ih"), ("wh", "weight_hh"), ("bx", "bias_ih"), ("bh", "bias_hh")):
                shape = getattr(layer, f"{theirs}_l{i}").shape
                setattr(layer, f"{theirs}_l{i}", self.parameter(f"{name}.{i}.{ours}", *shape))
        return layer


def history(place):
    """The items up to a place."""
    return [int(item) for item in IDS[: place // SIZE + 1, place % SIZE] if item > 0]


def write(name, config, network, encode, vectors, **more):
    """`encode` gives the vector of a history."""
    h = torch.stack([encode(history(place)) for place in AT])
    scores = h @ vectors().T
    loss = F.cross_entropy(scores, torch.tensor(TARGETS) - 1)
    loss.backward()
    flat = lambda tensor: [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]
    gradients = {name: flat(weight.grad) for name, weight in network.weights.items()}
    fixture = {
        "config": {"length": LENGTH, "dim": DIM, "hidden": HIDDEN, "dropout": 0, "items": ITEMS, **config},
        **more,
        "batch": {"size": SIZE, "length": LENGTH, "ids": IDS.flatten().tolist(), "at": AT},
        "targets": TARGETS,
        "weights": {name: flat(weight) for name, weight in network.weights.items()},
        "scores": flat(scores),
        "loss": float(f"{loss.item():.7g}"),
        "gradients": gradients,
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(fixture) + "\n")


def gru4rec():
    network = Network(1)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    biases = network.parameter("output.itemBias", ITEMS + 1, 1, padding=True)
    gru = network.recurrent(nn.GRU, "gru", 2, DIM)
    w, b = network.parameter("output.w", DIM, HIDDEN), network.parameter("output.b", DIM)

    def encode(seen):
        states, _ = gru(items[seen])
        return torch.cat([F.linear(states[-1], w, b), torch.ones(1)])

    config = {"layers": 2, "tied": True, "itemBias": True}
    write("gru4rec", config, network, encode, lambda: torch.cat([items, biases], 1)[1:])


def gru4rec_plus():
    network = Network(2)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    kinds = network.parameter("features.kind.embedding", KINDS + 1, DIM)
    tags = network.parameter("features.tags.embedding", TAGS + 1, DIM)
    price = network.parameter("features.price.weight", 1, DIM)
    own = network.recurrent(nn.GRU, "items.gru", 1, DIM)
    beside = network.recurrent(nn.GRU, "features.gru", 1, 3 * DIM)
    w, b = network.parameter("output.w", DIM, 2 * HIDDEN), network.parameter("output.b", DIM)

    def features(item):
        tag = tags[TAG_LISTS[item]].mean(0) if TAG_LISTS[item] else torch.zeros(DIM)
        return torch.cat([kinds[CODES[item]], tag, PRICES[item] * price[0]])

    def encode(seen):
        one, _ = own(items[seen])
        other, _ = beside(torch.stack([features(item) for item in seen]))
        return F.linear(torch.cat([one[-1], other[-1]]), w, b)

    offsets = [0]
    for codes in TAG_LISTS:
        offsets.append(offsets[-1] + len(codes))
    given = [
        {"name": "kind", "kind": "categorical", "values": KINDS, "codes": CODES},
        {"name": "tags", "kind": "multi", "values": TAGS, "offsets": offsets, "codes": sum(TAG_LISTS, [])},
        {"name": "price", "kind": "numeric", "values": 0, "numbers": PRICES},
    ]
    write("gru4rec_plus", {"layers": 1}, network, encode, lambda: items[1:], features=given)


def lstm_lstm():
    network, short = Network(3), 2
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    whole = network.recurrent(nn.LSTM, "long", 2, DIM)
    recent = network.recurrent(nn.LSTM, "short", 2, DIM)
    w, b = network.parameter("output.wo", DIM, 2 * HIDDEN), network.parameter("output.bo", DIM)

    def encode(seen):
        long, _ = whole(items[seen])
        near, _ = recent(items[seen[-short:]])
        joint = F.layer_norm(torch.cat([near[-1], long[-1]]), [2 * HIDDEN], eps=1e-5)
        return F.linear(joint, w, b)

    write("lstm_lstm", {"layers": 2, "short": short}, network, encode, lambda: items[1:])


gru4rec()
gru4rec_plus()
lstm_lstm()
