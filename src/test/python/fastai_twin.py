"""fastai at the same pictures: what it trains and what it answers.

    pip install fastai torch torchvision safetensors
    python fastai_twin.py train  PICTURES ITEM_SIZE SIZE EPOCHS WEIGHTS
    python fastai_twin.py answer PICTURES ITEM_SIZE SIZE WEIGHTS ROUNDS ANSWERS

PICTURES has train/LABEL/ and val/LABEL/. `train` trains an xresnet18 on train/ with fastai's own
transforms and saves its state dict as safetensors. `answer` loads WEIGHTS strictly and writes, for
every picture of val/, the probabilities of the plain view and of each of ROUNDS times
`learn.tta(n=4, beta=.25)`, as JSON:
{"labels": [...], "paths": ["LABEL/FILE", ...], "plain": [[...], ...], "tta": [[[...], ...], ...]}. The
service's own test of this is FastaiIT.
"""

import json
import sys
from pathlib import Path

from fastai.vision.all import (
    CategoryBlock,
    DataBlock,
    GrandparentSplitter,
    ImageBlock,
    Learner,
    Normalize,
    Resize,
    accuracy,
    aug_transforms,
    get_image_files,
    imagenet_stats,
    parent_label,
    set_seed,
)
from fastai.vision.models.xresnet import xresnet18
from safetensors.torch import load_file, save_file


def learner(pictures, item_size, size):
    labels = sorted(path.name for path in (pictures / "train").iterdir())
    block = DataBlock(
        blocks=(ImageBlock, CategoryBlock(vocab=labels)),
        get_items=lambda root: sorted(get_image_files(root)),
        splitter=GrandparentSplitter("train", "val"),
        get_y=parent_label,
        item_tfms=Resize(item_size),
        batch_tfms=[
            *aug_transforms(size=size, min_scale=0.75),
            Normalize.from_stats(*imagenet_stats),
        ],
    )
    batches = block.dataloaders(pictures, bs=64, num_workers=0)
    return Learner(batches, xresnet18(n_out=len(labels)), metrics=accuracy)


def train(pictures, item_size, size, epochs, weights):
    set_seed(1)
    learn = learner(Path(pictures), int(item_size), int(size))
    with learn.no_bar():
        learn.fit_one_cycle(int(epochs), 4e-3)
    save_file({name: value.contiguous() for name, value in learn.model.state_dict().items()}, weights)


def answer(pictures, item_size, size, weights, rounds, answers):
    set_seed(2)
    learn = learner(Path(pictures), int(item_size), int(size))
    learn.model.load_state_dict(load_file(weights), strict=True)
    with learn.no_bar(), learn.no_logging():
        plain, _ = learn.get_preds()
        tta = [learn.tta(n=4, beta=0.25)[0].tolist() for _ in range(int(rounds))]
    paths = [f"{path.parent.name}/{path.name}" for path in learn.dls.valid_ds.items]
    told = {
        "labels": list(learn.dls.vocab),
        "paths": paths,
        "plain": plain.tolist(),
        "tta": tta,
    }
    Path(answers).write_text(json.dumps(told))


if __name__ == "__main__":
    modes = {"train": train, "answer": answer}
    if len(sys.argv) not in (7, 8) or sys.argv[1] not in modes:
        sys.exit(__doc__)
    modes[sys.argv[1]](*sys.argv[2:])
