"""How answers are written as JSON: decimals as text, days in ISO form."""

from typing import Any

import orjson
from flask import Flask
from flask.json.provider import DefaultJSONProvider

from app.models.base_table_rows import plain

# Days and times are left to ``plain``; keys may be enumerations or numbers, as the framework's.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def install(application: Flask) -> None:
    """Write the answers of ``application`` like this."""
    application.json = JsonFormat(application)


class JsonFormat(DefaultJSONProvider):
    """The contract's forms of values, written by orjson.

    Only what JSON has no word for is looked at value by value, which a page of thousands of
    cells notices.
    """

    sort_keys = False
    compact = True

    def dumps(self, obj: Any, **options: Any) -> str:
        """``obj`` as JSON text; what orjson refuses, the framework's own writer is asked for.

        That is whole numbers beyond 64 bits and half characters, which are rare and slow.
        """
        try:
            return orjson.dumps(obj, default=self.default, option=_OPTIONS).decode()
        except TypeError:
            return super().dumps(obj, **options)

    @staticmethod
    def default(value: Any) -> Any:
        """A decimal or a day as text; anything else as the framework writes it."""
        written = plain(value)
        return DefaultJSONProvider.default(value) if written is value else written
