"""Python at the work of a benchmark, beside: torch_peer.py MODULE says the version of torch, openvino or onnxruntime,
then reads one command a line and answers one number a line.

train NETWORK MODE LAYOUT PRECISION BATCH STEPS
                                           images a second of whole training steps at 128px
predict ENGINE PRECISION SIZE BATCH PASSES milliseconds of a forward pass from pixels in memory to logits in memory
serve ENGINE PRECISION SIZE 0              the port of a server that predicts the pictures posted to it, one by one

PRECISION is float32 or bfloat16 (of PyTorch by autocast), LAYOUT NCHW or channels_last, MODE eager or compiled. ENGINE
is one of these (PyTorch, float32 in NCHW, bfloat16 in channels last), openvino or onnxruntime, which has float32 only.
NETWORK is an architecture with its activation, pooling and whether it attends, such as xse_resnext50,mish,maxblur,true,
as goldens.py makes it from fastai; where it is not said, it is xresnet50. All have ten classes.
"""

import http.server
import importlib
import io
import json
import sys
import tempfile
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


def layout_of(name):
    return {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}[name]


def autocast(precision):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16")


def network_of(description):
    architecture, activation, pooling, attention = description.split(",")
    if description == "xresnet50,relu,max,false":
        return xresnet50()
    import goldens

    return goldens.network(architecture, activation, pooling, attention == "true")


class Training:
    def __init__(self, network, mode, layout, precision, batch):
        self.precision = precision
        layout = layout_of(layout)
        self.network = network_of(network).to(memory_format=layout).train()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=1e-3, weight_decay=0.01, fused=True
        )
        self.pictures = torch.randn(batch, 3, TRAIN_SIZE, TRAIN_SIZE)
        self.pictures = self.pictures.contiguous(memory_format=layout)
        self.labels = torch.randint(0, 10, (batch,))
        self.forward = torch.compile(self.network) if mode == "compiled" else self.network

    def measure(self, steps):
        begun = time.perf_counter()
        for _ in range(steps):
            with autocast(self.precision):
                logits = self.forward(self.pictures)
            loss = F.cross_entropy(logits.float(), self.labels)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()
        return steps * len(self.labels) / (time.perf_counter() - begun)


def layout_in(engine, precision):
    torch_itself = engine in ("eager", "compiled")
    return layout_of("channels_last" if torch_itself and precision == "bfloat16" else "NCHW")


def eager(precision, shape, compiled=False):
    layout = layout_in("eager", precision)
    network = xresnet50().to(memory_format=layout).eval()
    if compiled:
        from torch._inductor import config

        config.freezing = True
        network = torch.compile(network)

    def predict(pixels):
        with torch.no_grad(), autocast(precision):
            pictures = torch.from_numpy(pixels).contiguous(memory_format=layout)
            return network(pictures).float().numpy()

    return predict


def compiled(precision, shape):
    return eager(precision, shape, compiled=True)


def openvino(precision, shape):
    import openvino as ov

    model = ov.convert_model(xresnet50().eval(), example_input=torch.randn(shape), input=[shape])
    hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": hint}
    request = ov.Core().compile_model(model, "CPU", settings).create_infer_request()
    return lambda pixels: request.infer([pixels], share_inputs=True)[0]


def onnxruntime(precision, shape):
    import onnxruntime as ort

    if precision != "float32":
        raise ValueError("ONNX Runtime computes in float32 on a processor, not in " + precision)
    with tempfile.TemporaryDirectory() as folder:
        file = folder + "/network.onnx"
        torch.onnx.export(xresnet50().eval(), (torch.randn(shape),), file, dynamo=False)
        session = ort.InferenceSession(file, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda pixels: session.run(None, {name: pixels})[0]


ENGINES = {"eager": eager, "compiled": compiled, "openvino": openvino, "onnxruntime": onnxruntime}


class Prediction:
    def __init__(self, engine, precision, size, batch):
        shape = [batch, 3, size, size]
        self.predict = ENGINES[engine](precision, shape)
        layout = layout_in(engine, precision)
        self.pixels = torch.randn(shape).contiguous(memory_format=layout).numpy()

    def measure(self, passes):
        begun = time.perf_counter()
        for _ in range(passes):
            self.predict(self.pixels)
        return 1e3 * (time.perf_counter() - begun) / passes


class Serving:
    def __init__(self, engine, precision, size):
        import numpy
        from PIL import Image, ImageOps

        network = ENGINES[engine](precision, [1, 3, size, size])
        mean = numpy.array([0.485, 0.456, 0.406], numpy.float32)
        std = numpy.array([0.229, 0.224, 0.225], numpy.float32)
        one_by_one = threading.Lock()

        def predict(body):
            picture = ImageOps.fit(Image.open(io.BytesIO(body)).convert("RGB"), (size, size))
            pixels = (numpy.asarray(picture, numpy.float32) / 255 - mean) / std
            pixels = numpy.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
            with one_by_one:
                logits = torch.from_numpy(network(pixels))
                probabilities = logits.softmax(1)[0]
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
    print(importlib.import_module(sys.argv[1]).__version__, flush=True)
    subjects = {}
    for line in sys.stdin:
        kind, *words = line.split()
        *setting, count = words
        key = (kind, *setting)
        if key not in subjects:
            numbers = [int(word) if word.isdigit() else word for word in setting]
            subjects[key] = kinds[kind](*numbers)
        print(subjects[key].measure(int(count)), flush=True)


main()
