"""The API's description of itself (OpenAPI 3.1), made from the list of endpoints."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.models.given_answer import LONGEST_KEY
from app.web.api.endpoint import JSON, MULTIPART, Endpoint
from app.web.api.given_answer import HEADER
from app.web.api.schema import Schema
from app.web.problems import TITLES

PLACEHOLDER = re.compile(r"<(?:(?P<kind>int)(?:\([^)]*\))?:)?(?P<name>\w+)>")
PROBLEM = "application/problem+json"
ERRORS = (400, 401, 403, 404, 409, 413, 415, 422, 423)
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "details": {"type": "array", "items": {"type": "string"}},
        "findings": {"type": "array", "items": {"type": "object"}},
        "results": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["type", "title", "status", "detail"],
}
LOGIN = {
    "type": "object",
    "properties": {
        "username": {"type": "string"},
        "password": {"type": "string"},
        "provider": {"type": "string", "enum": ["db"]},
    },
    "required": ["username", "password"],
}


def document(endpoints: Iterable[Endpoint], prefix: str) -> dict[str, Any]:
    """The whole description of ``endpoints``, served below ``prefix``."""
    paths: dict[str, dict[str, Any]] = {f"{prefix}/security/login": {"post": _login()}}
    for endpoint in endpoints:
        template = PLACEHOLDER.sub(r"{\g<name>}", endpoint.path)
        paths.setdefault(f"{prefix}/{template}", {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": str(_("Programming interface of the platform")), "version": "1"},
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "statedata_session"},
                "forgery_token": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
            "schemas": {"Problem": PROBLEM_SCHEMA},
        },
        "security": [{"bearer": []}, {"session": [], "forgery_token": []}],
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": str(endpoint.summary),
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            "200": {
                "description": str(endpoint.summary),
                "content": {endpoint.produces: {}},
            },
            **_problems(),
        },
    }
    if endpoint.method != "GET":
        operation["parameters"].append(_key_of_request())
    if endpoint.body is not None:
        operation["requestBody"] = _body(JSON, endpoint.body)
    if endpoint.form is not None:
        file = {"type": "string", "format": "binary"}
        form = {
            "type": "object",
            "properties": {**endpoint.form, "file": file},
            "required": ["file"],
        }
        operation["requestBody"] = _body(MULTIPART, form)
    return operation


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if found["kind"] else "string"},
        }
        for found in PLACEHOLDER.finditer(endpoint.path)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in endpoint.query.items()
    ]


def _key_of_request() -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": str(_("Within a day the same request with the same key is answered alike.")),
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
    }


def _body(media_type: str, schema: Schema) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def _problems() -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": str(TITLES[status]), "content": content} for status in ERRORS
    }


def _login() -> dict[str, Any]:
    return {
        "operationId": "login",
        "summary": str(_("Get a token for a staff number and password")),
        "security": [],
        "requestBody": _body(JSON, LOGIN),
        "responses": {
            "200": {"description": "access_token", "content": {JSON: {}}},
            **_problems(),
        },
    }
