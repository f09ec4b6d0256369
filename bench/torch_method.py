"""A training step of a method in PyTorch eager: the twin of the step that `bench step --method NAME` times.

python torch_method.py NAME JSON   prints the median milliseconds of a step; JSON is what `bench step` hands over: batch, length, items, dim,
layers, loss, negatives and the method's own sizes. The same layers on random sequences that fill all places, every place asked for its next
item, Adam. The batch is made once and does not count.
"""
import json
import os
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

name, given = sys.argv[1], json.loads(sys.argv[2])
B, T, V, D, L = given["batch"], given["length"], given["items"], given.get("dim", 64), given.get("layers", 1)
if given["loss"] not in ("ce", "bce") or given["features"] > 0 or given["dropout"] > 0:
    print("absent: it knows the losses ce and bce only, and neither features nor dropout")
    sys.exit()
if "OMP_NUM_THREADS" in os.environ:
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(0)


class Block(nn.Module):
    """SASRec's: queries normalised, keys and values not, no product behind the heads."""

    def __init__(self):
        super().__init__()
        self.heads = given["heads"]
        self.norm, self.feed_norm = nn.LayerNorm(D), nn.LayerNorm(D)
        self.q, self.k, self.v = (nn.Linear(D, D, bias=False) for _ in range(3))
        self.w1, self.w2 = nn.Linear(D, D), nn.Linear(D, D)

    def forward(self, x):
        split = lambda y: y.view(B, T, self.heads, D // self.heads).transpose(1, 2)
        q, k, v = split(self.q(self.norm(x))), split(self.k(x)), split(self.v(x))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + attended.transpose(1, 2).reshape(B, T, D)
        return x + self.w2(F.relu(self.w1(self.feed_norm(x))))


class Sasrec(nn.Module):
    def __init__(self):
        super().__init__()
        self.items, self.places = nn.Embedding(V + 1, D, padding_idx=0), nn.Embedding(T, D)
        self.blocks, self.norm = nn.Sequential(*[Block() for _ in range(L)]), nn.LayerNorm(D)

    def forward(self, seq):
        return self.norm(self.blocks(self.items(seq) * D**0.5 + self.places.weight))


class Gru4rec(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(V + 1, D, padding_idx=0)
        self.gru = nn.GRU(D, given["hidden"], L, batch_first=True)
        self.out = nn.Linear(given["hidden"], D)

    def forward(self, seq):
        return self.out(self.gru(self.items(seq))[0])


class LstmLstm(nn.Module):
    def __init__(self):
        super().__init__()
        hidden, self.k = given["hidden"], given["short"]
        self.items = nn.Embedding(V + 1, D, padding_idx=0)
        self.long = nn.LSTM(D, hidden, L, batch_first=True)
        self.short = nn.LSTM(D, hidden, L, batch_first=True)
        self.norm, self.out = nn.LayerNorm(2 * hidden, elementwise_affine=False), nn.Linear(2 * hidden, D)

    def forward(self, seq):
        x, k = self.items(seq), self.k
        # The newest k up to each place; in front of the first ones zeros, which a step each costs as much as items.
        near = F.pad(x, (0, 0, k - 1, 0)).unfold(1, k, 1).transpose(2, 3).reshape(B * T, k, D)
        short = self.short(near)[0][:, -1].view(B, T, -1)
        return self.out(self.norm(torch.cat([short, self.long(x)[0]], -1)))


NETWORKS = {"sasrec": Sasrec, "gru4rec": Gru4rec, "lstm-lstm": LstmLstm}
if name not in NETWORKS or given.get("itemBias") or not given.get("tied", True):
    print(f"absent: it has no twin of {name} with these choices")
    sys.exit()
model = NETWORKS[name]()
adam = torch.optim.Adam(model.parameters(), 1e-3)
seq, target = torch.randint(1, V + 1, (B, T)), torch.randint(1, V + 1, (B, T))
wrong = torch.randint(1, V + 1, (B, T, given["negatives"]))


def loss_of():
    h = model(seq)
    if given["loss"] == "ce":
        return F.cross_entropy(h.view(B * T, D) @ model.items.weight[1:].T, target.view(-1) - 1)
    right = (h * model.items(target)).sum(-1)
    others = (h.unsqueeze(2) * model.items(wrong)).sum(-1)
    return -(F.logsigmoid(right).mean() + F.logsigmoid(-others).sum(-1).mean())


def step():
    adam.zero_grad()
    loss = loss_of()
    loss.backward()
    adam.step()
    return loss.item()


for _ in range(2):
    step()
times = []
for _ in range(7):
    started = time.perf_counter()
    step()
    times.append((time.perf_counter() - started) * 1000)
print("torch %s threads %d: %.1f ms a step" % (torch.__version__, torch.get_num_threads(), statistics.median(times)))
