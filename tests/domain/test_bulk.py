"""While very many rows are read, garbage in cycles waits; afterwards it is looked for again."""

import gc

import pytest

from app.domain.bulk import collecting_later


def test_the_search_goes_on_after_the_last_of_several() -> None:
    with collecting_later():
        with collecting_later():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_search_goes_on_after_a_failure() -> None:
    @collecting_later()
    def fail() -> None:
        raise KeyError("row")

    with pytest.raises(KeyError):
        fail()

    assert gc.isenabled()
