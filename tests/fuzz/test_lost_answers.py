"""Whatever single answer of DNS is lost, no check passes that failed, and none finds what was not there."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from fuzz import oracle
from fuzz.fuzzer import Trial, lost

_ZONE = """$ORIGIN acme.example.
@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ 3600 IN NS ns1
@ 3600 IN MX 10 mx
@ 3600 IN TXT "v=spf1 mx include:spf.brevo.com ~all"
mx 3600 IN A 203.0.113.25
www 3600 IN A 203.0.113.80
_dmarc 3600 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@acme.example"
brevo1._domainkey 3600 IN CNAME b1.acme-example.dkim.brevo.com.
s1._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
$ORIGIN 113.0.203.in-addr.arpa.
@ 3600 IN SOA ns1.acme.example. hostmaster.acme.example. 1 7200 3600 1209600 300
25 3600 IN PTR mx.acme.example.
$ORIGIN brevo.com.
@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
spf 3600 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
b1.acme-example.dkim 3600 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
"""
_WORLDS = {
    "a sub-domain from the mail server": "from: news@news.acme.example\nsending: {ips: [203.0.113.25]}\n",
    "a platform that the address contradicts": (
        "from: news@acme.example\nsending: {ips: [203.0.113.25], platform: brevo}\n"
        "schedule: {start: 2026-12-01T09:00, timezone: UTC, rate: 90/min}\n"
    ),
    "a platform that the key shows": (
        "from: news@acme.example\nsending: {ips: [198.51.100.7], dkim: [{selector: brevo1, domain: acme.example}]}\n"
        "ignore: [{check: dmarc-policy-none, reason: later}]\n"
    ),
    "an own mail server beside a delegated key": (
        "from: news@acme.example\nsending: {ips: [203.0.113.25], dkim: [{selector: brevo1, domain: acme.example}]}\n"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("world", _WORLDS.values(), ids=_WORLDS)
def test_a_lost_answer_turns_no_verdict_round(tmp_path: Path, world: str) -> None:
    (tmp_path / "campaign.yml").write_text(world, encoding="utf-8")
    (tmp_path / "a.zone").write_text(_ZONE, encoding="utf-8")
    trial = Trial(tmp_path, ("a.zone",), random.Random(1))
    [(lines, whole)] = trial.recorded()
    held = [place for place, line in enumerate(lines[1:], 1) if json.loads(line)["status"] == "answer"]

    for place in held:
        silent = trial.replayed([*lines[:place], lost(lines[place]), *lines[place + 1 :]])
        assert not [*oracle.broken_promises_of(silent), *oracle.silence_judged(whole, silent)], lines[place]
    assert len(held) > len(_ZONE.split("3600 IN")) / 3
