"""Makes pictures of pages small: text and curves need few colours. Prints the bytes of each as JSON."""

import json
import os
import sys

import numpy
from PIL import Image

COLOURS = 128


def with_few(picture):
    """The picture in its most frequent colours, which stay exactly as they are; each other colour becomes the nearest of them."""
    pixels = numpy.asarray(picture.convert("RGB"))
    every, of_pixel, times = numpy.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = every[numpy.argsort(-times)[:COLOURS]].astype(int)
    nearest = numpy.array([((kept - colour) ** 2).sum(axis=1).argmin() for colour in every.astype(int)], dtype=numpy.uint8)
    few = Image.fromarray(nearest[of_pixel.ravel()].reshape(pixels.shape[:2]), "P")
    few.putpalette(kept.astype(numpy.uint8).tobytes())
    return few


for path in sys.argv[1:]:
    with_few(Image.open(path)).save(path, optimize=True)
print(json.dumps({path: os.path.getsize(path) for path in sys.argv[1:]}))
