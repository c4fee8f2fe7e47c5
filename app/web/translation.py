"""Messages from the rooms below, in the language of the page."""

from flask_babel import gettext

from app.domain.message import Message


def translated(message: Message) -> str:
    """The text of ``message``; messages among its parameters are put into words first."""
    parameters = {
        name: translated(value) if isinstance(value, Message) else value
        for name, value in message.parameters.items()
    }
    return str(gettext(message.msgid, **parameters))
