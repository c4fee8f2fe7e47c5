"""Draws a picture anew for ``material_file``; runs as a process of its own.

The file comes in on the standard input; the picture without anything else that was in the file,
turned upright, and a small one of it go out as one line of JSON.
"""

import base64
import sys
import warnings
from io import BytesIO

import orjson
from PIL import Image, ImageOps

from app.exchange.confined import confine

DAMAGED = "damaged"
TOO_LARGE = "too_large"
# Name of the kind → the name the library knows it by.
KINDS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
MOST_PIXELS = 64_000_000
# Enough to read a certificate by.
LONGEST_SIDE = 3000
THUMBNAIL_SIDE = 240
LARGEST_PROFILE = 16 * 1024
QUALITY = 88
# What the picture may be stored as without losing what it shows.
MODES = {"JPEG": {"RGB", "L"}, "PNG": {"RGB", "RGBA", "L", "LA", "P", "1"}, "WEBP": {"RGB", "RGBA"}}
WHITE = (255, 255, 255)


def paint(content: bytes, kind: str) -> dict[str, str]:
    """The two pictures as text. Raises what is wrong with the file."""
    with Image.open(BytesIO(content), formats=[KINDS[kind]]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        # A large photograph is read at a fraction of its size at once.
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    profile = upright.info.get("icc_profile") or b""
    upright.info = {}
    if upright.mode not in MODES[KINDS[kind]]:
        upright = upright.convert("RGBA" if "A" in upright.mode and kind != "jpeg" else "RGB")
    picture = BytesIO()
    kept = {"icc_profile": profile} if 0 < len(profile) <= LARGEST_PROFILE else {}
    upright.save(picture, KINDS[kind], quality=QUALITY, **kept)
    return {"picture": _text(picture.getvalue()), "thumbnail": _text(thumbnail_of(upright))}


def thumbnail_of(picture: Image.Image) -> bytes:
    """A small JPEG, on white where the picture is transparent."""
    small = picture.convert("RGBA")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    ground = Image.new("RGB", small.size, WHITE)
    ground.paste(small, mask=small.getchannel("A"))
    written = BytesIO()
    ground.save(written, "JPEG", quality=75)
    return written.getvalue()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main() -> None:
    """Answer for the file on the standard input; a fault is an answer, too."""
    confine()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        told = paint(sys.stdin.buffer.read(), sys.argv[1])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        told = {"fault": TOO_LARGE}
    except (OSError, ValueError, SyntaxError, KeyError, EOFError):
        told = {"fault": DAMAGED}
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main()
