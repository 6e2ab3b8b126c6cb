"""What fastai computes with its own networks and optimizers, for the tests to compare with.

    pip install fastai torch numpy
    python goldens.py names      > src/test/resources/goldens/M_networks/names.json
    python goldens.py networks   > src/test/resources/goldens/M_networks/networks.json
    python goldens.py optimizers > src/test/resources/goldens/N_optimizers/optimizers.json
    python goldens.py schedules  > src/test/resources/goldens/N_optimizers/flat_cosine.json

Weights, pictures and gradients come from formulas that the tests have too (Goldens.java and
FormulaNetworks.java), so that only results lie here: of each array its length as a vector and its
product with a pseudo-random one, which any transposition changes. All in double precision.
"""

import hashlib
import json
import math
import sys
from functools import partial

import numpy as np
import torch
from fastai.layers import MaxPool
from fastai.optimizer import Adam, Lookahead, Optimizer, ranger, weight_decay
from fastai.vision.models import xresnet
from torch import nn
from torch.nn import functional as F

ACTIVATIONS = {
    "relu": nn.ReLU,
    "mish": nn.Mish,
    "silu": nn.SiLU,
    "hardswish": nn.Hardswish,
    "gelu": nn.GELU,
}

NETWORKS = [  # architecture, activation, pooling, self-attention, pictures, size
    ("xresnet18", "mish", "maxblur", False, 4, 64),
    ("xresnet18", "hardswish", "max", False, 4, 64),
    ("xresnet50", "silu", "max", True, 4, 64),
    ("xresnet18_deep", "gelu", "max", True, 4, 64),
    ("xse_resnet18", "silu", "max", False, 4, 64),
    ("xresnext18", "gelu", "max", False, 4, 64),
    ("xse_resnext18_deeper", "mish", "max", True, 4, 64),
    ("xse_resnext50", "mish", "maxblur", True, 4, 64),
    ("spine2", "silu", "max", False, 4, 64),
    ("spine", "mish", "maxblur", False, 4, 64),
]


def random(seed, tensor, count, first=0):
    """Pseudo-random numbers in [-1, 1) of (seed, tensor, index), exact in float."""
    with np.errstate(over="ignore"):
        z = np.arange(first, first + count, dtype=np.uint64)
        z |= np.uint64((seed << 48 | tensor << 32) & (2**64 - 1))
        z += np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.int64) - 8388608) / 8388608.0


class MaxBlurPool(nn.Module):
    """The leaderboard's: the largest of 3x3, 5x5 binomial weights over reflected edges, half the size."""

    def forward(self, x):
        x = F.max_pool2d(x, 3, 1, 1)
        row = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 16
        kernel = (row[:, None] * row).expand(x.shape[1], 1, 5, 5)
        blurred = F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), kernel, groups=x.shape[1])
        size = (x.shape[2] // 2, x.shape[3] // 2)
        return F.interpolate(blurred, size=size, mode="bilinear", align_corners=False)


def replaced(module):
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, MaxBlurPool())
        else:
            replaced(child)
    return module


def spine(multiplier, activation, pooling):
    """Ours, not fastai's: a channel's own filters are a grouped convolution here."""

    def layer(ni, nf, stride=1, groups=1):
        conv = nn.Conv2d(ni, nf, 3, stride, 1, groups=groups, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(nf), ACTIVATIONS[activation]())

    def pool():
        return nn.MaxPool2d(3, 2, 1) if pooling == "max" else MaxBlurPool()

    widths = [32, 64, 128, 256, 512]
    stages = [
        nn.Sequential(layer(ni, multiplier * ni, groups=ni), layer(multiplier * ni, nf), pool())
        for ni, nf in zip(widths, widths[1:])
    ]

    class Head(nn.Linear):
        def forward(self, x):
            return super().forward(x.mean((2, 3)))

    return nn.Sequential(layer(3, widths[0], stride=2), *stages, Head(widths[-1], 10))


def network(architecture, activation="relu", pooling="max", attention=False, n_out=10):
    if architecture.startswith("spine"):
        return spine(2 if architecture == "spine2" else 4, activation, pooling)
    choices = {"n_out": n_out, "sa": attention}
    if activation != "relu":
        choices["act_cls"] = ACTIVATIONS[activation]
    if pooling == "max":
        return getattr(xresnet, architecture)(**choices)
    return replaced(getattr(xresnet, architecture)(pool=MaxPool, **choices))


