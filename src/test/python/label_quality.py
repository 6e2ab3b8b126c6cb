"""How well cleanlab ranks labels by opinions that were computed elsewhere.

    pip install cleanlab scikit-learn
    python label_quality.py OPINIONS

OPINIONS has a line a picture: whether its label is wrong (1 or 0), its label's number, and the
probability of each label, tab-separated. Prints the average precision of cleanlab's ranking by
self-confidence and by normalised margin. The service's own test of this is LabelCheckTest.
"""

import sys

import numpy
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import average_precision_score

rows = numpy.loadtxt(sys.argv[1], delimiter="\t", ndmin=2)
wrong, labels, opinions = rows[:, 0], rows[:, 1].astype(int), rows[:, 2:]
opinions /= opinions.sum(axis=1, keepdims=True)
for method in "self_confidence", "normalized_margin":
    quality = get_label_quality_scores(labels, opinions, method=method)
    print(average_precision_score(wrong, -quality))
