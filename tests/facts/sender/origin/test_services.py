from __future__ import annotations

from pathlib import Path

from facts.sender.origin.test_platform_detection import KEY, observe

ZONE = f"""\
@ 3600 IN MX 10 aspmx.l.google.com.
@ 3600 IN TXT "v=spf1 include:_spf.google.com include:spf.mailjet.com include:spf.unknown.example include:unosend.co"\
 " include:spf-1.pphosted.com -all"
brevo1._domainkey 3600 IN CNAME b1.acme-example.dkim.brevo.com.
crm._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p={KEY}"
bounces 3600 IN MX 10 feedback-smtp.eu-west-1.amazonses.com.
"""


def test_every_service_is_told_with_what_shows_it(tmp_path: Path) -> None:
    keys = "dkim: [{selector: brevo1, domain: acme.example}]"

    found = {one.id or one.name: one for one in observe(tmp_path, ZONE, keys).origin.services}

    assert found["brevo"].sends
    assert found["brevo"].shown_by == ("dkim",)
    assert (found["google-workspace"].kind, found["google-workspace"].shown_by) == ("mailbox", ("spf", "mx"))
    assert found["amazon-ses"].shown_by == ("bounces",)
    assert (found["spf.unknown.example"].kind, found["spf.unknown.example"].shown_by) == ("unknown", ("spf",))
    assert (found["Unosend"].kind, found["Proofpoint"].kind) == ("service", "gateway")
    assert {name for name, one in found.items() if one.looks_unused} == {"mailjet", "Unosend"}


def test_a_key_named_after_a_known_service_of_spf_is_no_other_service(tmp_path: Path) -> None:
    zone = f'{ZONE}google._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p={KEY}"\n'

    assert "google.com" not in {one.name for one in observe(tmp_path, zone).origin.services}


def test_a_service_whose_key_lies_beside_its_include_does_not_look_unused(tmp_path: Path) -> None:
    zone = f'{ZONE}mailjet._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p={KEY}"\n'

    services = observe(tmp_path, zone, "dkim: [{selector: brevo1, domain: acme.example}]").origin.services

    found = next(one for one in services if one.id == "mailjet")
    assert (found.shown_by, found.looks_unused) == (("spf", "dkim"), False)
