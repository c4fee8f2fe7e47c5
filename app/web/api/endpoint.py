"""One endpoint: its address, what it takes, and the function that answers.

Endpoints are described once in ``endpoints.py``; the routes, the checks of
every request and ``openapi.json`` are made from the descriptions.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import FileStorage

from app.web.api.given_answer import answered_once
from app.web.api.schema import Malformed, Schema, check
from app.web.current import current_actor
from app.web.problems import problem

JSON = "application/json"
MULTIPART = "multipart/form-data"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)
TRUTHS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class Call:
    """What a request carries, already checked against its endpoint's description.

    ``files`` maps form fields to uploaded files.
    """

    query: Mapping[str, Any]
    body: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, FileStorage] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """One method of one address below ``/api/v1/``.

    ``query`` maps parameters to their schemas; ``body`` describes the JSON
    object, ``form`` the fields of a multipart request with its ``file``;
    ``produces`` is the media type of a success.
    """

    method: str
    path: str
    view: Callable[..., ResponseReturnValue | dict[str, Any]]
    summary: LazyString
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    form: Mapping[str, Schema] | None = None
    produces: str = JSON

    @property
    def name(self) -> str:
        """The endpoint's name inside the blueprint."""
        return self.view.__name__

    def answer(self, **path: Any) -> ResponseReturnValue:
        """Check the request that is being served and let the view answer it."""
        current_actor()
        if self.body is not None and request.mimetype != JSON:
            return problem(415, _("Send the body as JSON (application/json)."))
        if self.form is not None and request.mimetype != MULTIPART:
            return problem(415, _("Send the file as a form (multipart/form-data)."))
        call = self._call()
        if self.method == "GET":
            return self._respond(call, path)
        return answered_once(lambda: self._respond(call, path))

    def _respond(self, call: Call, path: Mapping[str, Any]) -> Response:
        answer = self.view(call, **path)
        return jsonify(answer) if isinstance(answer, dict) else make_response(answer)

    def _call(self) -> Call:
        query = read_pairs(request.args.lists(), self.query)
        if self.body is not None:
            body = _read_json(request.get_data())
            check(self.body, body)
            return Call(query, body)
        if self.form is not None:
            body = read_pairs(request.form.lists(), self.form)
            if set(request.files) != {"file"} or len(request.files.getlist("file")) != 1:
                raise Malformed(_("Send exactly one file, in the field “file”."))
            return Call(query, body, dict(request.files))
        return Call(query)


def read_pairs(pairs: Any, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    """Parameters as values of their types; an empty one counts as absent."""
    values: dict[str, Any] = {}
    for name, texts in pairs:
        if name not in schemas:
            raise Malformed(_("%(key)s is not known here.", key=name[:80]))
        if len(texts) > 1:
            raise Malformed(_("%(key)s is given more than once.", key=name))
        if texts[0] != "":
            values[name] = _converted(name, texts[0], schemas[name])
    return values


def _converted(name: str, text: str, schema: Schema) -> object:
    value: object = text
    if schema["type"] == "integer" and WHOLE_NUMBER.fullmatch(text):
        value = int(text)
    elif schema["type"] == "boolean":
        value = TRUTHS.get(text.lower(), text)
    check(schema, value, name)
    return value


def _read_json(content: bytes) -> Any:
    """The JSON value of the body; numbers with a point stay exact."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Malformed(_("The body of the request is not valid JSON.")) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
