"""What PyTorch makes of the layers that the engine has as operations: small JSON files, for tests to compare with.

python make_layer_fixtures.py FOLDER   writes gru.json, lstm.json, … with inputs, weights, outputs and gradients; deno fmt
FOLDER then gives them the house's form.

Sequences are time-major, [T, B, D]; ids say where padding (0) is. What PyTorch has no padding for goes through it sequence
by sequence, without the padding.
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

T, B, D, H = 5, 3, 4, 6
IDS = torch.tensor([[0, 7, 0], [0, 2, 0], [3, 2, 0], [5, 9, 4], [1, 8, 6]])  # [T, B]: 2, 0 and 3 positions of padding
torch.manual_seed(0)


def numbers(tensor):
    """As text, for a number a line would make long files."""
    return {"shape": list(tensor.shape), "values": " ".join("%.7g" % value for value in tensor.detach().flatten())}


def write(name, settings, inputs, output, weights=None):
    """`inputs` and `weights` are leaves; the gradients are those of the sum of output ⊙ dy."""
    leaves = {**inputs, **(weights or {})}
    dy = torch.randn_like(output)
    gradients = torch.autograd.grad(output, list(leaves.values()), dy)
    content = {
        "source": "PyTorch " + torch.__version__.split("+")[0],
        "settings": settings,
        "inputs": {key: numbers(leaf) for key, leaf in leaves.items()},
        "dy": numbers(dy),
        "output": numbers(output),
        "gradients": {key: numbers(one) for key, one in zip(leaves, gradients)},
    }
    (Path(sys.argv[1]) / (name + ".json")).write_text(json.dumps(content, indent=2) + "\n")


def leaf(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


def recurrent(name, module):
    x = leaf(T, B, D)
    columns = []
    for b in range(B):
        first = int((IDS[:, b] != 0).nonzero()[0])
        y = module(x[first:, b : b + 1])[0]
        columns.append(torch.cat([torch.zeros(first, 1, H), y]))
    weights = dict(zip(("wx", "wh", "bx", "bh"), module.parameters()))
    write(name, {"ids": IDS.tolist()}, {"x": x}, torch.cat(columns, 1), weights)


def attention(name, causal):
    heads, real = 2, (IDS != 0).T  # [B, T]
    queries, x = leaf(T, B, D), leaf(T, B, D)
    weights = {name: leaf(D, D, scale=0.7) for name in ("wq", "wk", "wv")}
    q, k, v = queries @ weights["wq"].T, x @ weights["wk"].T, x @ weights["wv"].T
    apart = lambda x: x.view(T, B, heads, D // heads).permute(1, 2, 0, 3)
    seen = (real[:, None, :] & real[:, :, None])[:, None]
    if causal:
        seen = seen & torch.ones(T, T, dtype=torch.bool).tril()
    # A row that sees nothing would be NaN: it sees itself, and is set to zero.
    seen = seen | torch.eye(T, dtype=torch.bool)
    y = F.scaled_dot_product_attention(apart(q), apart(k), apart(v), attn_mask=seen)
    y = y.permute(2, 0, 1, 3).reshape(T, B, D) * (IDS != 0)[:, :, None]
    write(name, {"ids": IDS.tolist(), "heads": heads, "causal": causal}, {"queries": queries, "x": x}, y, weights)


def convolution():
    taps, dilation, x = 3, 2, leaf(T, B, D)
    module = nn.Conv1d(D, H, taps, dilation=dilation)
    w = module.weight.detach().permute(2, 0, 1).contiguous().requires_grad_()  # [taps, H, D]
    b = module.bias.detach().clone().requires_grad_()
    real = (IDS != 0)[:, :, None]
    left = F.pad((x * real).permute(1, 2, 0), ((taps - 1) * dilation, 0))  # [B, D, T + reach]
    y = F.conv1d(left, w.permute(1, 2, 0), b, dilation=dilation).permute(2, 0, 1) * real
    write("convolution", {"ids": IDS.tolist(), "dilation": dilation}, {"x": x}, y, {"w": w, "b": b})


def layer_norm():
    x, gain, bias = leaf(T, B, D), leaf(D), leaf(D)
    write("layer_norm", {"epsilon": 1e-5}, {"x": x}, F.layer_norm(x, (D,), gain, bias), {"gain": gain, "bias": bias})


def feed_forward(activation):
    x, one, two = leaf(T, B, D), nn.Linear(D, H), nn.Linear(H, D)
    y = two(getattr(F, activation)(one(x)))
    weights = {"w1": one.weight, "b1": one.bias, "w2": two.weight, "b2": two.bias}
    write("feed_forward_" + activation, {"activation": activation}, {"x": x}, y, weights)


def cross_entropy():
    h, items, bias = leaf(6, D), leaf(9, D), leaf(9)
    targets = torch.tensor([4, -1, 0, 8, 8, -1])
    loss = F.cross_entropy(h @ items.T + bias, targets, ignore_index=-1, reduction="none")
    write("linear_cross_entropy", {"targets": targets.tolist()}, {"h": h, "items": items, "bias": bias}, loss.sum().reshape(1))


recurrent("gru", nn.GRU(D, H))
recurrent("lstm", nn.LSTM(D, H))
attention("attention_causal", True)
attention("attention_full", False)
convolution()
layer_norm()
feed_forward("gelu")
feed_forward("relu")
cross_entropy()
