"""One layer in PyTorch eager, forward and backward: the peer's time for the same layer here.

python torch_layer.py '{"layer": "gru", "batch": 256, "length": 50, "dim": 64, ...}'   prints milliseconds: median, least, processor time.

The layouts are those that PyTorch code uses: [T, B, D] for recurrent layers, [B, T, D] and [B, heads, T, D / heads] for attention,
[B, D, T] for convolution. A step computes a fixed scalar's gradients by the inputs and by the weights.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

plan = json.loads(sys.argv[1])
layer, B, T, D, H = (plan[key] for key in ("layer", "batch", "length", "dim", "hidden"))
torch.manual_seed(0)
if plan.get("threads"):
    torch.set_num_threads(plan["threads"])


def recurrent(make):
    module = make(D, H)
    x, dy = torch.randn(T, B, D, requires_grad=True), torch.randn(T, B, H)
    return [x, *module.parameters()], lambda: module(x)[0].backward(dy)


def attention():
    heads, causal, rate = plan["heads"], plan["causal"], plan["dropout"]
    x, dy = torch.randn(B, T, D, requires_grad=True), torch.randn(B, T, D)
    projections = [nn.Linear(D, D, bias=False) for _ in range(3)]
    apart = lambda y: y.view(B, T, heads, D // heads).transpose(1, 2)

    def step():
        q, k, v = (apart(projection(x)) for projection in projections)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=rate, is_causal=causal)
        y.transpose(1, 2).reshape(B, T, D).backward(dy)

    return [x, *(projection.weight for projection in projections)], step


def convolution():
    width, dilation = plan["taps"], plan["dilation"]
    module = nn.Conv1d(D, H, width, dilation=dilation)
    x, dy = torch.randn(B, D, T, requires_grad=True), torch.randn(B, H, T)
    return [x, *module.parameters()], lambda: module(F.pad(x, ((width - 1) * dilation, 0))).backward(dy)


def cross_entropy():
    n, items = B * T, plan["items"]
    h, table = torch.randn(n, D, requires_grad=True), torch.randn(items, D, requires_grad=True)
    with torch.no_grad():
        h *= D ** -0.5
    target, bias = torch.randint(0, items, (n,)), torch.randn(items)
    return [h, table], lambda: F.cross_entropy(F.linear(h, table, bias), target).backward()


def layer_norm():
    module = nn.LayerNorm(D)
    x, dy = torch.randn(T, B, D, requires_grad=True), torch.randn(T, B, D)
    return [x, *module.parameters()], lambda: module(x).backward(dy)


def feed_forward():
    module = nn.Sequential(nn.Linear(D, H), nn.GELU() if plan["activation"] == "gelu" else nn.ReLU(), nn.Linear(H, D))
    x, dy = torch.randn(T, B, D, requires_grad=True), torch.randn(T, B, D)
    return [x, *module.parameters()], lambda: module(x).backward(dy)


leaves, step = {
    "gru": lambda: recurrent(nn.GRU),
    "lstm": lambda: recurrent(nn.LSTM),
    "attention": attention,
    "conv": convolution,
    "cross-entropy": cross_entropy,
    "layer-norm": layer_norm,
    "feed-forward": feed_forward,
}[layer]()

times, cpu = [], []
for i in range(-plan["warmUp"], plan["steps"]):
    for leaf in leaves:
        leaf.grad = None
    begun, used = time.perf_counter(), time.process_time()
    step()
    if i >= 0:
        times.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
figures = (torch.__version__, torch.get_num_threads(), statistics.median(times), min(times), statistics.median(cpu))
print("torch %s threads %d: %.3f ms a step, least %.3f, processor %.3f" % figures)
