"""Channels outside: what is sent, and what may come of it.

What leaves the platform is a text without persons and values, and a link that asks to sign in.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from app.domain.message import Message

TIMEOUT = 10.0
LARGEST_ANSWER = 100_000


class SendingFault(Exception):  # noqa: N818 - an answer of somebody else, not an error of ours
    """A message was not taken; ``is_final`` where sending it again would change nothing.

    ``stops`` where nothing else is taken through the channel now either. ``taken`` are the marks
    of the addresses that have the message all the same, now or from an attempt before.
    """

    def __init__(
        self,
        told: Message,
        *,
        is_final: bool = False,
        stops: bool = False,
        taken: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(told.english())
        self.told = told
        self.is_final = is_final
        self.stops = stops
        self.taken = taken


@dataclass(frozen=True)
class Outgoing:
    """What is sent: a card with a text and a button; ``number`` (工号) says to whom, if to one.

    ``taken`` are the marks of the addresses that have it from an attempt before.
    """

    title: str
    text: str
    button: str
    link: str
    number: str = ""
    taken: frozenset[str] = frozenset()


class Sender(Protocol):
    """Sends one message. Raises SendingFault."""

    def send(self, message: Outgoing) -> None:
        """Hand the message over."""


@dataclass(frozen=True)
class Interface:
    """Where an application asks for a token and sends cards, and which answers mean what."""

    token_path: str
    send_path: str
    expired: frozenset[int]
    busy: frozenset[int]
    unknown_person: frozenset[int]


@dataclass
class PersonalSender(ABC):
    """An application that writes to single people by 工号; it fetches its token by itself."""

    address: str
    _token: str | None = field(default=None, repr=False, init=False)

    @property
    @abstractmethod
    def interface(self) -> Interface:
        """The interface it speaks to."""

    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """What is shown for a token."""

    @abstractmethod
    def card(self, message: Outgoing) -> Mapping[str, Any]:
        """The message as the interface wants it."""

    def send(self, message: Outgoing) -> None:
        """Send a card; a token that has run out is fetched anew, once. Raises SendingFault."""
        answer = self._send(message)
        if answer.get("errcode") in self.interface.expired:
            self._token = None
            answer = self._send(message)
        code, told = answer.get("errcode"), {"code": answer.get("errcode")}
        if code in self.interface.unknown_person or answer.get("invaliduser"):
            text = Message("nobody there has this staff number (%(code)s)", told)
            raise SendingFault(text, is_final=True)
        if code in self.interface.busy:
            raise SendingFault(Message("too many messages at once (%(code)s)", told), stops=True)
        if code != 0:
            raise SendingFault(Message("refused with code %(code)s", told))

    def _send(self, message: Outgoing) -> Mapping[str, Any]:
        query = {"access_token": self._fresh_token()}
        return call(self.address + self.interface.send_path, query, self.card(message))

    def _fresh_token(self) -> str:
        if self._token is None:
            answer = call(self.address + self.interface.token_path, self.credentials())
            if answer.get("errcode") != 0 or not answer.get("access_token"):
                told = {"code": answer.get("errcode")}
                message = Message("the application was not let in (%(code)s)", told)
                raise SendingFault(message, stops=True)
            self._token = str(answer["access_token"])
        return self._token


def call(
    address: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Ask a JSON interface; POST where there is a body. Raises SendingFault where it cannot."""
    request = Request(  # noqa: S310 - the settings allow https and this machine only
        f"{address}?{urlencode(query)}",
        data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - see above
            found = json.loads(answer.read(LARGEST_ANSWER))
    except HTTPError as error:
        error.close()
        raise _unreached(f"HTTP {error.code}") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        # The address carries secrets: only the kind of failure is told.
        raise _unreached(type(error).__name__) from None
    if not isinstance(found, dict):
        raise _unreached("JSON")
    return found


def _unreached(what: str) -> SendingFault:
    return SendingFault(
        Message("the service cannot be reached (%(what)s)", {"what": what}), stops=True
    )
