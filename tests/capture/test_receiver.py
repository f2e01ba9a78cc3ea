"""A provider that is played, by the rules that are published of it."""

from __future__ import annotations

from mailaudit.capture.envelope import Envelope, Greeting
from mailaudit.capture.receiver import Receiver
from mailaudit.knowledge.receivers import provider_named
from mailaudit.knowledge.types.provider import Threshold


def test_a_large_sender_needs_the_signature_that_a_small_one_does_not() -> None:
    receiver, greeting = Receiver("microsoft", lambda: 0.0), Greeting(1, "plain")
    wanted = next(one for one in provider_named("microsoft").requirements if one.kind == "dkim")  # type: ignore[union-attr]
    assert isinstance(wanted.threshold, Threshold)

    def answer(head: bytes) -> str | None:
        return receiver.on_message(
            greeting, Envelope(recipients=["a@outlook.com"], content=head + b"\r\n\r\nhi\r\n")
        )

    plain, signed = b"From: a@acme.example", b"DKIM-Signature: v=1\r\nFrom: a@acme.example"
    assert {answer(plain) for _ in range(wanted.threshold.count)} == {None}
    assert answer(plain) == "550 5.7.515 DKIM-Signature missing"
    assert answer(signed) is None
    assert answer(b"From: b@other.example") is None


def test_what_is_no_address_is_refused_for_good_by_whoever_is_played() -> None:
    receiver, greeting = Receiver("mixed", lambda: 0.0), Greeting(1, "plain")
    answers = [
        receiver.on_recipient(greeting, Envelope(), one)
        for one in ("anna@gmail.com", "bob@shop..example", "carla", "dora dora@gmail.com", "emil@shop.example")
    ]
    assert [answer and answer[:9] for answer in answers] == [None, *["501 5.1.3"] * 3, None]
