"""What a request may contain, in the words of JSON Schema.

The same description stands in ``openapi.json`` and checks every request: a
key nobody described is refused by name, never passed over in silence.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.exceptions import BadRequest

Schema = Mapping[str, Any]

LONGEST_TEXT = 2000
KINDS: Mapping[str, tuple[Callable[[Any], bool], LazyString]] = {
    "string": (lambda value: isinstance(value, str), lazy_gettext("a text")),
    "integer": (
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        lazy_gettext("a whole number"),
    ),
    "boolean": (lambda value: isinstance(value, bool), lazy_gettext("true or false")),
    "object": (lambda value: isinstance(value, dict), lazy_gettext("an object")),
    "array": (lambda value: isinstance(value, list), lazy_gettext("a list")),
    "null": (lambda value: value is None, lazy_gettext("null")),
}


class Malformed(BadRequest):
    """A request that cannot be understood; ``description`` says which key is at fault."""


def text(longest: int = LONGEST_TEXT) -> Schema:
    """A text of at most ``longest`` characters."""
    return {"type": "string", "maxLength": longest}


def whole(least: int = 0, most: int = 10**9) -> Schema:
    """A whole number between the two, both included."""
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(*words: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def optional(schema: Schema) -> Schema:
    """The same or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(items: Schema, most: int) -> Schema:
    """A list of one to ``most`` items."""
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


def record(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def check(schema: Schema, value: object, name: str = "") -> None:
    """Raise Malformed, naming the key, unless ``value`` is what ``schema`` describes."""
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(KINDS[kind][0](value) for kind in kinds):
            expected = " / ".join(str(KINDS[kind][1]) for kind in kinds)
            raise Malformed(_("%(key)s has to be %(kind)s.", key=_shown(name), kind=expected))
    if isinstance(value, dict):
        _check_object(schema, value, name)
    elif isinstance(value, list):
        _check_list(schema, value, name)
    elif isinstance(value, str) and "maxLength" in schema:
        _check_text(schema, value, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        _check_range(schema, value, name)
    if "enum" in schema and value is not None and value not in schema["enum"]:
        words = ", ".join(schema["enum"])
        raise Malformed(_("%(key)s has to be one of: %(words)s.", key=_shown(name), words=words))


def _check_object(schema: Schema, value: Mapping[str, object], name: str) -> None:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            raise Malformed(_("%(key)s is missing.", key=_shown(_joined(name, key))))
    others: Schema | bool = schema.get("additionalProperties", {})
    for key, item in value.items():
        inner = properties.get(key, others)
        if isinstance(inner, bool):
            raise Malformed(_("%(key)s is not known here.", key=_shown(_joined(name, key))))
        check(inner, item, _joined(name, key))


def _check_list(schema: Schema, value: list[object], name: str) -> None:
    most = schema.get("maxItems")
    if most is not None and len(value) > most:
        raise Malformed(_("%(key)s has more than %(count)s items.", key=_shown(name), count=most))
    if len(value) < schema.get("minItems", 0):
        raise Malformed(_("%(key)s is empty.", key=_shown(name)))
    for position, item in enumerate(value):
        check(schema.get("items", {}), item, f"{name}[{position}]")


def _check_text(schema: Schema, value: str, name: str) -> None:
    if len(value) > schema["maxLength"]:
        raise Malformed(
            _(
                "%(key)s has more than %(count)s characters.",
                key=_shown(name),
                count=schema["maxLength"],
            )
        )
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in value):
        raise Malformed(_("%(key)s has a character that no text has.", key=_shown(name)))


def _check_range(schema: Schema, value: int, name: str) -> None:
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is not None and value < least) or (most is not None and value > most):
        raise Malformed(
            _(
                "%(key)s has to be from %(least)s to %(most)s.",
                key=_shown(name),
                least=least,
                most=most,
            )
        )


def _joined(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _shown(name: str) -> str:
    """The key as it may be printed: what a stranger sent is cut short."""
    clean = name.encode("utf-8", "replace").decode("utf-8")
    return clean[:80] if clean else _("The body of the request")
