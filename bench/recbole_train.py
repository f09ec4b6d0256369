"""One method of RecBole, trained and tested on an export of ours, all items ranked, those of the history too.

python recbole_train.py EXPORT METHOD JSON   prints JSON, one object a line: one for each validated epoch, {"epoch", "metric", "seconds"}, and
at last {"result"}. JSON holds "threads", "limit" and "config", options of RecBole that stand above those of the export and its own defaults. No epoch begins that
would end after the limit. Seconds are those of the processor, over all threads: other work on the machine does not count. EXPORT is a folder of
`deno task export --to recbole`.

The result has, beside the metrics, what shows that the two sides are asked the same: the items that are ranked, and of each part of the split
the number of positives and a digest of them (`recbole_positives.ts` makes the same of a dataset). RecBole ranks the history's items for
sequential methods; for others it leaves them out, which is undone here.
"""
import hashlib
import json
import os
import sys
import tempfile
import time

import torch

# RecBole 1.2.1 loads objects of its own with torch.load, which newer versions of torch forbid unless told.
_load = torch.load
torch.load = lambda *args, **kwargs: _load(*args, **{**kwargs, "weights_only": False})
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.utils import ModelType, get_model, get_trainer, init_seed

export, method, given = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
sys.argv = sys.argv[:1]  # RecBole parses sys.argv itself
torch.set_num_threads(given["threads"])


class OutOfTime(Exception):
    pass


def say(**line):
    print(json.dumps(line), flush=True)


def digest(dataset, part):
    """Of `user TAB history TAB item` in original ids, sorted by UTF-16 code units; methods that know no order have no histories."""
    token, fields = dataset.field2id_token, part.inter_feat
    users, items = token["user_id"][fields["user_id"].numpy()], token["item_id"][fields["item_id"].numpy()]
    histories = [""] * len(users)
    if "item_id_list" in fields:
        rows = zip(fields["item_id_list"].numpy(), fields["item_length"].numpy())
        histories = [" ".join(token["item_id"][row[:length]]) for row, length in rows]
    lines = ["\t".join(line) for line in zip(users, histories, items)]
    lines.sort(key=lambda line: line.encode("utf-16-be"))
    return {"positives": len(lines), "digest": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def keep_seen(loader):
    """Leaves nothing out of the ranking: the history's items count, as for sequential methods."""
    none = torch.zeros(0, dtype=torch.int64)
    for user in loader.uid_list.tolist():
        loader.uid2history_item[user] = none


def read(sequential, folder):
    os.chdir(export)  # the YAML's paths are relative to it
    config = Config(
        model=method,
        # Written-out histories mean nothing to a method that knows no order, and leave out each user's first item.
        config_file_list=["presplit.yaml" if sequential else "atomic.yaml"],
        config_dict={
            "use_gpu": False,
            "state": "ERROR",
            "show_progress": False,
            "checkpoint_dir": folder,
            "metrics": ["Hit", "NDCG", "MRR"],
            "topk": [10],
            "valid_metric": "NDCG@10",
            "metric_decimal_place": 6,
            **given["config"],
            "eval_args": {"split": {"LS": "valid_and_test"}, "group_by": "user", "order": "TO", "mode": "full"},
        },
    )
    init_seed(config["seed"], config["reproducibility"])
    dataset = create_dataset(config)
    return config, dataset, data_preparation(config, dataset)


def main(folder):
    sequential = get_model(method).type == ModelType.SEQUENTIAL
    config, dataset, loaders = read(sequential, folder)
    train, valid, test = loaders
    if not sequential:
        keep_seen(valid)
        keep_seen(test)
    parts = dict(zip(("train", "validation", "test"), (digest(dataset, loader._dataset) for loader in loaders)))
    init_seed(config["seed"], config["reproducibility"])
    model = get_model(method)(config, train._dataset).to(config["device"])
    trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, model)
    # Importing RecBole's methods leaves this on, which costs two fifths of a training step and changes nothing else.
    torch.autograd.set_detect_anomaly(False)
    epochs, started = [], time.process_time()

    def validated(epoch, metric):
        now = time.process_time() - started
        took = now - (epochs[-1]["seconds"] if epochs else 0)
        epochs.append({"epoch": epoch + 1, "metric": float(metric), "seconds": now})
        say(**epochs[-1])
        if now + took > given["limit"]:
            raise OutOfTime

    try:
        trainer.fit(train, valid, saved=True, show_progress=False, verbose=False, callback_fn=validated)
        ended = "all epochs" if len(epochs) == trainer.epochs else "early stopping"
    except OutOfTime:
        ended = "time"
    seconds = time.process_time() - started
    best = max(reversed(epochs), key=lambda epoch: epoch["metric"])  # of equal ones RecBole keeps the last
    metrics = trainer.evaluate(test, load_best_model=True, show_progress=False)
    _, scores, *_ = trainer._full_sort_batch_eval(next(iter(test)))
    ranked = torch.isfinite(scores).sum(dim=1)
    say(result={
        "metrics": {"HR@10": float(metrics["hit@10"]), "NDCG@10": float(metrics["ndcg@10"]), "MRR@10": float(metrics["mrr@10"])},
        "validation": best["metric"],
        "epochs": len(epochs),
        "bestEpoch": best["epoch"],
        "ended": ended,
        "seconds": seconds,
        "parameters": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "ranked": [int(ranked.min()), int(ranked.max())],
        "parts": parts,
    })


with tempfile.TemporaryDirectory() as folder:
    main(folder)
