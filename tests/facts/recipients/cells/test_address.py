from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.recipients.cells.address import judge
from mailaudit.facts.recipients.mask import mask
from support.effort import examples


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("anna@acme.example", "anna@acme.example"),
        ("  Anna@ACME.Example\t", "anna@acme.example"),
        ("Anna <anna@acme.example>", "anna@acme.example"),
        ('"Smith, A." <anna@acme.example>', "anna@acme.example"),
        ("Jürgen Öz <j@bücher.example>", "j@xn--bcher-kva.example"),
        ("<anna@acme.example>", "anna@acme.example"),
        ("anna@acme.example <anna@acme.example>", "anna@acme.example"),
        ("müller@acme.example", "müller@acme.example"),
    ],
)
def test_valid_cells(cell: str, key: str) -> None:
    assert judge(cell).key == key


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "no address"),
        ("anna", "no @ sign"),
        ("@acme.example", "nothing before"),
        ("anna@", "nothing after"),
        ("anna@@acme.example", "more than one @"),
        ("j_d@acme-s\x1fh@p.example", "an invisible character"),
        ("an na@acme.example", "a space before"),
        ("anna@acme. example", "a space after"),
        ("anna@acme", "without a dot"),
        ("anna@acme.test", "can receive no mail"),
        ("anna@acme.local", "can receive no mail"),
        ("anna@acme.123", "no letter"),
        (".anna@acme.example", "a dot at the start"),
        ("an..na@acme.example", "two dots"),
        ("anna@acme,example", "not allowed in a domain"),
        ("anna@[192.0.2.1]", "an IP address"),
        ("anna@-acme.example", "a hyphen"),
        ("a" * 65 + "@acme.example", "more than 64"),
        ("a@" + "b." * 150 + "example", "longer than 254"),
        ("anna@acme.example <bob@acme.example>", "more than one address"),
    ],
)
def test_invalid_cells_say_why(cell: str, reason: str) -> None:
    assert reason in (judge(cell).reason or "valid")


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None)
@given(st.text(st.sampled_from('aZ0.-_+@ "\\()<é中\u0301\u200d\u00a0ß\x00'), max_size=20) | st.emails())
def test_the_verdict_is_that_of_email_validator(text: str) -> None:
    if "<" in text:
        return
    try:
        wanted = validate_email(text.strip(), check_deliverability=False, strict=True).ascii_domain
    except EmailNotValidError:
        wanted = ""
    assert judge(text).domain == wanted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("anna.smith@acme.example", "a…@acme.example"),
        ("nobody here", "n… (11 characters)"),
        ("", "(empty)"),
        ("x\x1b[31m@acme.example\x1b[0m", "x…@acme.example…"),
        ("anna@gmail.com / 06 12 34 56 78", "a…@gmail.com…"),
        ("bob@gmail.com (Robert Smith)", "b…@gmail.com…"),
        ("dora@gmail.com,dora.private", "d…@gmail.com…"),
        ("eve@bücher.example", "e…@bücher.example"),
        ("anna@" + "b" * 200, "a…@" + "b" * 60 + "…"),
    ],
)
def test_nobody_is_named(text: str, shown: str) -> None:
    assert mask(text) == shown
