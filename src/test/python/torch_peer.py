"""Python's PyTorch at the work of a benchmark: reads one command a line, answers one number a line.

train PRECISION BATCH STEPS           images a second of whole training steps at 128px
predict MODE PRECISION SIZE BATCH PASSES   milliseconds of a forward pass; MODE is eager or compiled
serve PRECISION SIZE 0                the port of a server that predicts the pictures posted to it, one by one

PRECISION is float32 (NCHW) or bfloat16 (autocast, channels last). The network is xresnet50 with ten classes.
"""

import http.server
import io
import json
import sys
import threading
import time

import torch
from torch import nn
from torch.nn import functional as F

TRAIN_SIZE = 128


def conv(inputs, outputs, kernel=3, stride=1, relu=True):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = 4 * width
        self.path = nn.Sequential(
            conv(inputs, width, 1),
            conv(width, width, 3, stride),
            conv(width, outputs, 1, relu=False),
        )
        shortcut = [nn.AvgPool2d(2, ceil_mode=True)] if stride > 1 else []
        shortcut += [conv(inputs, outputs, 1, relu=False)] if inputs != outputs else []
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        return F.relu(self.path(x) + self.shortcut(x), inplace=True)


def xresnet50(classes=10):
    layers = [conv(3, 32, stride=2), conv(32, 32), conv(32, 64), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, (width, depth) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)]):
        for i in range(depth):
            layers.append(Block(inputs, width, 2 if i == 0 and stage > 0 else 1))
            inputs = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def numerics(precision):
    fast = precision == "bfloat16"
    layout = torch.channels_last if fast else torch.contiguous_format
    return layout, lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast)


class Training:
    def __init__(self, precision, batch):
        self.layout, self.autocast = numerics(precision)
        self.network = xresnet50().to(memory_format=self.layout).train()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=1e-3, weight_decay=0.01, fused=True
        )
        self.pictures = torch.randn(batch, 3, TRAIN_SIZE, TRAIN_SIZE)
        self.pictures = self.pictures.contiguous(memory_format=self.layout)
        self.labels = torch.randint(0, 10, (batch,))

    def measure(self, steps):
        begun = time.perf_counter()
        for _ in range(steps):
            with self.autocast():
                logits = self.network(self.pictures)
            loss = F.cross_entropy(logits.float(), self.labels)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()
        return steps * len(self.labels) / (time.perf_counter() - begun)


class Prediction:
    def __init__(self, mode, precision, size, batch):
        layout, self.autocast = numerics(precision)
        self.network = xresnet50().to(memory_format=layout).eval()
        self.pictures = torch.randn(batch, 3, size, size).contiguous(memory_format=layout)
        if mode == "compiled":
            from torch._inductor import config

            config.freezing = True
            self.network = torch.compile(self.network)

    def measure(self, passes):
        with torch.no_grad(), self.autocast():
            begun = time.perf_counter()
            for _ in range(passes):
                self.network(self.pictures).float().numpy()
            return 1e3 * (time.perf_counter() - begun) / passes


class Serving:
    def __init__(self, precision, size):
        import numpy
        from PIL import Image, ImageOps

        layout, autocast = numerics(precision)
        network = xresnet50().to(memory_format=layout).eval()
        mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        one_by_one = threading.Lock()

        def predict(body):
            picture = ImageOps.fit(Image.open(io.BytesIO(body)).convert("RGB"), (size, size))
            pixels = torch.from_numpy(numpy.array(picture)).float().div_(255).sub_(mean).div_(std)
            pictures = pixels.permute(2, 0, 1)[None].contiguous(memory_format=layout)
            with one_by_one, torch.no_grad(), autocast():
                probabilities = network(pictures).float().softmax(1)[0]
            return json.dumps({"predictions": probabilities.tolist()}).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                answer = predict(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def measure(self, _):
        return self.server.server_port


def main():
    kinds = {"train": Training, "predict": Prediction, "serve": Serving}
    subjects = {}
    for line in sys.stdin:
        kind, *words = line.split()
        *setting, count = words
        key = (kind, *setting)
        if key not in subjects:
            numbers = [int(word) if word.isdigit() else word for word in setting]
            subjects[key] = kinds[kind](*numbers)
        print(subjects[key].measure(int(count)), flush=True)


print(torch.__version__, flush=True)
main()
