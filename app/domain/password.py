"""What a password has to be (等级保护 身份鉴别): hard to guess for those who know its owner."""

from collections.abc import Iterable
from itertools import pairwise

from app.domain.message import Message

SHORTEST = 10
# With three kinds of characters it may be shorter.
SHORTEST_MIXED = 8
KINDS_OF_MIXED = 3
LONGEST = 128
FEWEST_DIFFERENT = 5
# Shorter names may be part of a password by chance.
SHORTEST_NAME = 4
COMMON = frozenset(
    """
    password passw0rd password1 password123 iloveyou welcome letmein admin administrator root guest
    superman sunshine princess football baseball dragon monkey master shadow michael computer
    internet abc123 abcd1234 abc12345 a123456 aa123456 a1234567 a12345678 a123456789 qwe123
    qwer1234 qwertyuiop qwerty qwerty123 asdfghjkl zxcvbnm qazwsx qazwsxedc 1qaz2wsx 1q2w3e4r
    1q2w3e4r5t zaq12wsx 123qwe 123abc 147258369 159357 11223344 112233 12341234 123123123 123321
    5201314 1314520 woaini woaini1314 woaini520 woaiwojia nihao zhongguo beijing shanghai jiaoshi
    xuexiao xueyuan xuesheng laoshi daxue test test123 test1234 demo demo2026 changeme statedata
    """.split()  # noqa: SIM905 - a column of a hundred quoted words cannot be read
)
# Digits and signs that are written for the letter they look like.
LOOKALIKES = str.maketrans({"@": "a", "0": "o", "1": "l", "$": "s", "3": "e", "!": "i"})


def faults_of(password: str, names: Iterable[str], present: str | None = None) -> list[Message]:
    """Everything that is wrong with a new password, nothing when it is good.

    ``names`` are those of its owner (staff number, sign-in name, name); ``present`` is the
    password it replaces.
    """
    faults = []
    if len(password) < (SHORTEST_MIXED if _kinds(password) >= KINDS_OF_MIXED else SHORTEST):
        faults.append(
            Message(
                "It is too short: use at least %(plain)s characters, or %(mixed)s with three of"
                " capital letters, small letters, digits and others.",
                {"plain": SHORTEST, "mixed": SHORTEST_MIXED},
            )
        )
    if len(password) > LONGEST:
        faults.append(Message("It may have at most %(count)s characters.", {"count": LONGEST}))
    if not password.isprintable():
        faults.append(Message("It contains characters that cannot be typed everywhere."))
    if len(set(password)) < FEWEST_DIFFERENT or _is_run(password):
        faults.append(Message("It repeats a few characters or counts up or down; mix them more."))
    if _is_common(password):
        faults.append(Message("It is one of the passwords that everybody tries first."))
    if any(_contains_name(password, name) for name in names):
        faults.append(Message("It contains your name, staff number or sign-in name."))
    if present is not None and password == present:
        faults.append(Message("It is the present password; choose another one."))
    return faults


def _kinds(password: str) -> int:
    """How many of capitals, small letters, digits and others occur."""
    return len({_kind(character) for character in password})


def _kind(character: str) -> str:
    if not character.isascii() or not character.isalnum():
        return "other"
    if character.isdigit():
        return "digit"
    return "capital" if character.isupper() else "small"


def _is_run(password: str) -> bool:
    """Whether each character follows on the one before, as in 12345678 or hgfedcba."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    # 1234567890 goes back to zero at its end.
    return steps in ({1}, {-1}, {1, -9}, {-1, 9})


def _is_common(password: str) -> bool:
    """Whether it is a well-known one, perhaps with lookalikes or a year behind it."""
    plain = password.casefold()
    bare = plain.rstrip("0123456789!@#$.?-_*")
    return any(
        form in COMMON
        for word in (plain, bare, "".join(filter(str.isalnum, plain)))
        for form in (word, word.translate(LOOKALIKES))
    )


def _contains_name(password: str, name: str) -> bool:
    name, password = name.strip().casefold(), password.casefold()
    if not name:
        return False
    is_short = name.isascii() and len(name) < SHORTEST_NAME
    return password == name if is_short else name in password
