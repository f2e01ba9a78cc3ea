"""Sentences are read out of the source: whole, with placeholders, in every form that they can take."""

from __future__ import annotations

import textwrap

import pytest
from tools.language.documents import of_check, of_template
from tools.language.sentences import sentences


def read(body: str) -> list[tuple[str, str | None]]:
    source = "def told(facts, n, domain, found):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return [(message.one, message.many) for message in sentences(source)]


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ('return f"{domain} sends {facts.volume.messages:,} mails"', [("{domain} sends {messages} mails", None)]),
        (
            "return f\"{n:,} {'row is' if n == 1 else 'rows are'} wrong in {domain}\"",
            [("{n} row is wrong in {domain}", "{n} rows are wrong in {domain}")],
        ),
        (
            "return f\"{numbered(n, 'mail')} of {found.name} {'leaves' if n == 1 else 'leave'}\"",
            [("{n} mail of {found} leaves", "{n} mails of {found} leave")],
        ),
        (
            """
            since = f" from {found} on" if found else ""
            return f"{domain} sends too much{since}."
            """,
            [("{domain} sends too much from {found} on.", None), ("{domain} sends too much.", None)],
        ),
        ('return Evidence("limit", f"{n:,} in {domain}")', [("limit", None), ("{number} in {domain}", None)]),
        ('return word("Sender")', [("Sender", None)]),
        ('return "first line\\nsecond line"', [("first line", None), ("second line", None)]),
        ('raise Unavailable(f"{domain} did not answer {domain}")', [("{domain} did not answer {domain}", None)]),
        ('return "v= must stand first in it"', [("v= must stand first in it", None)]),
        ('return "begin with `v=DMARC1; p=none` there"', [("begin with `v=DMARC1; p=none` there", None)]),
        ('return f"{domain} takes {{braces}} as they are"', [("{domain} takes {{braces}} as they are", None)]),
    ],
)
def test_a_sentence_is_a_message(body: str, messages: list[tuple[str, str | None]]) -> None:
    assert read(body) == messages


@pytest.mark.parametrize(
    "body",
    [
        '"""A docstring of two words."""',
        'return facts.execute("SELECT address FROM rows of the list")',
        're.compile("not a sentence here")',
        'raise TypeError("a mistake of the programmer")',
        'return found == "two words"',
        'return {"two words": n}',
        'return f"v=spf1 include:{domain} is all"',
        'return f"{domain}.{n}"',
        "return f\"{domain} {'is' if n else 'are'}\"",
        'return "of words for a program".split()',
        'return "250 2.6.0 Taken, and not delivered"',
        'return "Salesforce Marketing Cloud, Zoho"',
        'return "k string, why string"',
        "return \"define('WPMS_ON', true);\"",
    ],
)
def test_what_nobody_reads_is_none(body: str) -> None:
    assert read(body) == []


def test_a_sentence_of_very_many_forms_keeps_a_placeholder_for_a_part() -> None:
    parts = " ".join(f"{{'part {place} yes' if facts.a{place} else 'part {place} no'}}" for place in range(7))
    told = read(f'return f"All of this: {parts}"')
    assert len({one for one, _ in told if one.startswith("All of this")}) <= 24


def test_the_page_of_a_check_tells_its_title_why_and_how() -> None:
    page = '"""The title.\n\n## Why it matters\nIt\nmatters.\n\n## How to fix\n1. Do this\n   now.\n2. Then that.\n"""'
    assert list(of_check(page)) == ["The title.", "It matters.", "Do this now.", "Then that."]


def test_a_template_says_what_its_expressions_say() -> None:
    told = of_template('<p>{{ "For " ~ c.owner }}{{ "each" if c.many else "it" }}{{ c.name }}</p><b>raw</b>')
    assert list(told) == ["For {owner}", "each", "it"]
