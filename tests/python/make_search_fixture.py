"""Writes what bench/torch_search.py makes of a small network: losses and the gradients of alpha, of the first and of the second order.

python tests/python/make_search_fixture.py   rewrites tests/model/search/fixtures/torch.json

In double precision, the second order differentiated exactly through the virtual step of the weights.
"""
import json
import pathlib
import sys

import torch

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import torch_search as search  # noqa: E402

FILE = ROOT / "tests/model/search/fixtures/torch.json"
ITEMS, DIM, HIDDEN, LAYERS, LENGTH, CANDIDATES = 7, 4, 3, 2, 6, [1, 2, 5]
ALPHA, XI, SCALE = [0.4, -0.3, 0.1], 0.05, 1.3
# Of each user the second last item is the validation target, and the last is not used. Enough of them that single precision averages out.
random = torch.Generator().manual_seed(5)
SEQUENCES = [torch.randint(1, ITEMS + 1, [4 + user % 9], generator=random).tolist() for user in range(40)]


def rounded(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(3)
    shapes = search.network_shapes(ITEMS, DIM, HIDDEN, LAYERS, LAYERS, LENGTH, CANDIDATES)
    # Numbers of few digits, the same in every format.
    weights = {name: ((torch.randn(shape) * 0.5 * 1000).round() / 1000).requires_grad_() for name, shape in shapes.items()}
    with torch.no_grad():
        weights["items.embedding"][0] = 0
    train, validation = search.examples(SEQUENCES, LENGTH)
    alpha = torch.tensor(ALPHA, requires_grad=True)

    def loss(batch):
        return lambda weights, alpha, scale: search.loss_of(
            weights, alpha.softmax(0), *batch, CANDIDATES, normalise=True, scale=scale
        )

    log_scale = torch.tensor(SCALE).log().requires_grad_()
    # "ahead" is the first order at the weights that the virtual step leads to: the second without how these follow alpha.
    slopes = torch.autograd.grad(loss(train)(weights, alpha, 1.0), list(weights.values()))
    stepped = {name: weight - XI * slope for (name, weight), slope in zip(weights.items(), slopes)}
    orders = {}
    for order, at, xi in (("first", weights, 0), ("ahead", stepped, 0), ("second", weights, XI)):
        value, gradient, of_scale = search.alpha_gradient(at, alpha, log_scale, loss(train), loss(validation), xi)
        orders[order] = {
            "validationLoss": float(f"{value.item():.9g}"),
            "alpha": rounded(gradient),
            "logScale": float(f"{of_scale.item():.7g}"),
        }
    fixture = {
        "network": {
            "length": LENGTH,
            "dim": DIM,
            "layers": LAYERS,
            "longLayers": LAYERS,
            "sequenceHidden": HIDDEN,
            "channelHidden": HIDDEN,
            "lengths": CANDIDATES,
        },
        "sequences": SEQUENCES,
        "alpha": ALPHA,
        "xi": XI,
        "scale": SCALE,
        "trainLoss": float(f"{loss(train)(weights, alpha, 1.0).item():.9g}"),
        **orders,
        "weights": {name: rounded(weight) for name, weight in weights.items()},
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(fixture) + "\n")


main()
