"""The paper's search for the short-term length in plain PyTorch: a second implementation to hold ours against.

python bench/torch_search.py FILE [options]   prints a line of JSON with softmax(alpha), the selected length and the losses; --help lists the options.
FILE has a line `user item` for each interaction, ids from 1, by user and oldest first, as `deno task export --dataset DIR --to sasrec` writes it.

Source: AutoMLP (WWW 2023). As the paper has it, unless an option asks for what ours adds: x^s = sum_m softmax(alpha)_m x^{s,k_m}; in turn one step of
alpha on a validation batch and one of the weights on a training batch, both by Adam. Order 2 differentiates through the virtual step
W' = W - xi grad L_train(W, alpha) exactly, by autograd, and not by a finite difference as DARTS and ours do.
"""
import argparse
import json
import math

import torch
import torch.nn.functional as F

EPSILON = 1e-5  # of LayerNorm


def layer_shapes(name, length, layers, dim, hidden):
    """Parameters of a module: name -> shape. Its last layer gives the newest position only."""
    shapes = {}
    for i in range(layers):
        outputs = 1 if i == layers - 1 else length
        for mixer, parts in {
            "sequence": {"gain": [dim], "bias": [dim], "w1": [hidden, length], "b1": [hidden], "w2": [outputs, hidden], "b2": [outputs]},
            "channel": {"w3": [hidden, dim], "b3": [hidden], "w4": [dim, hidden], "b4": [dim]},
        }.items():
            shapes |= {f"{name}.{i}.{mixer}.{part}": shape for part, shape in parts.items()}
    return shapes


def network_shapes(items, dim, hidden, layers, long_layers, length, candidates):
    """All parameters: name -> shape."""
    return (
        {"items.embedding": [items + 1, dim]}
        | layer_shapes("long", length, long_layers, dim, hidden)
        | {name: shape for k in candidates for name, shape in layer_shapes(f"short.{k}", k, layers, dim, hidden).items()}
        | {"output.wo": [dim, dim * (2 if long_layers else 1)], "output.bo": [dim]}
    )


def initial(shapes, length, candidates):
    """Glorot's normal numbers for matrices, 0.02 for the item table, one for gains, zero for biases and the padding."""
    weights = {}
    for name, shape in shapes.items():
        if name == "items.embedding":
            value = torch.randn(shape) * 0.02
            value[0] = 0
        elif len(shape) == 2:
            # The last layer's w2 is one row of a square layer's.
            n = int(name.split(".")[1]) if name.startswith("short.") else length
            outputs = n if name.endswith("sequence.w2") else shape[0]
            value = torch.randn(shape) * math.sqrt(2 / (outputs + shape[1]))
        else:
            value = torch.ones(shape) if name.endswith("gain") else torch.zeros(shape)
        weights[name] = value.requires_grad_()
    return weights


def module(weights, name, x):
    """SRSMLP layers over x [B, n, D]; the newest position's output, [B, D]."""
    i = 0
    while f"{name}.{i}.sequence.w1" in weights:
        w = lambda part: weights[f"{name}.{i}.{part}"]
        u = F.layer_norm(x, x.shape[-1:], w("sequence.gain"), w("sequence.bias"), EPSILON).transpose(1, 2)
        mixed = F.linear(F.gelu(F.linear(u, w("sequence.w1"), w("sequence.b1"))), w("sequence.w2"), w("sequence.b2"))
        x = x[:, -mixed.shape[-1]:] + mixed.transpose(1, 2)
        u = F.layer_norm(x, x.shape[-1:], eps=EPSILON)
        x = x + F.linear(F.gelu(F.linear(u, w("channel.w3"), w("channel.b3"))), w("channel.w4"), w("channel.b4"))
        i += 1
    return x[:, -1]


def loss_of(weights, mix, histories, targets, candidates, dropout=0.0, normalise=False, scale=1.0):
    """The mean cross-entropy over all items. `mix` [candidates] is softmax(alpha); histories [B, T] are padded in front by 0."""
    # The padding's row is a constant, not a parameter.
    table = torch.cat([torch.zeros_like(weights["items.embedding"][:1]), weights["items.embedding"][1:]])
    x = F.dropout(table[histories], dropout)
    outputs = [module(weights, f"short.{k}", x[:, -k:]) for k in candidates]
    if normalise:
        outputs = [F.layer_norm(y, y.shape[-1:], eps=EPSILON) for y in outputs]
    joint = torch.einsum("m,mbd->bd", mix, torch.stack(outputs))
    if "long.0.sequence.w1" in weights:
        joint = torch.cat([joint, module(weights, "long", x)], -1)
    h = F.linear(F.dropout(F.layer_norm(joint, joint.shape[-1:], eps=EPSILON), dropout), weights["output.wo"], weights["output.bo"])
    return F.cross_entropy(scale * (h @ table[1:].T), targets - 1)


def alpha_gradient(weights, alpha, log_scale, train, validation, xi):
    """The validation loss, and its gradients of alpha and of the logarithm of the scores' scale. `train` and `validation` are losses as functions
    of weights, alpha and scale. With xi > 0 the loss is that after a step of the weights, which depends on alpha too."""
    if xi > 0:
        names = list(weights)
        steps = torch.autograd.grad(train(weights, alpha, 1.0), [weights[name] for name in names], create_graph=True)
        weights = {name: weights[name] - xi * step for name, step in zip(names, steps)}
    loss = validation(weights, alpha, log_scale.exp())
    return loss.detach(), *torch.autograd.grad(loss, [alpha, log_scale])


