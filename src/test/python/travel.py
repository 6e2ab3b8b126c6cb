"""Weights that come from timm and fastai, and that go back to them.

    pip install torch safetensors timm fastai
    python travel.py timm   MODEL CLASSES FOLDER     writes weights, input_S and logits_S
    python travel.py fastai MODEL CLASSES FOLDER     the same, its weights by learn.save
    python travel.py export MODEL CLASSES FOLDER     writes weights by learn.export, a whole learner
    python travel.py view   SIZE CROP_SHARE FOLDER   writes view, of picture.png by timm's transform
    python travel.py load   MODEL CLASSES FOLDER     loads weights by fastai and writes answers_S
    python travel.py hub    MODEL CLASSES FOLDER     loads the folder hub by timm and writes hub_S

Weights are made up. Inputs, [2, 3, S, S], and logits, [2, CLASSES], are raw little-endian float32,
for S of 160, 193 and 224; a view is [3, SIZE, SIZE]. The service's own test of this is TravelIT.
"""

import sys
from pathlib import Path

import numpy
import torch
from interop import make_up
from safetensors.torch import load_file, save_file

SIZES = (160, 193, 224)


def write(tensor, file):
    file.write_bytes(tensor.detach().contiguous().numpy().astype("<f4").tobytes())


def answer(network, folder, name):
    network.eval()
    for size in SIZES:
        source = folder / f"input_{size}"
        if not source.exists():
            loudness = torch.tensor([1.0, 4.0]).reshape(2, 1, 1, 1)
            write(loudness * torch.randn(2, 3, size, size), source)
        pixels = torch.from_numpy(numpy.frombuffer(source.read_bytes(), dtype="<f4").copy())
        with torch.no_grad():
            write(network(pixels.reshape(2, 3, size, size)), folder / f"{name}_{size}")


def from_timm(model, classes, folder):
    import timm

    network = timm.create_model(model, num_classes=int(classes))
    make_up(network)
    save_file(network.state_dict(), folder / "weights")
    answer(network, folder, "logits")


def from_fastai(model, classes, folder):
    from fastai.vision.all import CrossEntropyLossFlat, DataLoaders, Learner
    from fastai.vision.models import xresnet

    network = getattr(xresnet, model)(n_out=int(classes))
    make_up(network)
    learn = Learner(DataLoaders([], []), network, loss_func=CrossEntropyLossFlat(), path=folder)
    learn.create_opt()
    learn.save("weights").rename(folder / "weights")
    answer(network, folder, "logits")


def exported(model, classes, folder):
    from fastai.vision.all import ImageDataLoaders, Learner
    from fastai.vision.models import xresnet
    from PIL import Image

    for place in ("train/a", "train/b", "valid/a", "valid/b"):
        (folder / "pictures" / place).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(folder / "pictures" / place / "0.png")
    data = ImageDataLoaders.from_folder(folder / "pictures", bs=1, num_workers=0)
    Learner(data, getattr(xresnet, model)(n_out=int(classes)), path=folder).export("weights")


def view(size, share, folder):
    import timm.data
    from PIL import Image

    transform = timm.data.create_transform(
        (3, int(size), int(size)), crop_pct=float(share), interpolation="bicubic"
    )
    write(transform(Image.open(folder / "picture.png").convert("RGB")), folder / "view")


def to_fastai(model, classes, folder):
    from fastai.vision.models import xresnet

    network = getattr(xresnet, model)(n_out=int(classes))
    network.load_state_dict(load_file(folder / "weights"), strict=True)
    answer(network, folder, "answers")


def to_timm(model, classes, folder):
    import timm

    hub = folder / "hub"
    weights = hub / "model.safetensors"
    network = timm.create_model(model, num_classes=int(classes), checkpoint_path=str(weights))
    answer(network, folder, "hub")
    by_config = timm.create_model("local-dir:" + str(hub), pretrained=True)
    mine, theirs = network.state_dict(), by_config.state_dict()
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(value, theirs[name]) for name, value in mine.items())
    assert by_config.pretrained_cfg["label_names"] == ["ant", "bee", "cat", "dog", "eel"]
    made = timm.data.resolve_model_data_config(by_config)
    assert tuple(made["input_size"]) == (3, 64, 64) and made["interpolation"] == "bicubic", made
    assert int(64 / made["crop_pct"]) == 67, made


MODES = {
    "timm": from_timm,
    "fastai": from_fastai,
    "export": exported,
    "view": view,
    "load": to_fastai,
    "hub": to_timm,
}

if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    MODES[sys.argv[1]](*sys.argv[2:4], Path(sys.argv[4]))
