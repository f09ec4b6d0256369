"""Reads a safetensors file with the safetensors package, writes it again, and prints what it holds as JSON."""
import json
import sys

from safetensors import safe_open
from safetensors.numpy import save_file

source, copy = sys.argv[1:]
with safe_open(source, "numpy") as file:
    metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
save_file(tensors, copy, metadata)
print(json.dumps({"metadata": metadata, "tensors": {name: tensor.tolist() for name, tensor in tensors.items()}}))
