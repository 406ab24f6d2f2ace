#!/usr/bin/env python3
"""Draws panel.bmp, the picture beside the wizard's first and last pages, and warning.ico, without any other tool.

Usage: draw-panel.py [FOLDER]   (default: the folder of this script)

The panel is 164 by 344 pixels in 256 colours: packages carry pictures uncompressed. No text stands on it.
"""
import importlib.util
import math
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent
SUB = 4  # samples per pixel and direction
W, H = 164, 344
TOP, BOTTOM = (0x24, 0x5A, 0x8C), (0x12, 0x2F, 0x4B)
LIGHT = (0xFF, 0xFF, 0xFF)


def icon_module():
    spec = importlib.util.spec_from_file_location("draw_icon", HERE / "draw-icon.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mix(a, b, t):
    return tuple(x + (y - x) * t for x, y in zip(a, b))


def scene(x, y):
    """Colour at a point: a calm gradient, rings that spread from below like a signal, the two nodes and their link."""
    colour = mix(TOP, BOTTOM, y / H)
    distance = math.hypot(x - 20, y - 330)
    for radius, strength in ((70, 0.10), (130, 0.08), (190, 0.06), (250, 0.045), (310, 0.03)):
        if abs(distance - radius) <= 1.1:
            colour = mix(colour, LIGHT, strength * 2.2)
        elif distance < radius:
            colour = mix(colour, LIGHT, strength * 0.22)
    nodes = ((38, 62, 13), (126, 62, 13))
    shaft = 59 <= x <= 92 and abs(y - 62) <= 3.6
    head = 86 <= x <= 105 and abs(y - 62) <= (105 - x) * 0.72
    if any(math.hypot(x - cx, y - cy) <= r for cx, cy, r in nodes) or shaft or head:
        return LIGHT
    return colour


def panel():
    rows = []
    for py in range(H):
        row = []
        for px in range(W):
            points = [scene(px + (i + 0.5) / SUB, py + (j + 0.5) / SUB) for j in range(SUB) for i in range(SUB)]
            row.append(tuple(sum(p[k] for p in points) / len(points) for k in range(3)))
        rows.append(row)
    return rows


def palette(rows):
    """256 colours along the picture's one line of hue: from its darkest to white."""
    darkest = min((sum(p), p) for row in rows for p in row)[1]
    brightest = TOP
    low = [mix(darkest, brightest, i / 199) for i in range(200)]
    high = [mix(brightest, LIGHT, (i + 1) / 56) for i in range(56)]
    return [tuple(round(c) for c in colour) for colour in low + high]


def bmp(rows):
    colours = palette(rows)
    cache = {}

    def nearest(pixel):
        key = tuple(round(c) for c in pixel)
        if key not in cache:
            cache[key] = min(range(256), key=lambda i: sum((a - b) ** 2 for a, b in zip(colours[i], key)))
        return cache[key]

    stride = (W + 3) // 4 * 4
    body = b"".join(bytes(nearest(p) for p in row).ljust(stride, b"\0") for row in reversed(rows))
    table = b"".join(bytes((b, g, r, 0)) for r, g, b in colours)
    offset = 14 + 40 + len(table)
    head = b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset)
    info = struct.pack("<IiiHHIIiiII", 40, W, H, 1, 8, 0, len(body), 3780, 3780, 256, 0)
    return head + info + table + body


def warning(x, y):
    """A triangle with an exclamation mark, in a square of side 1."""
    edge = 0.06
    inside = lambda m: y <= 0.93 - m and y - 0.06 - 2 * m >= 1.86 * abs(x - 0.5)
    if not inside(0):
        return None
    if not inside(edge * 0.6):
        return (0xB3, 0x7A, 0x00)
    bar = 0.36 <= y <= 0.66 and abs(x - 0.5) <= 0.055
    dot = (x - 0.5) ** 2 + (y - 0.77) ** 2 <= 0.058 ** 2
    return (0x20, 0x20, 0x20) if bar or dot else (0xFF, 0xCC, 0x33)


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    (out / "panel.bmp").write_bytes(bmp(panel()))
    icon = icon_module()
    icon.write(out / "warning.ico", warning, (16, 32, 48))


main()
