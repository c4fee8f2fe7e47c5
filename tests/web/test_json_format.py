"""What answers look like as JSON, whatever the database gave."""

import json
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.web import json_format


def written(value: object) -> object:
    application = Flask("formats")
    json_format.install(application)
    return json.loads(application.json.dumps({"value": value}))["value"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("12.50"), "12.50"),
        (date(2025, 9, 1), "2025-09-01"),
        ("王芳", "王芳"),
        (None, None),
        (2**63, 2**63),
    ],
)
def test_value_has_the_form_of_the_contract(value: object, expected: object) -> None:
    assert written(value) == expected


@pytest.mark.parametrize("value", [2**80, "half \ud800"])
def test_value_that_the_fast_writer_refuses_is_written_all_the_same(value: object) -> None:
    assert written(value) == value
