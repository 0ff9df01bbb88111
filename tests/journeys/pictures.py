"""Pictures made here, for what contacts and flows send."""

import struct
import zlib


def sunset(width: int = 480, height: int = 320) -> bytes:
    """A picture made here, as a PNG."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            near = (x - width / 2) ** 2 + (y - height * 0.62) ** 2 < (height * 0.2) ** 2
            sky = (250 - 90 * y // height, 178 - 60 * y // height, 122 + 60 * y // height)
            sea = (52, 72, 110)
            rows += bytes(
                (255, 226, 150) if near and y < height * 0.66 else sky if y < height * 0.66 else sea
            )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
