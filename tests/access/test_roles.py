"""The roles the platform makes, and how they are told from others."""

import pytest

from app.access.person import Actor, Appointed
from app.access.roles import ROLES, is_platform_role, roles_of
from app.domain.cycle import CycleVerb
from app.domain.person import Function
from app.domain.submission import STEPS, Holder


def test_every_function_has_one_role() -> None:
    assert sorted(spec.function for spec in ROLES) == sorted(Function)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (Function.DATA_STEWARD, ("data_steward", "C01.steward")),
        (Function.HEAD, ("head", "C01.head")),
        (Function.TEACHER, ("teacher", "C01.teacher")),
        (Function.QA_OFFICE, ("qa_office",)),
        (Function.READER, ("reader",)),
    ],
)
def test_an_appointment_brings_its_roles(function: Function, names: tuple[str, ...]) -> None:
    assert roles_of(function, "C01") == names
    assert all(map(is_platform_role, names))


@pytest.mark.parametrize("name", ["Admin", "Public", "helpers", "v1.helpers", "steward", "qa"])
def test_other_roles_are_not_the_platforms(name: str) -> None:
    assert not is_platform_role(name)


def test_who_may_take_a_step_has_its_permission() -> None:
    functions = {
        Holder.FILLER: Function.DATA_STEWARD,
        Holder.STEWARD: Function.DATA_STEWARD,
        Holder.HEAD: Function.HEAD,
        Holder.QA_OFFICE: Function.QA_OFFICE,
    }
    granted = {spec.function: set(spec.grants) for spec in ROLES}

    assert not [
        step
        for step in STEPS
        if step.holder is not Holder.CYCLE
        and (step.verb.value, "submission") not in granted[functions[step.holder]]
    ]


def test_only_the_quality_office_and_the_archive_move_a_year() -> None:
    movers = {
        (spec.function, verb)
        for spec in ROLES
        for verb, resource in spec.grants
        if resource == "cycle" and verb != "read"
    }

    assert movers == {
        *((Function.QA_OFFICE, verb) for verb in CycleVerb if verb is not CycleVerb.ARCHIVE),
        (Function.ARCHIVE, CycleVerb.ARCHIVE),
    }


def test_the_administrator_takes_no_step_and_sees_no_rows() -> None:
    [spec] = [spec for spec in ROLES if spec.function is Function.ADMINISTRATOR]

    people = {"read", "add", "edit", "assign", "unlock", "import"}
    assert set(spec.grants) == {
        *((verb, "person") for verb in people),
        ("read", "cycle"),
        ("read", "assignment"),
        ("read", "permission"),
        ("read", "reminder"),
        ("edit", "permission"),
        ("read", "feed"),
        ("edit", "feed"),
        ("read", "job"),
        ("unlock", "account"),
        ("read", "audit_log"),
        ("verify", "audit_log"),
    }
    assert (spec.table_actions, spec.assigned_actions) == ((), ())


def test_an_actor_holds_what_he_is_appointed_to() -> None:
    held = (Appointed(Function.HEAD, "C01"), Appointed(Function.TEACHER, "C02"))
    actor = Actor("1", "某人", "somebody", appointments=held)

    assert actor.holds(Function.HEAD)
    assert actor.holds(Function.HEAD, "C01")
    assert not actor.holds(Function.HEAD, "C02")
    assert actor.departments(Function.HEAD, Function.TEACHER) == {"C01", "C02"}
    assert not actor.may("list", "course")
