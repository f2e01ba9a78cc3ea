from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import InvalidName, labels_of, normalise
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.source import AnswerSource

T = TypeVar("T")


class SlowSource(AnswerSource):
    """Answers everything after a moment, and remembers what it was asked."""

    reaches_network = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.closed = False
        self.gate = asyncio.Event()

    async def ask(self, name: str, rdtype: str) -> Answer:
        self.asked.append((name, rdtype))
        await asyncio.sleep(0.01)
        if name.startswith("stuck"):
            await self.gate.wait()
        return Answer(name, rdtype, Status.NODATA, source="test")

    def knows(self, name: str, rdtype: str) -> bool:
        return (name, rdtype) in self.asked

    def describe(self) -> str:
        return "test"

    async def close(self) -> None:
        self.closed = True


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


def test_a_question_is_asked_once_however_many_want_to_know() -> None:
    async def main() -> tuple[list[tuple[str, str]], list[Answer]]:
        source = SlowSource()
        resolver = CachingResolver(source)
        spellings = ["acme.example", "ACME.Example.", "Acme.EXAMPLE"]
        answers = await asyncio.gather(
            *(resolver.query(name, kind) for name in spellings for kind in ("TXT", "txt"))
        )
        answers.append(await resolver.query("acme.example", "TYPE16"))
        return source.asked, list(answers)

    asked, answers = run(main())
    assert asked == [("acme.example", "TXT")]
    assert all(answer is answers[0] for answer in answers)


def test_cancelling_one_who_waits_leaves_the_question_to_the_others() -> None:
    async def main() -> tuple[list[tuple[str, str]], Answer]:
        source = SlowSource()
        resolver = CachingResolver(source)
        impatient = asyncio.create_task(resolver.query("acme.example", "TXT"))
        patient = asyncio.create_task(resolver.query("acme.example", "TXT"))
        await asyncio.sleep(0)
        impatient.cancel()
        answer = await patient
        assert impatient.cancelled()
        return source.asked, answer

    asked, answer = run(main())
    assert (asked, answer.status) == ([("acme.example", "TXT")], Status.NODATA)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a" * 64 + ".example", "63 octets"),
        (".".join(["a" * 60] * 5), "253 octets"),
        ("a..example", "empty label"),
        (".example", "empty label"),
        ("", "empty"),
        (" ", "empty"),
        ("a\\300.example", "cannot be written"),
        ("\u2028.example", "cannot be written"),
    ],
)
def test_names_that_dns_cannot_hold_are_not_asked(name: str, words: str) -> None:
    async def main() -> tuple[Answer, list[tuple[str, str]]]:
        source = SlowSource()
        resolver = CachingResolver(source)
        return await resolver.query(name, "A"), source.asked

    answer, asked = run(main())
    assert (answer.status, asked) == (Status.NXDOMAIN, [])
    assert words in (answer.detail or "")


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Example.ORG.", "example.org"),
        (".", "."),
        ("_dmarc.BÜCHER.example", "_dmarc.xn--bcher-kva.example"),
        (r"a\.B.example", r"a\.b.example"),
        (r"\065.example", "a.example"),
        ("a b.example", r"a\032b.example"),
        ("x" * 63 + ".example", "x" * 63 + ".example"),
    ],
)
def test_every_name_has_one_spelling(name: str, normal: str) -> None:
    assert normalise(name) == normal
    assert normalise(normal) == normal


def test_labels_are_split_at_real_dots_only() -> None:
    assert labels_of(normalise(r"A\.b.C")) == (b"a.b", b"c")
    assert labels_of(".") == ()
    with pytest.raises(InvalidName):
        normalise("a..b")


def test_an_unknown_type_is_a_mistake_of_the_caller() -> None:
    async def main() -> None:
        await CachingResolver(SlowSource()).query("acme.example", "NOPE")

    with pytest.raises(ValueError, match="NOPE"):
        run(main())


def test_answers_are_sorted_and_counted_once() -> None:
    async def main() -> tuple[list[tuple[str, str]], int]:
        resolver = CachingResolver(SlowSource())
        await resolver.query("b.example", "TXT")
        await resolver.query("b.example", "A")
        await resolver.query("a.example", "A")
        await resolver.query("a.example", "A")
        return [(answer.name, answer.type) for answer in resolver.answers()], resolver.count

    answers, count = run(main())
    assert answers == [("a.example", "A"), ("b.example", "A"), ("b.example", "TXT")]
    assert count == 3


def test_closing_stops_what_is_still_under_way() -> None:
    async def main() -> bool:
        source = SlowSource()
        async with CachingResolver(source) as resolver:
            asking = asyncio.ensure_future(resolver.query("stuck.example", "A"))
            await asyncio.sleep(0.02)
            asking.cancel()
        return source.closed

    assert run(main())


def test_a_question_apart_is_put_each_time_and_kept_nowhere() -> None:
    async def main() -> tuple[int, tuple[Answer, ...], Answer]:
        source = SlowSource()
        resolver = CachingResolver(source)
        for _ in range(2):
            await resolver.query_apart("Secret-Key.blocklist.example", "A")
        return len(source.asked), resolver.answers(), await resolver.query_apart("a..b", "A")

    asked, answers, invalid = run(main())
    assert (asked, answers, invalid.status) == (2, (), Status.NXDOMAIN)


def test_importing_the_resolver_imports_no_dnspython() -> None:
    program = (
        "import sys, mailaudit.facts.dns.open_resolver; print([n for n in sys.modules if n.startswith('dns.')])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
