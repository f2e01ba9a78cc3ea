from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import disposable_email_domains
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.facts.dns.answer import Status
from mailaudit.facts.recipients.cells.dates import first_numbers, is_month_first, parse_date
from mailaudit.facts.recipients.cells.misspellings import (
    Misspelling,
    dead_endings,
    misspellings,
    popular_domains,
)
from mailaudit.facts.recipients.judging.domains import disposable_domains
from mailaudit.facts.recipients.judging.providers import provider_of_hosts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.names import has_top_level
from mailaudit.knowledge.load import entries
from mailaudit.knowledge.receivers import provider_domains
from mailaudit.knowledge.types.address import AddressesFile
from support.lists import observed_list
from support.told import Told


def observed(tmp_path: Path, lines: list[str], dns: Any = None, **more: object) -> RecipientFacts:
    path = tmp_path / "list.csv"
    path.write_text("email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": [path]}, **more}
    return observed_list(Campaign.model_validate(plan), dns)


def test_each_domain_is_asked_once_and_the_most_frequent_first(tmp_path: Path) -> None:
    dns = Told(
        {"b.example MX": ["10 mx.b.example."], "mx.b.example A": ["192.0.2.1"], "a.example A": ["192.0.2.2"]}
    )
    facts = observed(tmp_path, ["x@a.example", "x@b.example", "y@b.example", "z@B.example", "x@gmail.com"], dns)
    assert [name for name in dns.asked if name.endswith(" MX")] == ["b.example MX", "a.example MX"]
    assert len(dns.asked) == len(set(dns.asked))
    assert facts.undeliverable_domain == 0
    assert facts.lookups is not None
    assert facts.lookups.asked == 2


def test_silent_domains_are_counted_apart(tmp_path: Path) -> None:
    dns = Told({"a.example A": ["192.0.2.2"]}, other=Status.TIMEOUT)
    facts = observed(tmp_path, ["x@a.example", "x@b.example", "y@b.example"], dns)
    assert facts.undeliverable_domain == 0
    assert facts.lookups is not None
    assert (facts.lookups.silent, facts.lookups.silent_recipients) == (1, 2)
    assert "timed out" in (facts.lookups.why or "")


def test_providers_are_told_by_mx_before_the_name(tmp_path: Path) -> None:
    dns = Told(
        {
            "firm.example MX": ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."],
            "mixed.example MX": ["1 aspmx.l.google.com.", "5 mx.mixed.example."],
            "office.example MX": ["0 office-example.mail.protection.outlook.com."],
            "mx.mixed.example A": ["192.0.2.1"],
        }
    )
    lines = ["a@firm.example", "b@firm.example", "c@mixed.example", "d@office.example", "e@gmail.com", "f@att.net"]
    facts = observed(tmp_path, lines, dns)
    assert {(share.provider, share.recipients) for share in facts.providers} == {
        ("gmail", 3),
        ("microsoft-365", 1),
        ("yahoo", 1),
        ("other", 1),
    }
    assert sum(share.share for share in facts.providers) == pytest.approx(1)


def test_one_strange_host_is_enough_for_nobody() -> None:
    assert provider_of_hosts(["aspmx.l.google.com", "alt1.aspmx.l.google.com"]) == "gmail"
    assert provider_of_hosts(["aspmx.l.google.com", "mx.acme.example"]) is None
    assert provider_of_hosts([]) is None


def test_filters_are_told_by_their_hosts() -> None:
    assert provider_of_hosts(["cluster1.eu.messagelabs.com", "cluster1a.eu.messagelabs.com"]) == "symantec"
    assert provider_of_hosts(["acme.in.hes.trendmicro.eu"]) == "trendmicro"
    assert provider_of_hosts(["mx00.ionos.de", "mx01.ionos.de"]) == "ionos"


def test_the_sequence_follows_the_list_with_its_repeats(tmp_path: Path) -> None:
    lines = ["a@gmail.com", "broken", "B <b@orange.fr>", "a@gmail.com", "", "c@acme.example", "ü@gmail.com"]
    facts = observed(tmp_path, lines, schedule={"rate": "10/min"})
    assert facts.provider_sequence is not None
    named = [facts.provider_names[at] for at in facts.provider_sequence]
    assert named == ["gmail", "orange", "gmail", "acme.example", "gmail"]
    assert facts.messages == 5


