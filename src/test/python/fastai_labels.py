"""The labels that fastai reads of folders of pictures.

    pip install fastai torch torchvision
    python fastai_labels.py CASES

CASES is a JSON file: a list of {"path": FOLDER, "by": "parent"} or {"path": FOLDER, "by": "name",
"pattern": REGEX} or {"path": FOLDER, "by": "csv", "csv": FILE, "folder": FOLDER, "suffix": TEXT,
"file": COLUMN, "label": COLUMN}. Prints a list of {PICTURE: LABEL}, each picture by its path below
FOLDER: those of `get_image_files` with `parent_label` and with `from_name_re`'s labeller, and the
rows of a table as `from_csv` reads them.
"""

import json
import sys
from pathlib import Path

import pandas as pd
from fastai.vision.all import ColReader, RegexLabeller, get_image_files, parent_label


def by_table(case, path):
    folder = path / case["folder"] if case["folder"] else path
    table = pd.read_csv(path / case["csv"], header="infer", dtype=str)
    picture = ColReader(case["file"], pref=f"{folder}/", suff=case["suffix"])
    label = ColReader(case["label"])
    return {
        Path(picture(row)).relative_to(path).as_posix(): label(row) for _, row in table.iterrows()
    }


def labels(case):
    path = Path(case["path"])
    if case["by"] == "csv":
        return by_table(case, path)
    pictures = get_image_files(path)
    label = parent_label if case["by"] == "parent" else (
        lambda picture, of=RegexLabeller(case["pattern"]): of(picture.name)
    )
    return {picture.relative_to(path).as_posix(): label(picture) for picture in pictures}


print(json.dumps([labels(case) for case in json.loads(Path(sys.argv[1]).read_text())]))
