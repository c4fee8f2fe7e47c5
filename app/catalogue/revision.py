"""A revision of the catalogue as one file, kept by every cycle that uses it (decision 2)."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.catalogue.loader import RULES

# The same files give the same bytes: a zip would otherwise carry the time of packing.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def pack_catalogue(folder: Path, departments: Path | None = None) -> bytes:
    """The files that ``load_catalogue`` reads from the same arguments, as a zip."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for path in sorted(folder.glob("*.yaml")):
            _add(package, f"{folder.name}/{path.name}", path)
        source = departments or folder.parent / "departments.yaml"
        _add(package, source.name, source)
        for path in sorted((folder.parent / RULES).glob("*.yaml")):
            _add(package, f"{RULES}/{path.name}", path)
    return buffer.getvalue()


def _add(package: ZipFile, name: str, path: Path) -> None:
    entry = ZipInfo(name, FIXED_TIME)
    entry.compress_type = ZIP_DEFLATED
    package.writestr(entry, path.read_bytes())
