from __future__ import annotations

import re

from mailaudit.reports.formats import RenderOptions, formats
from reports import sample_documents as sample


def test_a_line_for_each_finding_that_counts() -> None:
    lines = formats()["lines"].render(sample.troubled(), RenderOptions()).splitlines()
    assert lines[0] == (
        "campaign.yml:12:3: error spf-does-not-authorize-sender The SPF record of shop.example does not allow "
        "203.0.113.25, from which this campaign is sent."
    )
    assert lines[3].startswith("recipients.csv:41:1: note address-role 12 addresses")
    assert "campaign.yml:1:1: warning dmarc-policy-none" in lines[2]
    assert len(lines) == 4


def test_no_text_makes_a_second_line() -> None:
    lines = formats()["lines"].render(sample.hostile(), RenderOptions()).splitlines()
    assert len(lines) == 1
    assert re.search(r":\d+:\d+: \w+ [a-z-]+ ", lines[0])
