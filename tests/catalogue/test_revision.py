"""A revision is the catalogue's files as one package that never varies."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from app.catalogue.loader import load_catalogue
from app.catalogue.revision import pack_catalogue
from tests.architecture.source import ROOT

CATALOGUE = ROOT / "seed" / "catalogue"


def test_a_packed_catalogue_reads_as_the_same_revision(tmp_path: Path) -> None:
    ZipFile(BytesIO(pack_catalogue(CATALOGUE))).extractall(tmp_path)

    assert load_catalogue(tmp_path / "catalogue").digest == load_catalogue(CATALOGUE).digest


def test_packing_twice_gives_the_same_bytes() -> None:
    assert pack_catalogue(CATALOGUE) == pack_catalogue(CATALOGUE)
