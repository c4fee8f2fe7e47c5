"""Making initial passwords, showing them once, and the workbook to hand them out."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.security import generate_password_hash

from app.actions.initial_password import make_password
from app.exchange.initial_password import Handout, by_department
from app.models.person import Person
from app.web.person.carried import pack_handouts
from app.web.person.labels import department_names

THREADS = 4
# A thirtieth of the usual work, still a megabyte of memory for every guess: 59
# random bits need no slow hash to withstand guessing (decision record 0011). The
# password that replaces it is hashed slowly, as all are.
INITIAL_METHOD = "scrypt:1024:8:1"


def make_passwords(keys: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Key → password and key → hash, for as many people as there are keys."""
    passwords = {key: make_password() for key in keys}
    # Hashing leaves the interpreter alone, so that several go at once.
    with ThreadPoolExecutor(THREADS) as pool:
        hashes = list(pool.map(_hashed, passwords.values()))
    return passwords, dict(zip(passwords, hashes, strict=True))


def handout_page(
    people: Sequence[Person], passwords: dict[str, str], done: str, back: str
) -> ResponseReturnValue:
    """The one page that shows the passwords; ``passwords`` goes by staff number."""
    names = department_names()
    handouts = [
        Handout(
            person.number,
            person.name,
            person.username or "",
            passwords[person.number],
            names.get(person.department_code or "", "—"),
        )
        for person in people
    ]
    response = make_response(
        render_template(
            "person/passwords.html",
            parts=by_department(handouts),
            carried=pack_handouts(handouts),
            address=own_address(),
            count=len(handouts),
            done=done,
            back=back,
        )
    )
    # Neither the browser's history nor a proxy keeps it.
    response.headers["Cache-Control"] = "no-store"
    return response


def own_address() -> str:
    """Where one signs in, if the configuration names it; what a request calls us proves nothing."""
    return request.host if current_app.config.get("TRUSTED_HOSTS") else ""


def _hashed(password: str) -> str:
    return generate_password_hash(password, INITIAL_METHOD)
