"""Files that are no workbook, or whose package is a trap, broken or something else."""

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from app.exchange.file_kind import ENCRYPTED_STREAM, OLE_START
from tests.exchange.books import old_book_of, open_book_of, open_cells, with_members
from tests.exchange.corpus.case import HEADINGS, ROW, Case, accepted, good, refused

Make = Callable[[], bytes]
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE s ['
    + b"".join(
        b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10 if level else b"ha" * 10)
        for level in range(10)
    )
    + b"]><sst><si><t>&e9;</t></si></sst>"
)
QUADRATIC = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "'
    + b"x" * 50_000
    + b'">]><sst><si><t>'
    + b"&a;" * 50_000
    + b"</t></si></sst>"
)
EXTERNAL = b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
LINK = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<ddeLink ddeService='cmd' ddeTopic='/C calc'/></externalLink>"
)
LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="x" Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/>'
    b"</Relationships>"
)
SPREADSHEET_2003 = (
    b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


def replaced(members: Mapping[str, bytes]) -> Make:
    """The harmless workbook with members added or exchanged."""
    return lambda: with_members(good(), members)


def without(name: str) -> Make:
    """The harmless workbook without a part of it."""

    def make() -> bytes:
        target = BytesIO()
        with ZipFile(BytesIO(good())) as source, ZipFile(target, "w", ZIP_DEFLATED) as package:
            for member in source.infolist():
                if member.filename != name:
                    package.writestr(member.filename, source.read(member))
        return target.getvalue()

    return make


def typed(content_type: bytes) -> Make:
    """The harmless workbook under another content type."""

    def make() -> bytes:
        with ZipFile(BytesIO(good())) as source:
            types = source.read("[Content_Types].xml")
        usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        return with_members(good(), {"[Content_Types].xml": types.replace(usual, content_type)})

    return make


def a_zip(*names: str, data: bytes = b"x") -> bytes:
    """A package with these members, each with the same content."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, data)
    return target.getvalue()


def doubled() -> bytes:
    """A package in which a part stands twice: readers may choose different ones."""
    with ZipFile(BytesIO(good())) as source:
        sheet = source.read("xl/worksheets/sheet1.xml")
    spare = with_members(good(), {"xl/worksheets/sheet9.xml": sheet})
    return spare.replace(b"xl/worksheets/sheet9.xml", b"xl/worksheets/sheet1.xml")


def lying_about_sizes() -> bytes:
    """A package whose directory says that its largest part is tiny."""
    content = bytearray(with_members(good(), {"xl/pad.xml": b" " * 5_000_000}))
    place = content.rindex(b"xl/pad.xml") - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def with_wrong_checksum() -> bytes:
    """A package with one bit of a compressed part turned over."""
    content = bytearray(good())
    place = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[place] ^= 0xFF
    return bytes(content)


def marked_as_encrypted() -> bytes:
    """A package whose parts ask for a password of the zip's own."""
    content = bytearray(good())
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + 8] |= 1
        place += 4
    return bytes(content)


