from __future__ import annotations

from datetime import date
from pathlib import Path

from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.pages.ages import stale_facts

OLD = """\
date: 2020-02-02
source: our notes
platforms:
  - {id: acme-mailer, name: ACME Mailer, evidence: [{kind: spf-include, values: [spf.mailer.example]}]}
  - {id: acme-new, name: ACME New, date: 2026-11-27}
"""


def test_only_what_was_checked_long_ago_is_stale(tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(OLD)

    with with_user_knowledge(tmp_path):
        found = stale_facts(365, date(2026, 11, 28))

    assert [(one.checked, one.file, one.about, one.source, one.facts) for one in found] == [
        (date(2020, 2, 2), "platforms.yml", "acme-mailer", "our notes", 2)
    ]


def test_the_oldest_comes_first_and_the_day_itself_counts_as_fresh() -> None:
    first = stale_facts(0, date(2026, 11, 29))

    assert [one.checked for one in first] == sorted(one.checked for one in first)
    assert stale_facts(6, date(2026, 11, 29)) == ()
    assert stale_facts(10**9, date(2026, 11, 29)) == ()
