#!/usr/bin/env python3
"""Draws agent.ico: two nodes joined by an arrow on a rounded square, in four sizes, without any other tool.

Usage: draw-icon.py [OUT]   (default: agent.ico beside this script)
"""
import pathlib
import struct
import sys
import zlib

BACK, FRONT = (0x1F, 0x4E, 0x79), (0xFF, 0xFF, 0xFF)
SIZES = (16, 32, 48, 256)
SUB = 4  # samples per pixel and direction


def rounded(x, y, r=0.18):
    dx, dy = max(r - x, x - (1 - r), 0), max(r - y, y - (1 - r), 0)
    return dx * dx + dy * dy <= r * r


def disc(x, y, cx, cy, r):
    return (x - cx) ** 2 + (y - cy) ** 2 <= r * r


def arrow(x, y):
    shaft = 0.30 <= x <= 0.58 and abs(y - 0.5) <= 0.055
    head = 0.52 <= x <= 0.68 and abs(y - 0.5) <= (0.68 - x) * 1.0
    return shaft or head


def sample(x, y):
    if not rounded(x, y):
        return None
    inside = disc(x, y, 0.22, 0.5, 0.11) or disc(x, y, 0.79, 0.5, 0.11) or arrow(x, y)
    return FRONT if inside else BACK


def pixel(draw, px, py, n):
    hits = [s for j in range(SUB) for i in range(SUB)
            if (s := draw((px + (i + 0.5) / SUB) / n, (py + (j + 0.5) / SUB) / n))]
    if not hits:
        return (0, 0, 0, 0)
    return tuple(sum(c[k] for c in hits) // len(hits) for k in range(3)) + (255 * len(hits) // (SUB * SUB),)


def png(rows, n):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    raw = b"".join(b"\0" + bytes(v for p in row for v in p) for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", n, n, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def dib(rows, n):
    head = struct.pack("<IiiHHIIiiII", 40, n, 2 * n, 1, 32, 0, 0, 0, 0, 0, 0)
    colour = b"".join(bytes((b, g, r, a)) for row in reversed(rows) for r, g, b, a in row)
    stride = (n + 31) // 32 * 4
    mask = b"".join(
        int("".join("0" if p[3] else "1" for p in row).ljust(stride * 8, "0"), 2).to_bytes(stride, "big")
        for row in reversed(rows))
    return head + colour + mask


def write(out, draw, sizes):
    """Writes an icon: draw gives the colour at a point of a square of side 1, or None outside."""
    images = []
    for n in sizes:
        rows = [[pixel(draw, x, y, n) for x in range(n)] for y in range(n)]
        images.append((n, png(rows, n) if n == 256 else dib(rows, n)))
    head, offset = struct.pack("<HHH", 0, 1, len(images)), 6 + 16 * len(images)
    for n, data in images:
        head += struct.pack("<BBBBHHII", n % 256, n % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    out.write_bytes(head + b"".join(data for _, data in images))


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("agent.ico"), sample, SIZES)
