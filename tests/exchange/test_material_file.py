"""Files that support rows: told by their content, cleaned of what nobody meant to hand over."""

from io import BytesIO

import pytest
from PIL import Image

from app.domain.message import Refused
from app.exchange.confined_picture import LONGEST_SIDE, THUMBNAIL_SIDE
from app.exchange.material_file import LARGEST, clean_name, look_at
from app.models.supporting_material import LONGEST_NAME

MAKER, PLACE, TURNED = 0x010F, 0x8825, 0x0112
PDF = b"%PDF-1.7\n%%EOF"
TAIL = b"<script>alert(1)</script>"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A picture with all that a telephone writes into it."""
    about = Image.Exif()
    about[MAKER], about[TURNED] = "Telephone", 6
    about[PLACE] = {1: "N", 2: (31.0, 10.0, 0.0)}
    file = BytesIO()
    Image.new(mode, size, 120).save(file, kind, exif=about)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_loses_place_and_device_and_stands_upright(kind: str) -> None:
    draft = look_at(picture(kind) + TAIL, "照片.exe", "材料")

    with Image.open(BytesIO(draft.content)) as found:
        assert (found.format, found.size) == (kind, (40, 60))
        assert dict(found.getexif()) == {}
    assert b"Telephone" not in draft.content
    assert TAIL not in draft.content
    assert draft.kind == kind.lower()


def test_a_large_photograph_is_kept_readable_and_small() -> None:
    draft = look_at(picture(size=(6000, 3000)), "大.jpg", "材料")

    with (
        Image.open(BytesIO(draft.content)) as kept,
        Image.open(BytesIO(draft.thumbnail or b"")) as small,
    ):
        assert max(kept.size) <= LONGEST_SIDE
        assert max(small.size) <= THUMBNAIL_SIDE


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
def test_pictures_of_every_mode_are_drawn(mode: str) -> None:
    assert look_at(picture("PNG", mode=mode), "a.png", "材料").thumbnail


def test_a_document_is_kept_as_it_is() -> None:
    draft = look_at(PDF, "成绩单.PDF", "材料")

    assert (draft.name, draft.kind, draft.content) == ("成绩单.pdf", "pdf", PDF)
    assert draft.thumbnail is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither"),
        (b"<html><script>alert(1)</script>", "neither"),
        (b"MZ\x90\x00", "neither"),
        (b" %PDF-1.4", "neither"),
        (b"GIF89a" + b"\0" * 30, "neither"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, "HEIC"),
        (b"\xff\xd8\xff" + b"\0" * 200, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged"),
        (PDF + b"x" * LARGEST, "larger"),
        (b"%PDF-1.7\n1 0 obj", "not whole"),
    ],
)
def test_everything_else_is_refused_in_words(content: bytes, word: str) -> None:
    with pytest.raises(Refused) as refused:
        look_at(content, "证书.jpg", "材料")

    assert word in refused.value.message.english()


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    file = BytesIO()
    Image.new("1", (30000, 30000)).save(file, "PNG")

    with pytest.raises(Refused) as refused:
        look_at(file.getvalue(), "炸弹.png", "材料")

    assert "pixels" in refused.value.message.english()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("证书.jpg", "证书.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fake\\照片.JPEG", "照片.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("", "材料.jpg"),
        (".jpg", "材料.jpg"),
        ("x<>:|?*.png", "x______.jpg"),
    ],
)
def test_a_name_is_cleaned(given: str, kept: str) -> None:
    assert clean_name(given, "jpeg", "材料") == kept
    assert len(clean_name("长" * 500, "jpeg", "材料")) <= LONGEST_NAME