def fill(model):
    """Weights whose norms are no identities, by formula; returns the state's names in order."""
    state = model.state_dict()
    zero = {
        name + ".weight"
        for name, module in model.named_modules()
        if isinstance(module, nn.BatchNorm2d) and not module.weight.any()
    }
    norms = {
        name for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)
    }
    filled = {}
    for t, (name, value) in enumerate(state.items()):
        parent, leaf = name.rsplit(".", 1)
        if leaf == "num_batches_tracked":
            continue
        r = random(1, t, value.numel())
        if name in zero:
            numbers = 0.2 + 0.1 * r
        elif leaf == "weight" and parent in norms:
            numbers = 0.5 + 0.25 * r
        elif leaf == "running_var":
            numbers = 1 + 0.5 * r
        elif leaf in ("bias", "running_mean"):
            numbers = 0.1 * r
        elif leaf == "gamma":
            numbers = 0.05 + 0 * r
        elif leaf in ("weight_u", "weight_v"):
            numbers = r
        else:
            numbers = math.sqrt(6 * len(value) / value.numel()) * r
        filled[name] = numbers.astype(np.float32).astype(np.float64).reshape(value.shape)
    for name in filled:
        if name.endswith("weight_u"):
            prefix = name[: -len("u")]
            u, v = singular(filled[prefix + "orig"][:, :, 0], filled[name])
            filled[name], filled[prefix + "v"] = u, v
    for name, numbers in filled.items():
        state[name].copy_(torch.from_numpy(numbers))
    return list(state)


def singular(matrix, u):
    for _ in range(3):
        v = matrix.T @ u
        v /= np.linalg.norm(v)
        u = matrix @ v
        u /= np.linalg.norm(u)
    return u.astype(np.float32), v.astype(np.float32)


def pictures(t, count, size):
    fine = random(2, t, count * 3 * size * size).reshape(count * 3, size, size)
    coarse = random(2, t + 1000, count * 3 * 64).reshape(count * 3, 8, 8)
    cell = np.arange(size) * 8 // size
    whole = 0.6 * fine + 0.4 * coarse[:, cell][:, :, cell]
    return torch.from_numpy(whole.astype(np.float32).astype(np.float64).reshape(count, 3, size, size))


def told(values, t):
    flat = values.detach().double().flatten().numpy()
    return [short(np.linalg.norm(flat)), short(flat @ random(9, t, flat.size))]


def short(number):
    return float(f"{number:.10g}")


def rows(values):
    return [[short(number) for number in row] for row in values.detach().tolist()]


def passes(architecture, activation, pooling, attention, count, size):
    model = network(architecture, activation, pooling, attention).double()
    names = fill(model)
    x = pictures(1, count, size)
    y = torch.tensor([(7 * i + 6) % 10 for i in range(count)])
    with torch.no_grad():
        evaluated = model.eval()(x)
    trained = model.train()(x)
    loss = F.cross_entropy(trained, y)
    loss.backward()
    parameters = dict(model.named_parameters())
    state = model.state_dict()
    return {
        "architecture": architecture,
        "activation": activation,
        "pooling": pooling,
        "selfAttention": attention,
        "pictures": count,
        "size": size,
        "evaluated": rows(evaluated),
        "trained": rows(trained),
        "loss": short(loss.item()),
        "gradients": {n: told(parameters[n].grad, t) for t, n in enumerate(names) if n in parameters},
        "statistics": {
            n: told(state[n], t)
            for t, n in enumerate(names)
            if n not in parameters and not n.endswith("num_batches_tracked")
        },
    }


def names():
    """Of every network that fastai has: how many entries and parameters, and which names and shapes."""
    told = {}
    for name in sorted(n for n in xresnet.__all__ if n.startswith("x") and n != "xsenet154"):
        for attention in (False, True):
            with torch.device("meta"):
                model = network(name, attention=attention)
            state = model.state_dict()
            lines = "".join(f"{n} {list(v.shape)}\n" for n, v in state.items())
            told[name + (" self-attention" if attention else "")] = {
                "entries": len(state),
                "parameters": sum(p.numel() for p in model.parameters()),
                "sha256": hashlib.sha256(lines.encode()).hexdigest(),
            }
    return told


