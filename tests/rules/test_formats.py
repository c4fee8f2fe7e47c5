"""Check digits catch slips of the pen."""

from hypothesis import assume, given
from hypothesis import strategies as st

from app.rules.formats import is_id_card, is_social_credit_code
from tests.factories import plausible_value, seed_catalogue

STAFF = seed_catalogue().tables["staff"]
COMPANY = seed_catalogue().tables["cooperating_company"]
NUMBERS = st.integers(0, 999_999)


def id_card(number: int) -> str:
    return str(plausible_value(STAFF.by_code["id_card_no"], seed_catalogue(), number))


def credit_code(number: int) -> str:
    return str(plausible_value(COMPANY.by_code["credit_code"], seed_catalogue(), number))


@given(number=NUMBERS, position=st.integers(0, 17), digit=st.sampled_from("0123456789X"))
def test_any_wrong_digit_of_an_identity_number_is_caught(
    number: int, position: int, digit: str
) -> None:
    right = id_card(number)
    wrong = right[:position] + digit + right[position + 1 :]
    assume(wrong != right)

    assert is_id_card(right)
    assert not is_id_card(wrong)


@given(number=NUMBERS, position=st.integers(0, 16))
def test_any_two_swapped_digits_of_an_identity_number_are_caught(
    number: int, position: int
) -> None:
    right = id_card(number)
    one, other = right[position], right[position + 1]
    assume(one != other)

    assert not is_id_card(right[:position] + other + one + right[position + 2 :])


@given(number=NUMBERS, position=st.integers(0, 17), digit=st.sampled_from("0123456789AMY"))
def test_any_wrong_character_of_a_credit_code_is_caught(
    number: int, position: int, digit: str
) -> None:
    right = credit_code(number)
    wrong = right[:position] + digit + right[position + 1 :]
    assume(wrong != right)

    assert is_social_credit_code(right)
    assert not is_social_credit_code(wrong)
