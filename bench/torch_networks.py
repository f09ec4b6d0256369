"""The networks of `deno task bench step --method NAME` in PyTorch eager: the layers of model/methods/, batch first, without dropout.

`encode` gives the vectors of the places asked for, [n, E]; `vectors` those of some items, or of all from 1 on, as scores are made of them.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Network(nn.Module):
    """Items' vectors that go in, those that scores come out of (the same if `tied`), and numbers that are added to scores."""

    def __init__(self, given, tied=True, item_bias=False, more_rows=0):
        super().__init__()
        self.given, self.dim, self.last_item = given, given["dim"], given["items"]
        self.items = nn.Embedding(given["items"] + 1 + more_rows, given["dim"], padding_idx=0)
        self.outputs = None if tied else nn.Embedding(given["items"] + 1, given["dim"], padding_idx=0)
        self.bias = nn.Embedding(given["items"] + 1, 1, padding_idx=0) if item_bias else None

    def vectors(self, ids=None):
        """[ids, D], or [items, D] of all."""
        table = self.items if self.outputs is None else self.outputs
        return table.weight[1 : self.last_item + 1] if ids is None else table(ids)

    def biases(self, ids=None):
        if self.bias is None:
            return None
        return (self.bias.weight[1:] if ids is None else self.bias(ids)).squeeze(-1)


