"""A training step of a method in PyTorch eager: the twin of the step that `bench step --method NAME` times.

python torch_method.py NAME JSON   prints the number of trained values, and the median milliseconds of a step; JSON is what `bench step` hands
over: batch, length, items, users, loss, negatives, targets (how many places of the batch are asked for), steps, the method's own sizes, and
a file with the features of items. The same layers on random sequences that fill all places, the same loss, Adam. The batch and its negatives
are made once and do not count.
"""
import json
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F

from torch_networks import NETWORKS


class Batch:
    """Random sequences [B, T], their users, the places asked for (`None`: all) and what is right and wrong there."""

    def __init__(self, given, everywhere):
        size, length, items, count = (given[key] for key in ("batch", "length", "items", "targets"))
        draw = lambda *shape: torch.randint(1, items + 1, shape)
        self.seq, self.users = draw(size, length), torch.randint(1, given["users"] + 1, (size,))
        self.at = None if everywhere else torch.randperm(size * length)[:count].sort()[0]
        self.target = draw(count)
        # The different items, and where in their list each place's is.
        self.seen, self.place = torch.unique(self.seq, return_inverse=True)
        self.wrong = {
            "bce": lambda: draw(count, given["negatives"]),
            "bpr": lambda: draw(count, given["negatives"]),
            "sampled-softmax": lambda: draw(given["negatives"]),
            "ce": lambda: None,
        }[given["loss"]]()


def all_scores(model, h, ids=None):
    """[n, items]"""
    return F.linear(h, model.vectors(ids), model.biases(ids))


def own_scores(model, h, ids):
    """Of h [n, E] and each one's own items, [n] or [n, m]."""
    vectors, biases = model.vectors(ids), model.biases(ids)
    scores = (h.view(len(h), *[1] * (vectors.dim() - 2), -1) * vectors).sum(-1)
    return scores if biases is None else scores + biases


def loss_of(model, loss, batch):
    h = model.encode(batch)
    if loss == "ce":
        return F.cross_entropy(all_scores(model, h), batch.target - 1)
    right = own_scores(model, h, batch.target)
    if loss == "bce":
        return (F.softplus(-right) + F.softplus(own_scores(model, h, batch.wrong)).sum(-1)).mean()
    if loss == "bpr":
        return F.softplus(own_scores(model, h, batch.wrong) - right[:, None]).mean()
    # The sampled softmax: every item is as likely to be drawn, so that nothing has to be taken off for it.
    others = all_scores(model, h, batch.wrong).masked_fill(batch.target[:, None] == batch.wrong, -1e9)
    return F.cross_entropy(torch.cat([right[:, None], others], 1), torch.zeros(len(h), dtype=torch.long))


def main(name, given):
    if name not in NETWORKS or given["loss"] not in ("ce", "bce", "bpr", "sampled-softmax") or given["dropout"] > 0:
        return f"absent: it has no twin of {name} with the loss {given['loss']} and the dropout {given['dropout']}"
    if "OMP_NUM_THREADS" in os.environ:
        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(0)
    if "featureFile" in given:
        with open(given["featureFile"]) as file:
            given["itemFeatures"] = json.load(file)
    model = NETWORKS[name](given)
    for table in (module for module in model.modules() if isinstance(module, torch.nn.Embedding)):
        torch.nn.init.normal_(table.weight, std=0.02)
    batch = Batch(given, everywhere=given["targets"] == given["batch"] * given["length"])
    adam, times = torch.optim.Adam(model.parameters(), 1e-3), []
    for i in range(-2, given["steps"]):
        started = time.perf_counter()
        adam.zero_grad()
        loss = loss_of(model, given["loss"], batch)
        loss.backward()
        adam.step()
        loss.item()
        if i >= 0:
            times.append((time.perf_counter() - started) * 1000)
    trained = sum(parameter.numel() for parameter in model.parameters())
    figures = (torch.__version__, torch.get_num_threads(), trained, statistics.median(times))
    return "torch %s threads %d: %d parameters, %.1f ms a step" % figures


print(main(sys.argv[1], json.loads(sys.argv[2])))
