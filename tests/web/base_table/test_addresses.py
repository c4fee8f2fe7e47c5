"""Addresses that are written with a slash too few or too many."""

import pytest

from tests.demo import DemoCollege


@pytest.mark.parametrize("path", ["/data", "/data/course", "/data//course"])
def test_a_missing_slash_leads_to_the_page_on_this_very_host(demo: DemoCollege, path: str) -> None:
    client = demo.caller("jwc_steward").client

    answer = client.get(path, headers={"Host": "elsewhere.example"})

    assert answer.status_code == 308
    assert answer.location.startswith("/data")