class Attention(nn.Module):
    """Attention of several heads, with nothing that joins them."""

    def __init__(self, dim, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.q, self.k, self.v = (nn.Linear(dim, dim, bias=False) for _ in range(3))

    def forward(self, queries, x):
        B, T, D = x.shape
        apart = lambda y: y.view(B, T, self.heads, D // self.heads).transpose(1, 2)
        q, k, v = apart(self.q(queries)), apart(self.k(x)), apart(self.v(x))
        return F.scaled_dot_product_attention(q, k, v, is_causal=self.causal).transpose(1, 2).reshape(B, T, D)


def feed_forward(dim, hidden, activation):
    return nn.Sequential(nn.Linear(dim, hidden), activation, nn.Linear(hidden, dim))


class SasrecBlock(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm, self.attention = nn.LayerNorm(dim), Attention(dim, heads, causal=True)
        self.feed_norm, self.feed = nn.LayerNorm(dim), feed_forward(dim, dim, nn.ReLU())

    def forward(self, x):
        x = x + self.attention(self.norm(x), x)
        return x + self.feed(self.feed_norm(x))


class Sasrec(Network):
    def __init__(self, given):
        super().__init__(given)
        self.places = nn.Embedding(given["length"], self.dim)
        self.blocks = nn.Sequential(*[SasrecBlock(self.dim, given["heads"]) for _ in range(given["layers"])])
        self.norm = nn.LayerNorm(self.dim)

    def encode(self, batch):
        return self.norm(self.blocks(self.items(batch.seq) * self.dim**0.5 + self.places.weight)).flatten(0, 1)


class Block(nn.Module):
    """Normalises behind each residual. Behind the attention only the places asked for count."""

    def __init__(self, dim, heads, causal, activation):
        super().__init__()
        self.attention, self.join = Attention(dim, heads, causal), nn.Linear(dim, dim, bias=False)
        self.feed, self.norms = feed_forward(dim, 4 * dim, activation), nn.ModuleList(nn.LayerNorm(dim) for _ in range(2))

    def forward(self, x, at=None):
        attended = self.attention(x, x)
        if at is not None:
            x, attended = x.flatten(0, 1)[at], attended.flatten(0, 1)[at]
        x = self.norms[0](x + self.join(attended))
        return self.norms[1](x + self.feed(x))


class Stack(nn.Module):
    """Blocks over vectors with their positions."""

    def __init__(self, given, causal, activation):
        super().__init__()
        self.places = nn.Embedding(given["length"], given["dim"])
        self.blocks = nn.ModuleList(
            Block(given["dim"], given["heads"], causal, activation) for _ in range(given["layers"])
        )

    def forward(self, x, at=None):
        x = x + self.places.weight
        for block in self.blocks[:-1]:
            x = block(x)
        return self.blocks[-1](x, at)


class Bert4rec(Network):
    def __init__(self, given):
        super().__init__(given, item_bias=True, more_rows=1)  # the last row is that of a hidden item
        self.stack, self.out = Stack(given, causal=False, activation=nn.GELU()), nn.Linear(self.dim, self.dim)

    def encode(self, batch):
        seq = batch.seq.flatten().index_fill(0, batch.at, self.last_item + 1).view_as(batch.seq)
        return F.gelu(self.out(self.stack(self.items(seq), batch.at)))


class Gru4rec(Network):
    def __init__(self, given):
        super().__init__(given, given["tied"], given["itemBias"])
        self.gru = nn.GRU(self.dim, given["hidden"], given["layers"], batch_first=True)
        self.out = nn.Linear(given["hidden"], self.dim)

    def encode(self, batch):
        return self.out(self.gru(self.items(batch.seq))[0]).flatten(0, 1)


class LstmLstm(Network):
    def __init__(self, given):
        super().__init__(given)
        hidden, layers = given["hidden"], given["layers"]
        self.long, self.short = (nn.LSTM(self.dim, hidden, layers, batch_first=True) for _ in range(2))
        self.norm, self.out = nn.LayerNorm(2 * hidden, elementwise_affine=False), nn.Linear(2 * hidden, self.dim)

    def encode(self, batch):
        x, k = self.items(batch.seq), self.given["short"]
        # The newest k up to each place; in front of the first ones zeros, which a step each costs as much as items.
        near = F.pad(x, (0, 0, k - 1, 0)).unfold(1, k, 1).transpose(2, 3).reshape(-1, k, self.dim)
        short = self.short(near)[0][:, -1]
        return self.out(self.norm(torch.cat([short, self.long(x)[0].flatten(0, 1)], -1)))


class Convolution(nn.Module):
    """ReLU(LayerNorm(ψ(x))) of [B, T, D], ψ causal."""

    def __init__(self, dim, taps, dilation):
        super().__init__()
        self.before = (taps - 1) * dilation
        self.inner, self.norm = nn.Conv1d(dim, dim, taps, dilation=dilation), nn.LayerNorm(dim)

    def forward(self, x):
        return F.relu(self.norm(self.inner(F.pad(x.transpose(1, 2), (self.before, 0))).transpose(1, 2)))


class Nextitnet(Network):
    def __init__(self, given):
        super().__init__(given, given["tied"], given["itemBias"])
        dilations = [4 ** (i % given["period"]) for i in range(given["layers"])]
        make = lambda dilation: Convolution(self.dim, given["kernel"], dilation)
        self.blocks = nn.ModuleList(nn.Sequential(make(dilation), make(2 * dilation)) for dilation in dilations)

    def encode(self, batch):
        x = self.items(batch.seq)
        for block in self.blocks:
            x = x + block(x)
        return x.flatten(0, 1)


class Fpmc(Network):
    """`items` are those of the last item; next ones have a vector for the user and one for the last item."""

    def __init__(self, given):
        super().__init__(given)
        self.users = nn.Embedding(given["users"] + 1, self.dim, padding_idx=0)
        self.next = nn.ModuleList(nn.Embedding(given["items"] + 1, self.dim, padding_idx=0) for _ in range(2))

    def vectors(self, ids=None):
        return torch.cat([table.weight[1:] if ids is None else table(ids) for table in self.next], -1)

    def encode(self, batch):
        users = self.users(batch.users)[:, None].expand(-1, batch.seq.shape[1], -1)
        return torch.cat([users, self.items(batch.seq)], -1).flatten(0, 1)


class Features(nn.Module):
    """The vectors of each place's features, [B, T, F, D]; made once for each different item, as are ours."""

    def __init__(self, given):
        super().__init__()
        self.tables = nn.ModuleList(
            nn.Embedding(feature["values"] + 1, given["dim"]) for feature in given["itemFeatures"]
        )
        self.codes = [torch.tensor(feature["codes"]) for feature in given["itemFeatures"]]

    def forward(self, batch):
        """[different items, F, D]"""
        return torch.stack([table(codes[batch.seen]) for table, codes in zip(self.tables, self.codes)], 1)


class Fdsa(Network):
    def __init__(self, given):
        super().__init__(given)
        self.features, several = Features(given), len(given["itemFeatures"]) > 1
        self.weigh = nn.Linear(self.dim, self.dim) if several else None
        self.stacks = nn.ModuleList(Stack(given, causal=True, activation=nn.ReLU()) for _ in range(2))
        self.out = nn.Linear(2 * self.dim, self.dim)

    def encode(self, batch):
        vectors = self.features(batch)
        joined = vectors[:, 0] if self.weigh is None else (self.weigh(vectors).softmax(1) * vectors).sum(1)
        inputs = self.items(batch.seq), F.embedding(batch.place, joined)
        return self.out(torch.cat([stack(x) for stack, x in zip(self.stacks, inputs)], -1)).flatten(0, 1)


class Gru4recPlus(Network):
    def __init__(self, given):
        super().__init__(given)
        self.features, hidden = Features(given), given["hidden"]
        widths = self.dim, self.dim * len(given["itemFeatures"])
        self.grus = nn.ModuleList(nn.GRU(width, hidden, given["layers"], batch_first=True) for width in widths)
        self.out = nn.Linear(2 * hidden, self.dim)

    def encode(self, batch):
        inputs = self.items(batch.seq), F.embedding(batch.place, self.features(batch).flatten(1))
        return self.out(torch.cat([gru(x)[0] for gru, x in zip(self.grus, inputs)], -1)).flatten(0, 1)


NETWORKS = {
    "bert4rec": Bert4rec,
    "fdsa": Fdsa,
    "fpmc": Fpmc,
    "gru4rec": Gru4rec,
    "gru4rec-plus": Gru4recPlus,
    "lstm-lstm": LstmLstm,
    "nextitnet": Nextitnet,
    "sasrec": Sasrec,
}
