"""fastai's own loader and loop as a benchmark's peer: reads one command a line, answers one number a line.

views PICTURES ITEM_SIZE SIZE COUNT   training views a second, on one thread, of COUNT of the pictures below PICTURES:
                                      each is decoded, resized and cropped to ITEM_SIZE, then augmented to SIZE
                                      and normalised, as the notebook does
epoch FILES ITEM_SIZE SIZE BATCH THREADS
                                      seconds of one epoch of an xresnet50 with validation, with fastai's own number of
                                      loading processes; FILES has a line for each picture: its part (train or valid),
                                      its label and its path, with tabs between them

    pip install fastai torch torchvision
"""

import random
import sys
import time

import torch
from fastai.vision.all import (
    CategoryBlock,
    DataBlock,
    FuncSplitter,
    ImageBlock,
    Learner,
    Normalize,
    RandomSplitter,
    Resize,
    accuracy,
    aug_transforms,
    get_image_files,
    imagenet_stats,
    parent_label,
)
from fastai.vision.models.xresnet import xresnet50

BATCH = 50


def block(item_size, size, **how):
    return DataBlock(
        blocks=(ImageBlock, CategoryBlock),
        item_tfms=Resize(item_size),
        batch_tfms=[*aug_transforms(size=size, min_scale=0.75), Normalize.from_stats(*imagenet_stats)],
        **how,
    )


def views(pictures, item_size, size, count):
    torch.set_num_threads(1)
    files = sorted(get_image_files(pictures))
    random.Random(1).shuffle(files)
    made = block(item_size, size, get_y=parent_label, splitter=RandomSplitter(0))
    batches = made.dataloaders(files[:count], bs=BATCH, num_workers=0, device=torch.device("cpu")).train
    start = time.perf_counter()
    seen = sum(len(labels) for _, labels in batches)
    return seen / (time.perf_counter() - start)


def epoch(files, item_size, size, batch, threads):
    torch.set_num_threads(threads)
    with open(files, encoding="utf-8") as lines:
        items = [line.rstrip("\n").split("\t") for line in lines]
    made = block(
        item_size,
        size,
        get_x=lambda item: item[2],
        get_y=lambda item: item[1],
        splitter=FuncSplitter(lambda item: item[0] == "valid"),
    )
    batches = made.dataloaders(items, bs=batch, device=torch.device("cpu"))
    learn = Learner(batches, xresnet50(n_out=len(batches.vocab)), metrics=accuracy)
    start = time.perf_counter()
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(1)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        command, rest = line.split(maxsplit=1)
        numbers = {"views": 3, "epoch": 4}[command]
        path, *others = rest.rsplit(maxsplit=numbers)
        print({"views": views, "epoch": epoch}[command](path, *map(int, others)), flush=True)
