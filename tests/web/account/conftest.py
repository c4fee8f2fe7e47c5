"""The demo college at an address, for what only a browser can show."""

from collections.abc import Iterator
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.demo import DemoCollege


@pytest.fixture
def address(demo: DemoCollege) -> Iterator[str]:
    """Where the demo college is served for a browser."""
    server = make_server("127.0.0.1", 0, demo.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