class Nesterov(torch.optim.SGD):
    """PyTorch's, with the decay that fastai decouples, under fastai's words."""

    def __init__(self, params, lr):
        super().__init__([{"params": [p]} for p in params], lr=lr, momentum=0.9, nesterov=True)
        self.do_wd = [True, False]

    def set_hyper(self, name, value):
        for group in self.param_groups:
            group[{"lr": "lr", "mom": "momentum"}[name]] = value

    def step(self):
        with torch.no_grad():
            for decays, group in zip(self.do_wd, self.param_groups):
                for p in group["params"] if decays else []:
                    p.mul_(1 - group["lr"] * 0.01)
        super().step()


class Ralamb(Optimizer):
    """RAdam with RangerLars's trust ratio, after mgrankin's over9000."""

    def __init__(self, params, lr):
        super().__init__(params, [weight_decay, self.move], lr=lr, wd=0.01, mom=0.9)

    @staticmethod
    def move(p, lr, mom, step=0, m=0, v=0, **_):
        step, g, sqr = step + 1, p.grad, 0.99
        m = mom * m + (1 - mom) * g
        v = sqr * v + (1 - sqr) * g * g
        d1, d2 = 1 - mom**step, 1 - sqr**step
        most = 2 / (1 - sqr) - 1
        r = most - 2 * step * sqr**step / d2
        if r > 5:
            share = math.sqrt(d2 * (r - 4) / (most - 4) * (r - 2) / r * most / (most - 2))
            move = lr * share / d1 * m / (v.sqrt() + 1e-6)
        else:
            move = lr / d1 * m
        length, moved = p.data.norm().clamp(0, 10), (p.data - move).norm()
        trust = 1 if length == 0 or moved == 0 else length / moved
        p.data.sub_(trust * move)
        return {"step": step, "m": m, "v": v}


STEPS = 12
OPTIMIZERS = {
    "adamw": partial(Adam, eps=1e-5, wd=0.01),
    "lookahead": lambda p, lr: Lookahead(Adam(p, lr=lr, eps=1e-5, wd=0.01)),
    "ranger": ranger,
    "rangerlars": lambda p, lr: Lookahead(Ralamb(p, lr=lr)),
    "sgd": Nesterov,
}


def optimizers():
    """Two vectors, of which one decays, through twelve steps of each optimizer."""
    told = {}
    for kind, make in OPTIMIZERS.items():
        decayed = nn.Parameter(torch.from_numpy(random(3, 0, 7)))
        plain = nn.Parameter(torch.from_numpy(random(3, 1, 5)))
        optimizer = make([decayed, plain], lr=1e-3)
        inner = getattr(optimizer, "opt", optimizer)
        if kind != "sgd":
            inner.state[plain]["do_wd"] = False
        after = []
        for step in range(STEPS):
            decayed.grad = torch.from_numpy(random(4, step, 7))
            plain.grad = torch.from_numpy(random(5, step, 5))
            inner.set_hyper("lr", rate(step))
            inner.set_hyper("mom", momentum(step))
            optimizer.step()
            after.append([rows(decayed[None])[0], rows(plain[None])[0]])
        told[kind] = after
    return told


def rate(step):
    return 0.01 * (1 + step % 4)


def momentum(step):
    return 0.95 - 0.01 * (step % 3)


def schedules():
    """The rates of fit_flat_cos over four epochs of ten batches."""
    from fastai.callback.schedule import combined_cos

    schedule = combined_cos(0.75, 8e-3, 8e-3, 8e-3 / 1e5)
    return [schedule(step / 40) for step in range(40)]


if __name__ == "__main__":
    subjects = {
        "names": names,
        "networks": lambda: [passes(*row) for row in NETWORKS],
        "optimizers": optimizers,
        "schedules": schedules,
    }
    if len(sys.argv) != 2 or sys.argv[1] not in subjects:
        sys.exit(__doc__)
    json.dump(subjects[sys.argv[1]](), sys.stdout, indent=None, separators=(",", ":"))
    print()
