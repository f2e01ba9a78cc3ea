from __future__ import annotations

from mailaudit.reports.content.glossary import terms
from reports import sample_documents as sample


def test_each_technical_word_of_the_findings_is_explained_once() -> None:
    assert [term for term, _ in terms(sample.troubled())] == ["SPF", "DKIM", "DMARC"]


def test_nothing_is_explained_when_nothing_was_found() -> None:
    assert terms(sample.document()) == []