PACKAGES: tuple[Case, ...] = (
    accepted("harmless", "a.xlsx", good, course_code="ZZ01", credit="2.5"),
    refused("empty file", "a.xlsx", lambda: b"", "是空的"),
    refused("text called a workbook", "a.xlsx", lambda: b"a,b\n1,2\n", "表头"),
    refused(
        "picture called a workbook", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "损坏"
    ),
    refused("another document", "a.pdf", lambda: b"%PDF-1.7", "另存为"),
    refused("a text document", "a.xlsx", lambda: a_zip("word/document.xml"), "损坏"),
    refused("a zip of pictures", "a.xlsx", lambda: a_zip("a.png"), "损坏"),
    refused("program", "a.exe", lambda: b"MZ" + bytes(500), "另存为"),
    refused("WPS table", "a.et", lambda: OLE_START + bytes(600), "另存为"),
    refused("Numbers of Apple", "a.numbers", lambda: b"PK\x03\x04" + bytes(600), "导出为"),
    refused("WPS text", "a.wps", lambda: OLE_START + bytes(600), "另存为"),
    refused("web page called .xls", "a.xls", lambda: b"<html><table>", "网页"),
    refused("XML of Excel 2003", "a.xls", lambda: SPREADSHEET_2003, "另存为"),
    refused("broken old workbook", "a.xls", lambda: OLE_START + bytes(600), "损坏"),
    refused("password", "a.xlsx", lambda: OLE_START + ENCRYPTED_STREAM + bytes(600), "密码"),
    refused("zip password", "a.xlsx", marked_as_encrypted, "损坏"),
    refused("cut off", "a.xlsx", lambda: good()[: len(good()) // 2], "损坏"),
    refused("cut off at its directory", "a.xlsx", lambda: good()[:-30], "损坏"),
    refused("wrong checksum", "a.xlsx", with_wrong_checksum, "损坏"),
    refused("lies about sizes", "a.xlsx", lying_about_sizes, ""),
    refused("the same part twice", "a.xlsx", doubled, "损坏"),
    refused("no workbook part", "a.xlsx", without("xl/workbook.xml"), "损坏"),
    refused("no sheet part", "a.xlsx", without("xl/worksheets/sheet1.xml"), "损坏"),
    refused("no relations", "a.xlsx", without("xl/_rels/workbook.xml.rels"), "损坏"),
    refused("no content types", "a.xlsx", without("[Content_Types].xml"), "损坏"),
    accepted("no styles", "a.xlsx", without("xl/styles.xml")),
    accepted("no theme", "a.xlsx", without("xl/theme/theme1.xml")),
    refused("workbook part is no XML", "a.xlsx", replaced({"xl/workbook.xml": b"<x"}), "损坏"),
    refused("ratio bomb", "a.xlsx", replaced({"xl/b.xml": b" " * 20_000_000}), "太大"),
    refused("large parts", "a.xlsx", replaced({"xl/b.bin": bytes(210_000_000)}), "太大"),
    refused(
        "many parts", "a.xlsx", replaced({f"xl/{n}.xml": b"<x/>" for n in range(1100)}), "太大"
    ),
    accepted(
        "zip in the zip", "a.xlsx", replaced({"xl/media/a.zip": a_zip("b", data=bytes(10**7))})
    ),
    refused("a way out", "a.xlsx", replaced({"../../x.xml": b"<x/>"}), "损坏"),
    refused("a way to the root", "a.xlsx", replaced({"/etc/x": b"x"}), "损坏"),
    refused("a way to a drive", "a.xlsx", replaced({"C:\\x.xml": b"<x/>"}), "损坏"),
    refused("billion laughs", "a.xlsx", replaced({"xl/sharedStrings.xml": BILLION_LAUGHS}), "损坏"),
    refused("quadratic", "a.xlsx", replaced({"xl/sharedStrings.xml": QUADRATIC}), "损坏"),
    refused("external entity", "a.xlsx", replaced({"xl/sharedStrings.xml": EXTERNAL}), "损坏"),
    refused("UTF-16 part", "a.xlsx", replaced({"xl/styles.xml": b"\xff\xfe<\x00"}), "损坏"),
    accepted(
        "links to elsewhere",
        "a.xlsx",
        replaced(
            {
                "xl/externalLinks/externalLink1.xml": LINK,
                "xl/externalLinks/_rels/externalLink1.xml.rels": LINKS,
            }
        ),
    ),
    refused("macros", "a.xlsm", replaced({"xl/vbaProject.bin": b"x"}), "宏"),
    refused("macros under another name", "a.xlsx", replaced({"xl/x/VBAPROJECT.BIN": b"x"}), "宏"),
    refused(
        "workbook for macros",
        "a.xlsm",
        typed(b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "另存",
    ),
    refused(
        "binary workbook", "a.xlsb", typed(b"application/vnd.ms-excel.sheet.binary.main"), "另存"
    ),
    refused("document before the zip", "a.xlsx", lambda: b"%PDF-1.4\n" + good(), "损坏"),
    accepted("web page after the zip", "a.xlsx", lambda: good() + b"<script>alert(1)</script>"),
    accepted("workbook called .csv", "a.csv", good),
    accepted("old workbook called .xlsx", "a.xlsx", lambda: old_book_of([HEADINGS, ROW])),
    accepted("name with a path", "../../etc/a.xlsx", good),
    accepted("name with markup", "<img src=x onerror=alert(1)>.xlsx", good),
    refused(
        "open document cut off",
        "a.ods",
        lambda: open_book_of([open_cells(*HEADINGS)])[:300],
        "损坏",
    ),
    refused(
        "open document with macros",
        "a.ods",
        lambda: open_book_of((), {"Basic/a.xml": "<a/>"}),
        "宏",
    ),
)
