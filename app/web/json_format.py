"""How answers are written as JSON: decimals as text, days in ISO form."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from app.models.base_table_rows import plain


def install(application: Flask) -> None:
    """Write the answers of ``application`` like this."""
    application.json = JsonFormat(application)


class JsonFormat(DefaultJSONProvider):
    """The framework's writer with the contract's forms of values.

    Only what JSON has no word for is looked at value by value, which a page of thousands of
    cells notices.
    """

    sort_keys = False
    compact = True

    @staticmethod
    def default(value: Any) -> Any:
        """A decimal or a day as text; anything else as the framework writes it."""
        written = plain(value)
        return DefaultJSONProvider.default(value) if written is value else written
