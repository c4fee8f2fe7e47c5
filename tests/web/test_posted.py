"""Forms as they are read: what no database keeps and no page shows does not come through."""

from io import BytesIO

from flask import Flask, request


def test_no_character_that_cannot_be_kept_is_read(application: Flask) -> None:
    sent = {"na\x00me": ["张\x00三", "李四"], "file": (BytesIO(b"%PDF"), "扫描\x00.pdf")}

    with application.test_request_context("/?q=%00问&q=答", method="POST", data=sent):
        assert request.args.getlist("q") == ["问", "答"]
        assert request.form.getlist("name") == ["张三", "李四"]
        assert request.values["q"] == "问"
        assert request.files["file"].filename == "扫描.pdf"