def test_the_sequence_is_not_made_for_nobody(tmp_path: Path) -> None:
    assert observed(tmp_path, ["a@gmail.com"]).provider_sequence is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026-03-04T10:11:12+02:00", date(2026, 3, 4)),
        ("2026/3/4 10:00", date(2026, 3, 4)),
        ("04/03/2026", date(2026, 3, 4)),
        ("4.3.2026", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        ("4 March 2026", date(2026, 3, 4)),
        ("Mar 4, 2026", date(2026, 3, 4)),
        ("1772618400", date(2026, 3, 4)),
        ("1772618400000", date(2026, 3, 4)),
        ("12/31/2026", date(2026, 12, 31)),
        ("4/3/26", date(2026, 3, 4)),
        ("04.03.99 10:00", date(1999, 3, 4)),
        ("04-Mar-26", date(2026, 3, 4)),
        ("4/Mar/2026", date(2026, 3, 4)),
        ("20260304T100000Z", date(2026, 3, 4)),
        ("Wed, 04 Mar 2026 10:00:00 +0000", date(2026, 3, 4)),
        ("Wed Mar  4 10:00:00 2026", date(2026, 3, 4)),
        ("Wed Mar 04 2026 10:00:00 GMT+0100", date(2026, 3, 4)),
        ("Wednesday, March 4th, 2026", date(2026, 3, 4)),
        ("Mar. 4, 2026 at 10:00", date(2026, 3, 4)),
        ("4. März 2026", date(2026, 3, 4)),
        ("mercredi 4 février 2026", date(2026, 2, 4)),
        ("1er août 2026", date(2026, 8, 1)),
        ("14 juin 2026", date(2026, 6, 14)),
        ("14 juillet 2026", date(2026, 7, 14)),
        ("4 de enero de 2026", date(2026, 1, 4)),
        ("4 de março de 2026", date(2026, 3, 4)),
        ("4 maggio 2026", date(2026, 5, 4)),
        ("4 października 2026 r.", date(2026, 10, 4)),
        ("4 maart 2026", date(2026, 3, 4)),
        ("46085", date(2026, 3, 4)),
        ("46085.4166", date(2026, 3, 4)),
        ("31/02/2026", None),
        ("4 Foo 2026", None),
        ("5 Jan 10:30", None),
        ("5 janv. 12h30", None),
        ("Mon 5 Jan 10:00:00 GMT 2026", None),
        ("26-01-05", None),
        ("2026010510", date(2026, 1, 5)),
        ("202601051000", date(2026, 1, 5)),
        ("20260105100000", date(2026, 1, 5)),
        ("20260105100000.0Z", date(2026, 1, 5)),
        ("202601051000001", None),
        ("2026年1月5日 10:00", date(2026, 1, 5)),
        ("2026년 1월 5일", date(2026, 1, 5)),
        ("2026-01", date(2026, 1, 1)),
        ("1/2026", date(2026, 1, 1)),
        ("13.2026", None),
        ("2026", None),
        ("5. marraskuuta 2026", None),
        ("0000000000", None),
        ("12345", None),
        ("4", None),
        ("", None),
        ("yes", None),
        ("0000-00-00", None),
        ("9999999999999", date(2286, 11, 20)),
    ],
)
def test_dates(cell: str, day: date | None) -> None:
    assert parse_date(cell) == day


def test_the_order_of_day_and_month_is_seen_in_the_column() -> None:
    assert is_month_first(first_numbers(["03/04/2026", "03/14/2026"]))
    assert not is_month_first(first_numbers(["03/04/2026", "14/03/2026"]))
    assert parse_date("03/04/2026", month_first=True) == date(2026, 3, 4)


