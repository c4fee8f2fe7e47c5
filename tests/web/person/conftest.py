"""The browser of these pages is that of the other pages."""

from tests.web.base_table.conftest import address, open_page

__all__ = ["address", "open_page"]
