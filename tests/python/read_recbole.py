"""What RecBole makes of exports: python read_recbole.py FOLDER... prints one JSON object by folder, YAML and model.

{FOLDER: {YAML: {MODEL: {"users": n, "items": n, "train" | "valid" | "test": [[user, [history], target], ...],
"lengths": n, "genres": [...]}}}}; users and items without RecBole's padding, all ids as tokens. Of general.yaml, where it
is there, a target is [user, item], and "hit" is the share of users in the test for whom one of theirs is the most popular.
"""
import json
import os
import sys
import tempfile

import torch

# RecBole 1.2.1 loads objects of its own with torch.load, which newer versions of torch forbid unless told.
_load = torch.load
torch.load = lambda *args, **kwargs: _load(*args, **{**kwargs, "weights_only": False})
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.utils import get_model, get_trainer, init_seed

folders, sys.argv = sys.argv[1:], sys.argv[:1]  # RecBole parses sys.argv itself


def examples(dataset, part):
    """The targets of one part of the split, in file order."""
    features = part.inter_feat
    token = dataset.field2id_token
    return [
        [token["user_id"][user], list(token["item_id"][history[:length]]), token["item_id"][target]]
        for user, history, length, target in zip(
            features["user_id"].numpy(),
            features["item_id_list"].numpy(),
            features["item_length"].numpy(),
            features["item_id"].numpy(),
        )
    ]


def read(yaml, model):
    config = Config(
        model=model,
        config_file_list=[yaml],
        config_dict={"use_gpu": False, "state": "ERROR", "checkpoint_dir": tempfile.gettempdir()},
    )
    init_seed(1, True)
    dataset = create_dataset(config)
    loaders = data_preparation(config, dataset)
    result = {"users": dataset.user_num - 1, "items": dataset.item_num - 1}
    for name, loader in zip(("train", "valid", "test"), loaders):
        result[name] = examples(dataset, loader._dataset)
    next(iter(loaders[0]))
    _, index, *_ = next(iter(loaders[2]))
    result["lengths"] = int((torch.as_tensor(index) == 0).sum())  # rows of the first user: the target and negatives
    if "genres" in dataset.field2type:
        result["genres"] = sorted(str(token) for token in dataset.field2id_token["genres"])
    return result


def read_general(yaml):
    """Pairs of each part, and a general model's figure."""
    config = Config(
        model="Pop",
        config_file_list=[yaml],
        config_dict={
            "use_gpu": False,
            "state": "ERROR",
            "checkpoint_dir": tempfile.gettempdir(),
            "train_batch_size": 1,
            "epochs": 1,
            "eval_args": {"group_by": "user", "order": "TO", "mode": "full"},
            "metrics": ["Hit"],
            "topk": [1],
            "valid_metric": "Hit@1",
            "show_progress": False,
        },
    )
    init_seed(1, True)
    dataset = create_dataset(config)
    loaders = data_preparation(config, dataset)
    token = dataset.field2id_token
    result = {"users": dataset.user_num - 1, "items": dataset.item_num - 1}
    for name, loader in zip(("train", "valid", "test"), loaders):
        features = loader._dataset.inter_feat
        result[name] = [
            [token["user_id"][user], token["item_id"][item]]
            for user, item in zip(features["user_id"].numpy(), features["item_id"].numpy())
        ]
    model = get_model("Pop")(config, loaders[0]._dataset)
    trainer = get_trainer(config["MODEL_TYPE"], "Pop")(config, model)
    trainer.fit(loaders[0], None, saved=False, show_progress=False)
    result["hit"] = trainer.evaluate(loaders[2], load_best_model=False)["hit@1"]
    return result


output = {}
for folder in folders:
    os.chdir(folder)
    output[folder] = {
        yaml: {model: read(yaml, model) for model in ("GRU4Rec", "SASRec")}
        for yaml in ("atomic.yaml", "presplit.yaml")
        if yaml == "presplit.yaml" or not os.path.exists("general.yaml")
    }
    if os.path.exists("general.yaml"):
        output[folder]["general.yaml"] = {"Pop": read_general("general.yaml")}
print(json.dumps(output))