def read(file):
    """Sequences of items by user, oldest first."""
    sequences = {}
    for line in open(file):
        user, item = map(int, line.split())
        sequences.setdefault(user, []).append(item)
    return list(sequences.values())


def examples(sequences, length):
    """Targets with the `length` items before them: training and validation, each (histories [N, length], targets [N]). A user's last item is the test's."""
    train, validation = [], []
    for items in sequences:
        padded = [0] * length + items
        found = [(padded[t:t + length], items[t]) for t in range(1, len(items) - 1)]
        train += found[:-1]
        validation.append(found[-1])
    return tuple(tuple(torch.tensor(column) for column in zip(*rows)) for rows in (train, validation))


def batches(examples, size, random):
    """Epoch after epoch, each in an order of its own."""
    while True:
        for rows in torch.randperm(len(examples[1]), generator=random).split(size):
            yield tuple(column[rows] for column in examples)


def search(options):
    torch.manual_seed(options.seed)
    random = torch.Generator().manual_seed(options.seed)
    sequences = read(options.file)
    items = max(map(max, sequences))
    train, validation = examples(sequences, options.length)
    whole = validation
    if options.held_out > 0:
        order = torch.randperm(len(train[1]), generator=random)
        held = round(options.held_out * len(order))
        validation, train = (tuple(column[rows] for column in train) for rows in (order[:held], order[held:]))
    candidates = options.lengths
    weights = initial(
        network_shapes(items, options.dim, options.hidden, options.layers, options.long_layers, options.length, candidates),
        options.length,
        candidates,
    )
    begin = torch.tensor(options.shares).log() if options.shares else torch.zeros(len(candidates))
    alpha, log_scale = begin.requires_grad_(), torch.zeros((), requires_grad=True)
    adam, adam_alpha = torch.optim.Adam(weights.values(), options.rate), torch.optim.Adam([alpha], options.alpha_rate)
    adam_scale = torch.optim.Adam([log_scale], 0.02)
    judging, training = batches(validation, options.batch, random), batches(train, options.batch, random)

    def loss(batch, dropout):
        # The masks of a batch are the same in the virtual and the true step.
        state = torch.get_rng_state()

        def of(weights, alpha, scale):
            torch.set_rng_state(state)
            mix = alpha.softmax(0)
            return loss_of(weights, mix, *batch, candidates, dropout, options.normalise, scale)

        return of

    steps = options.epochs * math.ceil(len(train[1]) / options.batch)
    history = []
    for step in range(steps):
        train_loss, validation_loss = loss(next(training), options.dropout), loss(next(judging), 0.0)
        learns = not options.shares and step >= options.warmup * steps
        if learns or options.scaling:
            xi = options.rate if options.order == 2 and learns else 0
            _, alpha.grad, log_scale.grad = alpha_gradient(weights, alpha, log_scale, train_loss, validation_loss, xi)
        if learns:
            adam_alpha.step()
        if options.scaling:
            adam_scale.step()
        adam.zero_grad()
        train_loss(weights, alpha.detach(), 1.0).backward()
        adam.step()
        torch.rand(1)  # moves on to other masks
        if (step + 1) % max(1, steps // 5) == 0:
            history.append([round(p, 3) for p in alpha.softmax(0).tolist()])

    def judge(mix):
        with torch.no_grad():
            return round(loss_of(weights, mix, *whole, candidates, 0.0, options.normalise).item(), 4)

    p, one = alpha.detach().softmax(0), torch.eye(len(candidates))
    without = lambda m: p * (1 - one[m]) / (1 - p[m])
    return {
        "softmax": [round(share, 3) for share in p.tolist()],
        "selected": candidates[int(p.argmax())],
        "scale": round(log_scale.exp().item(), 3),
        "validation": judge(p),
        "equal": judge(torch.full_like(p, 1 / len(p))),
        "alone": [judge(mix) for mix in one],
        "without": [judge(without(m)) for m in range(len(p))] if len(p) > 1 else [],
        "history": history,
    }


def arguments():
    lengths = lambda text: sorted(map(int, text.split(",")))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("file", help="a line `user item` for each interaction")
    add("--lengths", type=lengths, default=[1, 2, 3, 5, 10], metavar="K,K,…", help="lengths to choose from")
    add("--length", type=int, default=10, help="longest history, T")
    add("--dim", type=int, default=64, help="channels, D")
    add("--hidden", type=int, default=64, help="hidden size of both mixers, R")
    add("--layers", type=int, default=2, help="layers of a short-term module")
    add("--long-layers", type=int, default=0, help="layers of the long-term module; 0 leaves it out")
    add("--dropout", type=float, default=0.2, help="share that a training step sets to zero")
    add("--order", type=int, choices=[1, 2], default=1, help="order of the search")
    add("--epochs", type=int, default=5)
    add("--batch", type=int, default=256, help="targets a step")
    add("--rate", type=float, default=1e-3, help="learning rate of the weights; also xi of the second order")
    add("--alpha-rate", type=float, default=0.01, help="learning rate of alpha")
    add("--normalise", action="store_true", help="normalise the candidates' outputs before they are mixed")
    add("--scaling", action="store_true", help="learn a factor of the validation scores beside alpha")
    add("--held-out", type=float, default=0.0, help="share of the training targets that alpha learns on; 0: the validation positives")
    add("--warmup", type=float, default=0.0, help="share of the steps in which alpha rests")
    add("--shares", type=lambda text: list(map(float, text.split(","))), metavar="P,P,…", help="softmax(alpha) is held at these")
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    options = arguments()
    torch.set_num_threads(options.threads)
    print(json.dumps({**{key: value for key, value in vars(options).items() if key != "file"}, **search(options)}))
