"""Keeps ``messages.po`` equal to the texts in the code.

``python -m tools.translations`` extracts the English texts of ``app/``, takes over the
translations there are (in ``messages.po`` and, where several people write at once, in
``translations/fragments/*.po``), writes the file and names what is left to do.
``--check`` writes nothing and fails where something is left to do.
"""

import argparse
import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.domain.labels import LABELS

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
MESSAGES = TRANSLATIONS / "zh" / "LC_MESSAGES" / "messages.po"
FRAGMENTS = TRANSLATIONS / "fragments"
LOCALE = "zh"
# What is called with a text: gettext's own names and the message of the lower rooms.
KEYWORDS = DEFAULT_KEYWORDS | {"Message": None, "lazy_gettext": None, "_l": None}
# Packages whose pages are shown too: our file may fill gaps in their translations.
FRAMEWORK = ("flask_appbuilder", "flask_login", "flask_wtf", "wtforms")
# Written by hand because the usual header carries a date, which changes with every run.
HEADER = """\
# Chinese texts of the platform; kept by `make i18n`.
msgid ""
msgstr ""
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
Key = tuple[str, str | None]


def key_of(message: Message) -> Key:
    """The msgid (its singular) and the context, which together name a message."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text, message.context


def texts_of(value: object) -> tuple[str, ...]:
    """A msgid or msgstr as a tuple: one text, or one for each plural form."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list | tuple) else ()


def messages_in(catalog: Catalog) -> dict[Key, Message]:
    """The messages of a catalog without its header."""
    return {key_of(message): message for message in catalog if message.id}


def extract(folder: Path) -> dict[Key, Message]:
    """All texts of ``folder``: in code and templates, labels of members, texts of scripts."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]  # Babel's
    catalog = Catalog(locale=LOCALE)
    found = extract_from_dir(folder, methods, options, keywords=KEYWORDS)
    for _file, _line, text, _comments, context in found:
        catalog.add(text, context=context)
    for _member, label in LABELS:
        catalog.add(label)
    for path in sorted(folder.rglob("messages.json")):
        for text in json.loads(path.read_text(encoding="utf-8")).values():
            catalog.add(text)
    return messages_in(catalog)


def read(path: Path) -> dict[Key, Message]:
    """The messages of a ``.po`` file; empty when there is no such file."""
    if not path.exists():
        return {}
    return messages_in(read_po(BytesIO(path.read_bytes()), locale=LOCALE))


@cache
def framework_source() -> str:
    """Everything the framework's packages could show, as one text to search in."""
    parts = []
    for name in FRAMEWORK:
        spec = importlib.util.find_spec(name)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for pattern in ("*.py", "*.html", "*.po"):
                files = sorted(Path(folder).rglob(pattern))
                parts += [file.read_text(encoding="utf-8", errors="ignore") for file in files]
    return "\n".join(parts)


def merge(used: dict[Key, Message], known: Iterable[dict[Key, Message]]) -> dict[Key, Message]:
    """The texts ``used`` in the code, translated from the first of ``known`` that can.

    What ``known`` has beyond them stays: it translates the framework, or ``problems`` names it.
    """
    merged = {
        key: Message(message.id, context=message.context, flags=message.flags - {"fuzzy"})
        for key, message in used.items()
    }
    for messages in known:
        for key, message in messages.items():
            target = merged.setdefault(key, message)
            if not any(texts_of(target.string)) and not message.fuzzy:
                target.string = message.string
    return merged


def problems(used: dict[Key, Message], present: dict[Key, Message]) -> Iterator[str]:
    """What is left to do, one line each."""
    for key in used.keys() - present.keys():
        yield f"not in messages.po (run make i18n): {key[0]!r}"
    for key, message in present.items():
        translations = texts_of(message.string)
        if not translations or not all(translations):
            yield f"without a Chinese text: {key[0]!r}"
        if message.fuzzy:
            yield f"marked fuzzy: {key[0]!r}"
        wanted = set(PLACEHOLDER.findall(" ".join(texts_of(message.id))))
        for translation in filter(None, translations):
            if set(PLACEHOLDER.findall(translation)) != wanted:
                yield f"different placeholders: {key[0]!r} and {translation!r}"
        if key not in used and key[0] not in framework_source():
            yield f"used nowhere, remove it or use it: {key[0]!r}"


def disagreements(sources: Iterable[dict[Key, Message]]) -> Iterator[str]:
    """Texts that two sources translate differently."""
    first: dict[Key, Message] = {}
    for messages in sources:
        for key, message in messages.items():
            known = first.setdefault(key, message)
            if known.string and message.string and known.string != message.string:
                yield f"translated twice: {key[0]!r}: {known.string!r}, {message.string!r}"


def write(path: Path, messages: dict[Key, Message]) -> None:
    """Write ``messages`` to a ``.po`` file, sorted, without dates and line numbers."""
    catalog = Catalog(locale=LOCALE)
    for (_text, context), message in messages.items():
        catalog.add(message.id, message.string, flags=message.flags, context=context)
    body = BytesIO()
    write_po(body, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode().lstrip("\n"), encoding="utf-8")


def main() -> int:
    """Update the file, or with ``--check`` only judge it; the exit code tells the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail when stale")
    only_check = parser.parse_args().check
    used = extract(ROOT / "app")
    newer = [read(path) for path in sorted(FRAGMENTS.glob("*.po"))]
    if not only_check:
        write(MESSAGES, merge(used, [*newer, read(MESSAGES)]))
    found = sorted({*problems(used, read(MESSAGES)), *disagreements(newer)})
    print("\n".join(found) or f"{len(used)} texts, all with a Chinese translation")
    return 1 if only_check and found else 0


if __name__ == "__main__":
    sys.exit(main())
