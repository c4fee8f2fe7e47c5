"""Which passwords are good enough, told by examples."""

import pytest

from app.domain.password import faults_of

NAMES = ["03002", "li_jing", "李静"]
PRESENT = "Present-2026-pass"
SHORT, LONG, UNPRINTABLE = "too short", "at most", "cannot be typed"
SIMPLE, COMMON, NAMED, SAME = "repeats", "tries first", "your name", "present password"


def faults(password: str) -> list[str]:
    return [fault.english() for fault in faults_of(password, NAMES, PRESENT)]


@pytest.mark.parametrize(
    "password",
    [
        "Blaue8Kuh",
        "qS9-mwLd",
        "kiefernwald",
        "kiefer 77 wald",
        "7482910365",
        "四月里桃花开满后山坡",
        "桃花Kx-71五月",
        "correct horse battery staple",
        "ß-Äpfel-Öl-9",
        "x" * 40 + "abcdefgh-ijk",
        "Tr0ub4dor&3",
        "JinTianTianQi9",
        "ab03003cdefg",
        "aZ3$" * 30 + "qwe7!z",
    ],
)
def test_a_good_password_has_no_faults(password: str) -> None:
    assert faults(password) == []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("kurz", [SHORT, SIMPLE]),
        ("Kx9-abc", [SHORT]),
        ("kieferwal", [SHORT]),
        ("Kieferwal", [SHORT]),
        ("桃花开满后山", [SHORT]),
        ("a" * 129, [LONG, SIMPLE]),
        ("kiefern\x00wald", [UNPRINTABLE]),
        ("kiefern\nwald", [UNPRINTABLE]),
        ("aaaaaaaaaaaa", [SIMPLE]),
        ("ababababab", [SIMPLE]),
        ("1234567890", [SIMPLE]),
        ("0987654321", [SIMPLE]),
        ("abcdefghij", [SIMPLE]),
        ("zyxwvutsrq", [SIMPLE]),
        ("Password1!", [COMMON]),
        ("P@ssw0rd123", [COMMON]),
        ("Passw0rd2026", [COMMON]),
        ("Admin@2026", [COMMON]),
        ("Qwerty123456", [COMMON]),
        ("1qaz2wsx!!", [COMMON]),
        ("Aa123456", [COMMON]),
        ("a123456789", [COMMON]),
        ("woaini1314", [COMMON]),
        ("Woaini1314520", [COMMON]),
        ("Demo-2026", [COMMON]),
        ("Jiaoshi2026", [COMMON]),
        ("Lehrer03002", [NAMED]),
        ("LI_JING-kuh8", [NAMED]),
        ("李静的密码很长很长", [SHORT, NAMED]),
        (PRESENT, [SAME]),
        ("03002", [SHORT, SIMPLE, NAMED]),
        ("", [SHORT, SIMPLE]),
    ],
)
def test_all_that_is_wrong_is_named(password: str, expected: list[str]) -> None:
    found = faults(password)

    assert len(found) == len(expected), found
    assert all(words in fault for words, fault in zip(expected, found, strict=True)), found


def test_a_short_sign_in_name_may_be_part_of_a_password_by_chance() -> None:
    assert faults_of("Aquarium-77", ["qa", "9", ""]) == []
    assert "your name" in faults_of("qa", ["qa"])[-1].english()
