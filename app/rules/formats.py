"""Formats of text fields: addresses, numbers of telephones, people, books."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from stdnum import isbn
from stdnum.cn import ric, uscc

from app.catalogue.base_table import FieldFormat

_URL = re.compile(r"https?://[^\s/?#]+\.[^\s/?#.]+(:\d+)?([/?#]\S*)?", re.IGNORECASE)
# The extension after a hyphen, ext. or 转.
_PHONE = re.compile(r"\+?[0-9][0-9() -]{4,}((ext\.?|转) ?[0-9]{1,6})?", re.IGNORECASE)
# A number of a place: area code with its zero, seven or eight digits, an extension of up to six.
_LOCAL = re.compile(
    r"0[1-9][0-9]{1,2}[) -]*([0-9][ -]?){7,8}(( *(ext\.?|转) ?|-)[0-9]{1,6})?", re.I
)
# An area code whose zero a spreadsheet has dropped: 710-3345678 for 0710-3345678. Numbers of
# services begin with 400 and 800, those of Hong Kong, Macao and Taiwan with their own codes.
_CUT_AREA_CODE = re.compile(
    r"\(?(?!400|800|852|853|886)(10|2[0-9]|[3-9][0-9]{2})(\) ?-?|-)[0-9]{7,8}(?![0-9])"
)
_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}|\+[0-9]{7,15}")
_EMAIL = re.compile(r"[^@\s<>\"'(),;:\\]{1,64}@([^@\s.<>\"'(),;:\\]+\.)+[^@\s.<>\"'(),;:\\]{2,}")
_ID_CARD = re.compile(r"[1-9][0-9]{5}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")


def is_url(text: str) -> bool:
    """An address of the web."""
    return bool(_URL.fullmatch(text))


def is_phone(text: str) -> bool:
    """A telephone number, or several with a mark between them."""
    numbers = re.split("[,;/、]", text)
    if any(_CUT_AREA_CODE.match(number.strip()) for number in numbers):
        return False
    return all(_is_one_phone(number.strip().lstrip("(")) for number in numbers)


def _is_one_phone(number: str) -> bool:
    if number.startswith("0") and not number.startswith("00"):
        return bool(_LOCAL.fullmatch(number))
    return bool(_PHONE.fullmatch(number))


def is_mobile(text: str) -> bool:
    """A mobile number of the mainland or an international one; spaces may stand in it."""
    return bool(_MOBILE.fullmatch(re.sub("[ -]", "", text)))


def is_email(text: str) -> bool:
    """An e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def is_id_card(text: str) -> bool:
    """A resident identity number by GB 11643: form, day of birth, check character.

    The place is not looked up: residents of Hong Kong, Macao and Taiwan and
    foreigners have numbers of the same build.
    """
    match = _ID_CARD.fullmatch(text.upper())
    if not match:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return bool(ric.calc_check_digit(match[0]) == match[0][-1])


def is_social_credit_code(text: str) -> bool:
    """A unified social credit code by GB 32100."""
    return bool(uscc.is_valid(text))


def is_isbn(text: str) -> bool:
    """A book number of 10 or 13 digits."""
    return bool(isbn.is_valid(text))


FORMATS: Mapping[FieldFormat, Callable[[str], bool]] = {
    FieldFormat.URL: is_url,
    FieldFormat.PHONE: is_phone,
    FieldFormat.MOBILE: is_mobile,
    FieldFormat.EMAIL: is_email,
    FieldFormat.ID_CARD: is_id_card,
    FieldFormat.SOCIAL_CREDIT_CODE: is_social_credit_code,
    FieldFormat.ISBN: is_isbn,
}
