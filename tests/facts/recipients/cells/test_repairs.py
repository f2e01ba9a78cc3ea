from __future__ import annotations

import pytest

from mailaudit.facts.recipients.cells.address import judge
from mailaudit.facts.recipients.cells.repairs import repaired
from mailaudit.facts.recipients.cells.stop_entries import stop_entries


@pytest.mark.parametrize(
    ("cell", "meant", "reason"),
    [
        ("zoe\u200b@garden.example", "zoe@garden.example", "zero width space, U+200B"),
        ("zoe\uff20garden.example", "zoe@garden.example", "full width (U+FF20)"),
        ("zoe\u00a0@garden.example", "zoe@garden.example", "non-breaking space, U+00A0"),
        ("zoe @ garden.example", "zoe@garden.example", "a space"),
        ("mailto:zoe@garden.example?subject=Hi", "zoe@garden.example", "`mailto:`"),
        ("mailto:zoe%40garden.example", "zoe@garden.example", "`mailto:`"),
        ("rfc822;zoe@garden.example", "zoe@garden.example", "`rfc822:`"),
        ("zoe@garden.example;", "zoe@garden.example", "`;` behind the address"),
        ("zoe@garden.example.", "zoe@garden.example", "`.` behind the address"),
        ("'zoe@garden.example'", "zoe@garden.example", "`''` beside the address"),
        ("<zoe@garden.example", "zoe@garden.example", "`<` beside the address"),
        ("\u201ezoe@garden.example\u201c", "zoe@garden.example", None),
        ("zoe@garden,example", "zoe@garden.example", "not allowed in a domain"),
        ("zoe@garden..example", "zoe@garden.example", "two dots"),
        ("zoe@@garden.example", "zoe@garden.example", "more than one @"),
        ("zoe(at)garden.example", "zoe@garden.example", "a word in place of the @ sign"),
        ("zoe at garden.example", None, "no @ sign"),
        ("zoe@garden.test", None, "can receive no mail"),
        ("zoe@garden", None, "without a dot"),
        ("zoe", None, "no @ sign"),
        ("", None, "no address"),
        ("\u200b", None, "invisible"),
        ("x" * 5_000 + "@garden.example.", None, "longer than"),
    ],
)
def test_a_broken_cell_says_why_and_what_it_plainly_means(
    cell: str, meant: str | None, reason: str | None
) -> None:
    assert repaired(cell) == meant
    told = judge(cell).reason
    if reason is not None:
        assert reason in str(told)


def test_an_address_needs_no_repair() -> None:
    assert repaired("zoe@garden.example") is None


@pytest.mark.parametrize(
    ("cell", "first"),
    [
        ("a@x.example ::: b@y.example", "a@x.example"),
        ("Ann <a@x.example>; Ben <b@y.example>", "a@x.example"),
        ("a@x.example, b@y.example", "a@x.example"),
    ],
)
def test_of_several_addresses_the_first_one_counts(cell: str, first: str) -> None:
    found = judge(cell)
    assert (found.is_valid, found.several, found.key) == (True, True, first)


def test_the_same_address_twice_is_one() -> None:
    assert not judge("a@x.example; A@X.example").several


@pytest.mark.parametrize("cell", ["a@x.example; b@", "a@b@x.example", "a@x.example; b@y"])
def test_a_cell_with_anything_else_is_broken(cell: str) -> None:
    assert not judge(cell).is_valid


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("Zoe@Garden.example", ("zoe@garden.example",)),
        ("mailto:zoe@garden.example", ("zoe@garden.example",)),
        ("<zoe@garden.example>", ("zoe@garden.example",)),
        ("zoe\u200b@garden.example", ("zoe@garden.example",)),
        ("a@x.example; b@y.example", ("a@x.example", "b@y.example")),
        ("@Garden.example", ("@garden.example",)),
        ("garden.example", ("@garden.example",)),
        ("D41D8CD98F00B204E9800998ECF8427E", ("d41d8cd98f00b204e9800998ecf8427e",)),
        ("garden", ()),
        ("3.5", ()),
        ("2026-05-01", ()),
        ("", ()),
    ],
)
def test_an_entry_of_a_suppression_list_stops_whom_it_names(cell: str, entries: tuple[str, ...]) -> None:
    assert stop_entries(cell) == entries
