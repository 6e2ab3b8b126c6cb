"""The other side of the checkpoints' contract: xresnet in plain PyTorch, with fastai's names.

    pip install torch safetensors numpy
    python interop.py read  ARCHITECTURE CLASSES WEIGHTS INPUT LOGITS
    python interop.py write ARCHITECTURE CLASSES WEIGHTS INPUT LOGITS

Of architectures other than the plain ones it asks fastai itself, with Mish, blurred pools and attention.
`read` loads WEIGHTS, a safetensors file, strictly; `write` makes them up and saves them. Both then
write the logits for INPUT. INPUT and LOGITS are raw little-endian float32: [4, 3, 64, 64] and
[4, CLASSES]. The service's own test of this is InteropIT.
"""

import struct
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn

DEPTHS = {
    "xresnet18": (1, (2, 2, 2, 2)),
    "xresnet34": (1, (3, 4, 6, 3)),
    "xresnet50": (4, (3, 4, 6, 3)),
    "xresnet101": (4, (3, 4, 23, 3)),
    "xresnet152": (4, (3, 8, 36, 3)),
}


def conv(channels_in, channels_out, kernel, stride=1, active=True):
    layers = [
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
    ]
    return nn.Sequential(*layers, nn.ReLU()) if active else nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, channels_in, width, expansion, stride):
        super().__init__()
        out = width * expansion
        if expansion == 1:
            path = [conv(channels_in, width, 3, stride), conv(width, out, 3, active=False)]
        else:
            path = [
                conv(channels_in, width, 1),
                conv(width, width, 3, stride),
                conv(width, out, 1, active=False),
            ]
        identity = [nn.AvgPool2d(2, ceil_mode=True)] if stride > 1 else []
        if channels_in != out:
            identity.append(conv(channels_in, out, 1, active=False))
        self.convpath = nn.Sequential(*path)
        self.idpath = nn.Sequential(*identity)

    def forward(self, x):
        return torch.relu(self.convpath(x) + self.idpath(x))


def xresnet(architecture, classes):
    if architecture not in DEPTHS:
        from goldens import network

        return network(architecture, "mish", "maxblur", attention=True, n_out=classes)
    expansion, depths = DEPTHS[architecture]
    layers = [conv(3, 32, 3, 2), conv(32, 32, 3), conv(32, 64, 3), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate(depths):
        width = 64 << stage
        blocks = []
        for i in range(depth):
            stride = 2 if stage > 0 and i == 0 else 1
            blocks.append(Block(channels, width, expansion, stride))
            channels = width * expansion
        layers.append(nn.Sequential(*blocks))
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.0), nn.Linear(channels, classes)]
    return nn.Sequential(*layers, *head)


def make_up(network):
    """Weights as after some training: no norm is the identity, no mean 0."""
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight)
        if hasattr(layer, "gamma"):
            nn.init.constant_(layer.gamma, 0.01)
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.4, 0.8)
            nn.init.normal_(layer.bias, 0, 0.1)
            nn.init.normal_(layer.running_mean, 0, 0.1)
            nn.init.uniform_(layer.running_var, 0.5, 1.5)
            layer.num_batches_tracked.fill_(7)


def main(mode, architecture, classes, weights, source, target):
    torch.manual_seed(1)
    network = xresnet(architecture, int(classes))
    if mode == "read":
        network.load_state_dict(load_file(weights), strict=True)
    else:
        make_up(network)
        save_file(network.state_dict(), weights)
    with open(source, "rb") as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    with torch.no_grad():
        logits = network.eval()(pixels.reshape(4, 3, 64, 64)).flatten().tolist()
    with open(target, "wb") as file:
        file.write(struct.pack(f"<{len(logits)}f", *logits))


if __name__ == "__main__":
    if len(sys.argv) != 7 or sys.argv[1] not in ("read", "write"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
