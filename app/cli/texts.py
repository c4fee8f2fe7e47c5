"""Chinese for commands: their help is read before there is any application."""

import gettext
import os
from pathlib import Path

from app.catalogue.fault import CatalogueError
from app.domain.message import Message

PACKAGE = Path(__file__).parents[1]
# Beside the package in a checkout, inside it in an installed wheel.
FOLDERS = (PACKAGE.parent / "translations", PACKAGE / "_data" / "translations")
LANGUAGE = "zh"


def _folder() -> Path:
    return next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])


_translations = gettext.translation("messages", _folder(), languages=[LANGUAGE], fallback=True)


def _(text: str) -> str:
    """The Chinese of ``text``."""
    return _translations.gettext(text)


def N_(text: str) -> str:  # noqa: N802 - gettext's name for a text that is only noted
    """``text`` as it is; noted so that it gets a translation."""
    return text


def translated(message: Message) -> str:
    """The text of ``message``; messages among its parameters are put into words first."""
    parameters = {
        name: translated(value) if isinstance(value, Message) else value
        for name, value in message.parameters.items()
    }
    text = _(message.msgid)
    return text % parameters if parameters else text


def told_faults(error: CatalogueError) -> list[str]:
    """The faults of files; those of files that people write are put into words."""
    return [each if isinstance(each, str) else translated(each) for each in error.told]


def speak_chinese() -> None:
    """Let click's own texts come from our file too, whatever the terminal's language."""
    gettext.bindtextdomain("messages", str(_folder()))
    gettext.textdomain("messages")
    os.environ["LANGUAGE"] = LANGUAGE


# What click says itself; it asks gettext for these very texts.
CLICK_TEXTS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."),
    N_("file"),
    N_("Aborted!"),
    N_("Repeat for confirmation"),
    N_("Error: The two entered values do not match."),
    gettext.ngettext(
        "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1
    ),
    gettext.ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    gettext.ngettext(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1
    ),
)
