"""Writes what PyTorch's nn.GRU and nn.LSTM make of small networks.

python tests/python/make_recurrent_fixtures.py   rewrites tests/model/methods/fixtures/{gru4rec,gru4rec_plus,lstm_lstm}.json

Every history goes through the layers by itself and without padding, newest item last.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from method_fixture import AT, FEATURES, ITEMS, Network, history, write

DIM, HIDDEN = 3, 4


def recurrent(network, kind, name, layers, inputs):
    """A layer of PyTorch's whose parameters are ours."""
    layer = kind(inputs, HIDDEN, layers)
    for i in range(layers):
        for ours, theirs in (("wx", "weight_ih"), ("wh", "weight_hh"), ("bx", "bias_ih"), ("bh", "bias_hh")):
            shape = getattr(layer, f"{theirs}_l{i}").shape
            setattr(layer, f"{theirs}_l{i}", network.parameter(f"{name}.{i}.{ours}", *shape))
    return layer


def save(name, config, network, encode, vectors, **more):
    """`encode` gives the vector of a history."""
    h = torch.stack([encode(history(place)) for place in AT])
    write(name, network, h, vectors, {"dim": DIM, "hidden": HIDDEN, **config}, **more)


def gru4rec():
    network = Network(1)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    biases = network.parameter("output.itemBias", ITEMS + 1, 1, padding=True)
    gru = recurrent(network, nn.GRU, "gru", 2, DIM)
    w, b = network.parameter("output.w", DIM, HIDDEN), network.parameter("output.b", DIM)

    def encode(seen):
        states, _ = gru(items[seen])
        return torch.cat([F.linear(states[-1], w, b), torch.ones(1)])

    config = {"layers": 2, "tied": True, "itemBias": True}
    save("gru4rec", config, network, encode, torch.cat([items, biases], 1)[1:])


def gru4rec_plus():
    network = Network(2)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    features = network.features(DIM)
    own = recurrent(network, nn.GRU, "items.gru", 1, DIM)
    beside = recurrent(network, nn.GRU, "features.gru", 1, 3 * DIM)
    w, b = network.parameter("output.w", DIM, 2 * HIDDEN), network.parameter("output.b", DIM)

    def encode(seen):
        one, _ = own(items[seen])
        other, _ = beside(torch.stack([torch.cat(features(item)) for item in seen]))
        return F.linear(torch.cat([one[-1], other[-1]]), w, b)

    save("gru4rec_plus", {"layers": 1}, network, encode, items[1:], features=FEATURES)


def lstm_lstm():
    network, short = Network(3), 2
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    whole = recurrent(network, nn.LSTM, "long", 2, DIM)
    recent = recurrent(network, nn.LSTM, "short", 2, DIM)
    w, b = network.parameter("output.wo", DIM, 2 * HIDDEN), network.parameter("output.bo", DIM)

    def encode(seen):
        long, _ = whole(items[seen])
        near, _ = recent(items[seen[-short:]])
        joint = F.layer_norm(torch.cat([near[-1], long[-1]]), [2 * HIDDEN], eps=1e-5)
        return F.linear(joint, w, b)

    save("lstm_lstm", {"layers": 2, "short": short}, network, encode, items[1:])


gru4rec()
gru4rec_plus()
lstm_lstm()
