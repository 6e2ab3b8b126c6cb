"""Makes src/test/resources/torchfiles: what PyTorch and fastai write, small.

    pip install torch fastai
    python torch_files.py FOLDER

Every tensor counts up from 0, so that a test knows its numbers.
"""

import sys
from pathlib import Path

import torch
from fastai.vision.all import CrossEntropyLossFlat, DataLoaders, Learner, TensorCategory
from torch import nn


def network():
    made = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())
    return made


def counting(made):
    with torch.no_grad():
        for value in made.state_dict().values():
            value.copy_(torch.arange(value.numel()).reshape(value.shape))
    return made


def learner():
    made = nn.Sequential(network(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    pictures = [(torch.rand(3, 8, 8), TensorCategory(i % 2)) for i in range(4)]
    loaders = DataLoaders.from_dsets(pictures, pictures, bs=2)
    learn = Learner(loaders, made, loss_func=CrossEntropyLossFlat(), path=Path("."))
    with learn.no_logging(), learn.no_bar():
        learn.fit_one_cycle(1, slice(1e-3))
    counting(learn.model)
    return learn


def main(folder):
    to = Path(folder)
    made = counting(network())
    torch.save(made.state_dict(), to / "state_dict.pth")
    torch.save(made.state_dict(), to / "protocol4.pth", pickle_protocol=4)
    torch.save({"epoch": 3, "state_dict": made.state_dict()}, to / "nested.pth")
    torch.save(dict(made.named_parameters()), to / "parameters.pth")
    torch.save(made.state_dict(), to / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(made, to / "module.pth")
    torch.save(made.half().state_dict(), to / "half.pth")
    torch.save(made.to(torch.bfloat16).state_dict(), to / "bfloat16.pth")
    last = made.float().to(memory_format=torch.channels_last)
    torch.save(last.state_dict(), to / "channels_last.pth")
    whole = torch.arange(20.0)
    torch.save({"a": whole[:6].reshape(2, 3), "b": whole[6:10]}, to / "slices.pth")
    torch.save({"a": torch.arange(3.0).expand(4, 3)}, to / "aliased.pth")
    torch.save({"a": torch.arange(12.0).reshape(3, 4)[:, ::2]}, to / "gaps.pth")
    torch.jit.script(made).save(str(to / "script.pt"))
    learn = learner()
    learn.save(to.resolve() / "learner")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
