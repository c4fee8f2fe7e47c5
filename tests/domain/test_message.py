"""Messages carry an English text, its parameters, and a reason when something is refused."""

from app.domain.message import Message, Reason, Refused


def test_a_message_puts_its_parameters_in() -> None:
    message = Message("%(label)s may be at most %(maximum)s.", {"label": "学时", "maximum": 200})

    assert message.english() == "学时 may be at most 200."


def test_a_message_may_stand_inside_another() -> None:
    message = Message("Reason: %(why)s", {"why": Message("locked since %(day)s", {"day": "5月"})})

    assert message.english() == "Reason: locked since 5月"


def test_a_message_without_parameters_may_hold_a_percent_sign() -> None:
    assert Message("100 % done").english() == "100 % done"


def test_a_refusal_tells_its_message_and_reason() -> None:
    refusal = Refused(Message("Closed."), Reason.LOCKED, (Message("Table 5.1"),))

    assert str(refusal) == "Closed."
    assert refusal.reason is Reason.LOCKED
    assert refusal.details == (Message("Table 5.1"),)
    assert Refused(Message("No.")).reason is Reason.FORBIDDEN
