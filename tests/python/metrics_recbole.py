"""Metrics of RecBole's own evaluator for scores that the test wrote down.

Reads JSON: `items` (number of items), `topk` (cut-offs), `targets` [n], `negatives` [n][c] with `sampled` [n][1 + c],
the scores of the target and of its negatives, `full` [n][items + 1], the scores of all items, and `counts`
[items + 1], how often each item occurs in training. Prints the metrics of both rankings.
"""
import json
import sys

import numpy

numpy.float = float  # RecBole 1.x uses aliases that newer NumPy no longer has
numpy.bool = bool
numpy.int = int

import torch
from recbole.evaluator import Collector, Evaluator


def evaluate(scores, targets, data, metrics):
    config = {
        "metrics": metrics,
        "topk": data["topk"],
        "metric_decimal_place": 12,
        "device": "cpu",
        "eval_args": {"mode": "full"},
    }
    collector = Collector(config)
    collector.data_struct.set("data.count_items", dict(enumerate(data["counts"])))
    collector.data_struct.set("data.num_items", data["items"])
    rows = torch.arange(len(targets))
    collector.eval_batch_collect(scores, None, rows, targets)
    # Its get_data_struct() would call .cpu() on these plain facts too.
    return {name: float(value) for name, value in Evaluator(config).evaluate(collector.data_struct).items()}


data = json.load(open(sys.argv[1]))
targets = torch.tensor(data["targets"])
n = len(targets)
ranking = ["Hit", "NDCG", "MRR"]

# As Trainer._neg_sample_batch_eval does: what is no candidate has the score -inf, and duplicates collapse.
candidates = torch.cat([targets[:, None], torch.tensor(data["negatives"])], dim=1)
sampled = torch.full((n, data["items"] + 1), -numpy.inf)
sampled[torch.arange(n)[:, None], candidates] = torch.tensor(data["sampled"])

# As Trainer._full_sort_batch_eval does.
full = torch.tensor(data["full"])
full[:, 0] = -numpy.inf

print(json.dumps({
    "recbole": evaluate(sampled, targets, data, ranking),
    "full": evaluate(full, targets, data, ranking + ["ItemCoverage", "AveragePopularity"]),
}))
