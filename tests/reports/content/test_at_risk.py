from __future__ import annotations

from typing import Any

import pytest

from mailaudit.checks.finding import Outcome
from mailaudit.reports.content import headline
from mailaudit.reports.content.ranking import NOT_SELECTED
from mailaudit.reports.document.providers import CellEntry, MatrixRow, MatrixSection
from mailaudit.reports.document.types import Document, FactsSection
from reports import sample_documents as sample


def cell(requirement: str, state: str = "unverified", **changes: Any) -> CellEntry:
    values = {"text": requirement, "effect": "refused", "confidence": "high", **changes}
    return CellEntry.model_validate({"requirement": requirement, "state": state, **values})


def report(*rows: tuple[str, float, tuple[CellEntry, ...]], **sender: Any) -> Document:
    matrix = tuple(
        MatrixRow(provider=name, name=name, recipients=int(share * 100), share=share, cells=cells)
        for name, share, cells in rows
    )
    told = FactsSection(sender=sender, providers_matrix=MatrixSection(requirements=("spf",), rows=matrix))
    return sample.document(facts=told)


def test_who_might_refuse_is_in_the_first_sentence() -> None:
    told = report(("Orange", 0.3, (cell("spf", "unmet"),)), ("Gmail", 0.4, (cell("authentication"), cell("tls"))))
    refused = told.model_copy(update={"verdict": "not-ready"})
    assert headline.headline(refused) == (
        "Not ready: 30 % of your recipients (Orange) will refuse this mail, and 40 % (Gmail) too unless it is signed "
        "with DKIM: nothing shows that."
    )
    assert headline.headline(report(("Gmail", 0.4, (cell("helo"),)))) == (
        "Ready: nothing found that stops this campaign; but 40 % (Gmail) take it only if its server says its own name, "
        "and nothing shows that."
    )


@pytest.mark.parametrize(
    "unseen",
    [
        (cell("tls"),),
        (cell("spf", effect="deferred"),),
        (cell("spf", effect=None),),
        (cell("spf", confidence="low"),),
        (cell("spf", "not-required"),),
    ],
)
def test_what_does_not_stop_the_mail_or_shows_only_in_the_send_is_no_doubt(unseen: tuple[CellEntry, ...]) -> None:
    assert headline.headline(report(("Gmail", 1.0, unseen))) == "Ready: nothing found that stops this campaign."


def test_the_machines_of_a_platform_are_its_own_affair() -> None:
    told = report(("Orange", 1.0, (cell("helo"), cell("reverse-dns"))), sends_via="platform")
    assert headline.headline(told) == "Ready: nothing found that stops this campaign."


def test_a_doubt_names_the_root_and_not_what_follows_from_it() -> None:
    everything = tuple(map(cell, ("authentication", "spf", "dkim", "dmarc", "alignment")))
    told = headline.headline(report(("Orange", 1.0, everything)))
    assert "only if it passes SPF and it is signed with DKIM, and nothing" in told
    told = headline.headline(report(("Gmail", 1.0, tuple(map(cell, ("authentication", "spf"))))))
    assert "only if it passes SPF, and nothing" in told


def test_a_run_that_was_not_to_look_has_no_doubts() -> None:
    told = report(("Gmail", 1.0, (cell("spf"),)))
    unasked = sample.result("spf-missing", outcome=Outcome.SKIPPED, reason=NOT_SELECTED, findings=())
    asked = sample.result("role-account", outcome=Outcome.PASSED, findings=())
    told = told.model_copy(update={"results": (unasked, asked)})
    assert headline.headline(told) == "Ready: nothing found that stops this campaign."
