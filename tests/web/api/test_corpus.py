"""Hostile, broken and odd files: each is answered in words, and harmless ones go on being read."""

import json
from typing import Any

import pytest

from tests.demo import Caller, DemoCollege, on_one_database
from tests.exchange.corpus.case import Case, good
from tests.exchange.corpus.manifest import CASES
from tests.web.api.test_exchange import upload

# Files are read before any database is asked.
pytestmark = on_one_database


def name_of(case: Case) -> str:
    return f"{case.file_name}-{case.name}"


def sent(caller: Caller, case: Case) -> Any:
    """The answer to the file; a large one lies in a file of the client's, which it leaves open."""
    answer = upload(caller, case.make(), case.file_name)
    answer.request.environ["wsgi.input"].close()
    return answer


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_file_of_the_corpus_comes_to_what_is_expected(demo: DemoCollege, case: Case) -> None:
    answer = sent(demo.caller("jwc_steward"), case)

    told = json.dumps(answer.json, ensure_ascii=False)
    assert answer.status_code == case.status, told[:500]
    assert case.words in told
    if case.status == 200:
        counts = (answer.json["created"], answer.json["rejected"])
        assert counts == (case.created, case.rejected), told[:1500]
        assert not answer.json["written"]
    for field, value in case.values.items():
        assert answer.json["rows_preview"][0]["values"][field] == value


def test_the_corpus_is_large_and_its_files_have_different_names(demo: DemoCollege) -> None:
    assert len({name_of(case) for case in CASES}) == len(CASES) >= 60


def test_a_harmless_file_is_read_after_hostile_ones(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    for case in CASES[:5]:
        sent(caller, case)

    assert upload(caller, good()).json["created"] == 1