def test_the_order_is_told_by_one_cell_among_very_many(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = [f"p{n}@a.example,01/11/2026 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(6_000)]
    path.write_text("email,opt\n" + "\n".join([*lines, "q@a.example,01/25/2026 10:00:00"]), encoding="utf-8")
    plan = {
        "from": "news@acme.example",
        "recipients": {"files": [path], "consent": {"column": "opt", "max_age": "6mo"}},
        "schedule": {"start": "2026-12-01T09:00"},
    }
    facts = observed_list(Campaign.model_validate({"name": "t", **plan}))
    assert facts.files[0].counts[Kind.CONSENT_EXPIRED] == 6_001


def test_what_cannot_be_read_as_a_date_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email,opt\na@a.example,soon\nb@a.example,\n", encoding="utf-8")
    plan = {"from": "news@acme.example", "recipients": {"files": [path], "consent": {"column": "opt"}}}
    facts = observed_list(Campaign.model_validate({"name": "t", **plan}))
    reasons = [sample.reason for sample in facts.files[0].samples[Kind.CONSENT_MISSING]]
    assert reasons == ["what stands there cannot be read as a date", "no date"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slips", "right_ones", "found"),
    [(1, 1, 0), (3, 0, 0), (5, 2, 0), (2, 2, 0), (2, 3, 2), (10, 0, 0), (1, 0, 1)],
)
def test_a_domain_as_frequent_as_what_seems_meant_is_no_slip(
    tmp_path: Path, slips: int, right_ones: int, found: int
) -> None:
    lines = [f"p{n}@outlpok.com" for n in range(slips)] + [f"p{n}@outlook.com" for n in range(right_ones)]
    assert observed(tmp_path, lines).typo == found


def test_no_popular_domain_is_a_slip() -> None:
    slips = misspellings()
    assert not set(slips) & set(entries(AddressesFile).own_names)
    assert not {one.meant for one in slips.values()} & set(slips)
    assert slips["gmial.com"] == Misspelling("gmail.com", is_sure=True)
    assert not [slip for slip, one in slips.items() if slip.partition(".")[0] == "mail" and not one.is_sure]


def test_a_public_suffix_alone_is_nobodys_domain_unless_dns_says_so(tmp_path: Path) -> None:
    lines = ["a@co.uk", "b@com.au", "c@firm.co.uk", "d@bbc.uk", "e@gov.uk", "f@gov.in", "g@mil.no"]
    assert observed(tmp_path, lines).undeliverable_domain == 2
    dns = Told(
        {f"{name} A": ["192.0.2.1"] for name in ("co.uk", "firm.co.uk", "bbc.uk", "gov.uk", "gov.in", "mil.no")}
    )
    assert observed(tmp_path, lines, dns).undeliverable_domain == 1


def test_relays_are_not_disposable() -> None:
    listed = set(disposable_domains())
    assert "mailinator.com" in listed
    assert not listed & {"duck.com", "mozmail.com", "gmail.com", "proton.me", "fastmail.com"}


def test_hardly_a_real_domain_is_taken_for_a_slip() -> None:
    # Ten thousand registered domains that nobody made up for this test; four of them are slips indeed.
    slips = misspellings()
    listed = disposable_email_domains.blocklist
    assert {name for name in listed if name in slips} == {"gmial.com", "hotmai.com", "hotmial.com", "duam.net"}
    assert len(listed) > 5_000


def test_a_known_slip_is_one_however_often_it_stands_there(tmp_path: Path) -> None:
    assert observed(tmp_path, ["a@outlock.com", "b@outlock.com", "c@outlook.com"]).typo == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "domains",
    [
        "gmx.nte att.ner gmxx.net gxm.net atr.net me.con mee.com prton.me wpp.pl seznm.cz mial.ru nsver.com",
        "yahooco.jp yahoo.co.jpp rogerd.com ziigo.nl rediffmal.com 163.cmo ymali.com sezanm.cz onet.lp interai.pl",
        "rediffmial.com hanmial.net naevr.com bigpnod.com sympatcio.ca telenet.eb rambelr.ru yandx.ru freemial.hu",
        "proton.em garden.con garden.cmo",
    ],
)
def test_slips_in_providers_of_all_countries_are_seen(tmp_path: Path, domains: str) -> None:
    meant = [f"p{n}@{right}" for right in popular_domains() for n in range(2)]
    facts = observed(tmp_path, [*meant, *(f"q@{domain}" for domain in domains.split())])
    told = [sample.address.partition("@")[2] for sample in facts.files[0].samples[Kind.TYPO]]
    assert (told, facts.typo) == (domains.split(), len(told))


def test_no_provider_and_no_ending_that_exists_is_a_slip() -> None:
    assert not misspellings().keys() & provider_domains().keys()
    assert not [slip for slip, _ in dead_endings() if has_top_level(slip)]


def test_who_mistyped_asked_for_no_throw_away_mailbox(tmp_path: Path) -> None:
    facts = observed(tmp_path, ["a@gmial.com", "b@gmail.com", "c@mailinator.com", "d@tempmail.com", "e@royal.net"])
    assert (facts.typo, facts.disposable) == (1, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "local", ["info-de", "sales.fr", "contact_ch", "service.client", "risorseumane", "biuro", "resepsjon"]
)
def test_functions_are_known_in_many_languages_and_with_a_country_behind(tmp_path: Path, local: str) -> None:
    assert observed(tmp_path, [f"{local}@acme.example"]).role == 1


@pytest.mark.slow
@pytest.mark.parametrize("local", ["mark.sales", "info.meyer", "sales-anna", "infode", "di-de", "press.anna.j"])
def test_names_of_people_are_no_functions(tmp_path: Path, local: str) -> None:
    assert observed(tmp_path, [f"{local}@acme.example"]).role == 0
