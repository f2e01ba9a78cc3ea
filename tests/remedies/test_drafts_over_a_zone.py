"""`--diff-zone` tells who may send with a draft who could not, and who may no longer."""

from __future__ import annotations

from pathlib import Path

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.reports.document.build import document
from mailaudit.reports.document.types import SpfChangeEntry

ZONE = "$ORIGIN acme.example.\n@ IN SOA ns1 host 1 1 1 1 1\n@ IN TXT {}\nhost IN A 198.51.100.4\n"


def changes(folder: Path, today: str, draft: str) -> tuple[SpfChangeEntry, ...]:
    (folder / "c.yml").write_text("from: news@acme.example\n", encoding="utf-8")
    (folder / "w.zone").write_text(ZONE.format(f'"{today}"'), encoding="utf-8")
    (folder / "d.zone").write_text(f'acme.example. IN TXT "{draft}"\n', encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    dns = DnsOptions(zones=(folder / "w.zone",), drafts=(folder / "d.zone",))
    return document(audit(plan, source, Options(dns=dns))).spf_changes


def test_gains_and_losses_are_networks(tmp_path: Path) -> None:
    (change,) = changes(
        tmp_path,
        "v=spf1 ip4:192.0.2.0/24 a:host.acme.example exists:%{i}.l.acme.example -all",
        "v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/29 ip6:2001:db8::/64 a:host.acme.example ~all",
    )
    assert change.domain == "acme.example"
    assert change.gains == ("2001:db8::/64",)
    assert change.loses[:2] == ("192.0.2.7", "192.0.2.8/29")
    assert change.loses[-1] == "exists:%{i}.l.acme.example"
    assert change.lookups == 1


def test_an_open_record_that_closes(tmp_path: Path) -> None:
    (change,) = changes(tmp_path, "v=spf1 +all", "v=spf1 ip4:192.0.2.1 -all")
    assert (change.gains, change.loses) == ((), ("everybody else",))


def test_what_nobody_knows_is_told(tmp_path: Path) -> None:
    (change,) = changes(tmp_path, "v=spf1 -all", "v=spf1 include:elsewhere.example ~all")
    assert change.gains == ("include:elsewhere.example",)
    assert change.unverified == ("include:elsewhere.example",)


def test_behind_ten_look_ups_nobody_could_send(tmp_path: Path) -> None:
    hosts = " ".join(["a:host.acme.example"] * 10)
    (change,) = changes(
        tmp_path,
        f"v=spf1 {hosts} mx ip4:192.0.2.9 -all",
        "v=spf1 a:host.acme.example ip4:192.0.2.9 -all",
    )
    assert change.gains == ("192.0.2.9",)
    assert change.loses == ()
