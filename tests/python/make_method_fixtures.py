"""Writes what PyTorch makes of small networks of the same equations as ours: SASRec, BERT4Rec, NextItNet, FPMC, FDSA.

python tests/python/make_method_fixtures.py
    rewrites tests/model/methods/fixtures/{sasrec,bert4rec,nextitnet,fpmc,fdsa}.json

Every history goes through a network by itself and without padding; only its positions tell that there was some.
"""
import math

import torch
import torch.nn.functional as F

from method_fixture import AT, FEATURES, IDS, ITEMS, LENGTH, SIZE, Network, history, write

DIM, HEADS, LAYERS, EPSILON = 4, 2, 2, 1e-8


def norm(network, name, dim=DIM):
    gain, bias = network.parameter(f"{name}.gain", dim), network.parameter(f"{name}.bias", dim)
    return lambda x: F.layer_norm(x, [dim], gain, bias, EPSILON)


def attention(network, name, causal):
    """Multi-head attention of one sequence [n, D], without what joins the heads."""
    wq, wk, wv = (network.parameter(f"{name}.{w}", DIM, DIM) for w in ("wq", "wk", "wv"))

    def attend(queries, x):
        split = lambda y: y.view(len(y), HEADS, DIM // HEADS).transpose(0, 1)
        q, k, v = split(queries @ wq.T), split(x @ wk.T), split(x @ wv.T)
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(0, 1).reshape(len(x), DIM)

    return attend


def feed_forward(network, name, hidden, activation):
    w1, b1 = network.parameter(f"{name}.w1", hidden, DIM), network.parameter(f"{name}.b1", hidden)
    w2, b2 = network.parameter(f"{name}.w2", DIM, hidden), network.parameter(f"{name}.b2", DIM)
    return lambda x: F.linear(activation(F.linear(x, w1, b1)), w2, b2)


def block(network, name, causal, activation):
    """What normalises behind each residual."""
    attend, wo = attention(network, f"{name}.attention", causal), network.parameter(f"{name}.attention.wo", DIM, DIM)
    behind_attention = norm(network, f"{name}.attention")
    feed, behind_feed = feed_forward(network, f"{name}.feed", 4 * DIM, activation), norm(network, f"{name}.feed")

    def run(x):
        a = behind_attention(x + attend(x, x) @ wo.T)
        return behind_feed(a + feed(a))

    return run


def at_places(encode, ids=IDS, at=AT):
    """`encode` gives the vectors of a whole sequence, [n, E], from its items and the places where they are."""
    found = []
    for place in at:
        t, b = divmod(place, SIZE)
        seen = [(int(ids[s, b]), s) for s in range(LENGTH) if ids[s, b] > 0]
        items, places = [item for item, _ in seen], [s for _, s in seen]
        found.append(encode(items, places)[places.index(t)])
    return torch.stack(found)


def sasrec():
    network = Network(11)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    positions = network.parameter("positions.embedding", LENGTH, DIM)
    parts = [
        (
            norm(network, f"block.{i}.attention"),
            attention(network, f"block.{i}.attention", causal=True),
            norm(network, f"block.{i}.feed"),
            feed_forward(network, f"block.{i}.feed", DIM, F.relu),
        )
        for i in range(LAYERS)
    ]
    last = norm(network, "output")

    def encode(seen, places):
        x = items[seen] * math.sqrt(DIM) + positions[places]
        for before_attention, attend, before_feed, feed in parts:
            x = x + attend(before_attention(x), x)
            x = x + feed(before_feed(x))
        return last(x)

    write("sasrec", network, at_places(encode), items[1:], {"dim": DIM, "heads": HEADS, "layers": LAYERS})


def bert4rec():
    network = Network(12)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    biases = network.parameter("output.itemBias", ITEMS + 1, 1, padding=True)
    hidden = network.parameter("hidden.embedding", 1, DIM)
    positions = network.parameter("positions.embedding", LENGTH, DIM)
    blocks = [block(network, f"block.{i}", causal=False, activation=F.gelu) for i in range(LAYERS)]
    w, b = network.parameter("output.w", DIM, DIM), network.parameter("output.b", DIM)

    def encode(seen, places):
        x = torch.cat([items, hidden])[seen] + positions[places]
        for run in blocks:
            x = run(x)
        return torch.cat([F.gelu(F.linear(x, w, b)), torch.ones(len(x), 1)], 1)

    # Hidden: two places of the first history, none but its newest of the second, one in the middle of the third.
    ids, at, targets = IDS.clone(), [6, 12, 13, 8], [5, 1, 2, 7]
    for place in at:
        ids[divmod(place, SIZE)] = ITEMS + 1
    config = {"dim": DIM, "heads": HEADS, "layers": LAYERS, "hidden": 0.2}
    vectors = torch.cat([items, biases], 1)[1:]
    write("bert4rec", network, at_places(encode, ids, at), vectors, config, ids=ids, at=at, targets=targets)


def nextitnet():
    network, layers, taps = Network(13), 3, 3
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    outputs = network.parameter("output.embedding", ITEMS + 1, DIM, padding=True)
    biases = network.parameter("output.itemBias", ITEMS + 1, 1, padding=True)

    def convolution(name, dilation):
        w, b = network.parameter(f"{name}.w", taps, DIM, DIM), network.parameter(f"{name}.b", DIM)
        behind = norm(network, name)

        def run(x):
            padded = F.pad(x.T, ((taps - 1) * dilation, 0))
            return F.relu(behind(F.conv1d(padded[None], w.permute(1, 2, 0), b, dilation=dilation)[0].T))

        return run

    dilations = [1, 4, 1]
    blocks = [
        (convolution(f"block.{i}.1", dilations[i]), convolution(f"block.{i}.2", 2 * dilations[i])) for i in range(layers)
    ]

    def encode(seen, places):
        x = items[seen]
        for one, two in blocks:
            x = x + two(one(x))
        return torch.cat([x, torch.ones(len(x), 1)], 1)

    config = {"dim": DIM, "layers": layers, "kernel": taps, "period": 2, "tied": False, "itemBias": True}
    write("nextitnet", network, at_places(encode), torch.cat([outputs, biases], 1)[1:], config)


def fpmc():
    network, users = Network(14), [2, 0, 4]  # the second history is of a user never seen
    ui = network.parameter("users.items", 5, DIM, padding=True)
    iu, il, li = (
        network.parameter(name, ITEMS + 1, DIM, padding=True) for name in ("items.users", "items.last", "last.items")
    )
    h = torch.stack([torch.cat([ui[users[place % SIZE]], li[history(place)[-1]]]) for place in AT])
    vectors = torch.cat([iu, il], 1)[1:]
    write("fpmc", network, h, vectors, {"dim": DIM}, users=users)


def fdsa():
    network = Network(15)
    items = network.parameter("items.embedding", ITEMS + 1, DIM, padding=True)
    features = network.features(DIM)
    wf, bf = network.parameter("features.attention.w", DIM, DIM), network.parameter("features.attention.b", DIM)
    stacks = [
        (
            network.parameter(f"{name}.positions", LENGTH, DIM),
            [block(network, f"{name}.block.{i}", causal=True, activation=F.relu) for i in range(LAYERS)],
        )
        for name in ("items", "features")
    ]
    w, b = network.parameter("output.w", DIM, 2 * DIM), network.parameter("output.b", DIM)

    def joined(item):
        vectors = torch.stack(features(item))
        return (torch.softmax(F.linear(vectors, wf, bf), 0) * vectors).sum(0)

    def encode(seen, places):
        outputs = []
        for (positions, blocks), x in zip(stacks, (items[seen], torch.stack([joined(item) for item in seen]))):
            x = x + positions[places]
            for run in blocks:
                x = run(x)
            outputs.append(x)
        return F.linear(torch.cat(outputs, 1), w, b)

    config = {"dim": DIM, "heads": HEADS, "layers": LAYERS}
    write("fdsa", network, at_places(encode), items[1:], config, features=FEATURES)


sasrec()
bert4rec()
nextitnet()
fpmc()
fdsa()
