from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from mailaudit.knowledge import load
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.pages.as_yaml import entry_yaml

TODAY = date(2026, 11, 28)
NAMES = (
    "brevo", "mailchimp", "microsoft-365", "ovh", "gmail", "orange", "spamhaus-zen", "spamrats", "phpmailer", "comcast",
    "mail.h-email.net", "listmonk", "route53", "proofpoint",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_printed_entry_merges_into_ours_without_changing_it(name: str, tmp_path: Path) -> None:
    text = entry_yaml(name, TODAY)

    assert text is not None
    stems = []
    for part in text.split("---\n"):
        stem = part.partition(".yml")[0].removeprefix("# ")
        (tmp_path / f"{stem}.yml").write_text(part, encoding="utf-8")
        stems.append(stem)
    files = [file for file, stem in load.FILES.items() if stem in stems]
    before = [load.entries(file) for file in files]
    with with_user_knowledge(tmp_path):
        after = [load.entries(file) for file in files]
    assert [repr(one) for one in after] == [repr(one) for one in before]


def test_a_printed_entry_holds_no_defaults_and_every_fact_its_source() -> None:
    text = entry_yaml("laposte", TODAY)

    assert text is not None
    provider = yaml.safe_load(text.split("# providers.yml\n")[1].split("---\n")[0])["providers"][0]
    assert "more_domains" not in provider
    assert all("source" in row for row in provider["requirements"] if row["kind"] == "reverse-dns")


@pytest.mark.parametrize("name", ["", "no-such-thing", "::", "../../etc/passwd"])
def test_nothing_is_printed_for_an_unknown_name(name: str) -> None:
    assert entry_yaml(name, TODAY) is None
