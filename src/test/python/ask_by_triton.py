"""Asks a model of the service by Triton's own client, in every way that it has.

ask_by_triton.py HOST:PORT MODEL FOLDER, with the files picture and pixels (float32) in the folder. The last
line that it prints is JSON: the probabilities of each way.
"""

import base64
import json
import pathlib
import sys

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

server, model, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
client = triton.InferenceServerClient(server)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(model)
assert not client.is_model_ready("nobody")
metadata = client.get_model_metadata(model)
size = metadata["inputs"][1]["shape"][2]
file = (folder / "picture").read_bytes()
pixels = numpy.fromfile(folder / "pixels", "<f4").reshape(1, 3, size, size)
answers = {}


def infer(way, name, data, binary, outputs=None):
    datatype = "FP32" if data.dtype == numpy.float32 else "BYTES"
    tensor = triton.InferInput(name, data.shape, datatype)
    tensor.set_data_from_numpy(data, binary_data=binary)
    result = client.infer(model, [tensor], outputs=outputs, request_id=way)
    assert result.get_response()["id"] == way
    answers[way] = result.as_numpy("probabilities")[0].tolist()
    return result


in_json = [triton.InferRequestedOutput("probabilities", binary_data=False)]
answers["label"] = infer("bytes", "image", numpy.array([file], object), True).as_numpy("label")[0].decode()
infer("bytesInJson", "image", numpy.array([base64.b64encode(file)], object), False, in_json)
infer("pixels", "pixels", pixels, True)
infer("pixelsInJson", "pixels", pixels, False, in_json)
try:
    client.get_model_metadata("nobody")
except InferenceServerException as refusal:
    answers["refusal"] = refusal.message()
print(json.dumps(answers))
