"""What TensorBoard reads in a folder of event files: {tag: [[step, value], ...]} as JSON."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

read = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
tags = read.Tags()["scalars"]
print(json.dumps({tag: [[e.step, e.value] for e in read.Scalars(tag)] for tag in tags}))
