"""A served address and a signed-in browser, as the pages of the tables have them."""

from tests.web.base_table.conftest import address, open_page

__all__ = ["address", "open_page"]
