"""fastai's own loader as a benchmark's peer: reads one command a line, answers one number a line.

views PICTURES ITEM_SIZE SIZE COUNT   training views a second, on one thread, of COUNT of the pictures below PICTURES:
                                      each is decoded, resized and cropped to ITEM_SIZE, then augmented to SIZE
                                      and normalised, as the notebook does

    pip install fastai torch torchvision
"""

import random
import sys
import time

import torch
from fastai.vision.all import (
    CategoryBlock,
    DataBlock,
    ImageBlock,
    Normalize,
    RandomSplitter,
    Resize,
    aug_transforms,
    get_image_files,
    imagenet_stats,
    parent_label,
)

BATCH = 50


def views(pictures, item_size, size, count):
    files = sorted(get_image_files(pictures))
    random.Random(1).shuffle(files)
    block = DataBlock(
        blocks=(ImageBlock, CategoryBlock),
        get_y=parent_label,
        splitter=RandomSplitter(0),
        item_tfms=Resize(item_size),
        batch_tfms=[*aug_transforms(size=size, min_scale=0.75), Normalize.from_stats(*imagenet_stats)],
    )
    batches = block.dataloaders(files[: int(count)], bs=BATCH, num_workers=0, device=torch.device("cpu")).train
    start = time.perf_counter()
    seen = sum(len(labels) for _, labels in batches)
    return seen / (time.perf_counter() - start)


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        pictures, item_size, size, count = line.removeprefix("views ").rsplit(maxsplit=3)
        print(views(pictures, int(item_size), int(size), int(count)), flush=True)
