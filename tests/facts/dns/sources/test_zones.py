from __future__ import annotations

import asyncio
from pathlib import Path

import dns.exception
import dns.name
import dns.rdata
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import normalise
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.zone_file import parse_zone, read_zone_file, read_zone_files
from mailaudit.facts.dns.sources.zones import ZoneSource

# The zone of RFC 4592, section 2.2.1, with a delegation's target and an alias added.
RFC_4592 = """
$ORIGIN example.
@                 3600 IN SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 300
example.          3600 IN NS    ns.example.com.
example.          3600 IN NS    ns.example.net.
*.example.        3600    TXT   "this is a wildcard"
*.example.        3600    MX    10 host1.example.
sub.*.example.    3600    TXT   "this is not a wildcard"
host1.example.    3600    A     192.0.2.1
_ssh._tcp.host1.example.  3600  SRV 0 0 22 host1.example.
_ssh._tcp.host2.example.  3600  SRV 0 0 22 host1.example.
subdel.example.   3600    NS    ns.example.com.
subdel.example.   3600    NS    ns.example.net.
ns.subdel.example. 3600   A     192.0.2.53
"""
ACME = r"""
$TTL 300
acme.example. SOA ns1 hostmaster 1 7200 3600 1209600 60
@        NS ns1
         MX 10 mx1
         TXT ( "v=spf1 include:spf.brevo.example" ; split
               " -all" )
ns1      A 192.0.2.1
mx1      60 IN A 192.0.2.2
         IN 90 AAAA 2001:db8::2
www      CNAME mx1
far      CNAME click.brevo.example.
away     CNAME host.nowhere.example.
gone     CNAME missing
loop     CNAME loop
a.b.ent  A 192.0.2.9
old      DNAME new
x.new    A 192.0.2.3
e\.f     TXT "a dot in a label"
sub      NS ns.sub
ns.sub   A 192.0.2.4
kept     NS ns.kept
spf.brevo.example. TXT "v=spf1 ip4:203.0.113.0/24 -all"
click.brevo.example. A 203.0.113.9
$ORIGIN s1._domainkey.acme.example.
@ TXT "v=DKIM1; p="
$ORIGIN 113.0.203.in-addr.arpa.
25 PTR out25.acme.example.
"""
KEPT = '$ORIGIN kept.acme.example.\n@ TXT "a file of its own"\n'
REVERSE = "7.100.51.198.in-addr.arpa. PTR mail.acme.example.\n"


def source(*texts: str, partial: bool = False) -> ZoneSource:
    return ZoneSource(
        [parse_zone(text, display=f"{number}.zone") for number, text in enumerate(texts)], partial=partial
    )


def ask(zones: ZoneSource, name: str, rdtype: str) -> Answer:
    return zones.answer(normalise(name), rdtype)


@pytest.mark.parametrize(
    ("name", "rdtype", "status"),
    [
        # The questions of RFC 4592, section 2.2.1.
        ("host3.example", "MX", Status.ANSWER),
        ("host3.example", "A", Status.NODATA),
        ("foo.bar.example", "TXT", Status.ANSWER),
        ("host1.example", "MX", Status.NODATA),
        ("sub.*.example", "MX", Status.NODATA),
        ("_telnet._tcp.host1.example", "SRV", Status.NXDOMAIN),
        ("host.subdel.example", "A", Status.REFUSED),
        ("ghost.*.example", "MX", Status.NXDOMAIN),
        # Empty non-terminals stop a wildcard (section 2.2.3).
        ("host2.example", "TXT", Status.NODATA),
        ("_tcp.host2.example", "TXT", Status.NODATA),
        ("*.example", "TXT", Status.ANSWER),
        ("subdel.example", "NS", Status.ANSWER),
        ("subdel.example", "DS", Status.NODATA),
        ("ns.subdel.example", "A", Status.REFUSED),
    ],
)
def test_wildcards_and_delegations_follow_rfc_4592(name: str, rdtype: str, status: Status) -> None:
    assert ask(source(RFC_4592), name, rdtype).status is status


@pytest.mark.parametrize(
    ("name", "rdtype", "status", "texts"),
    [
        ("acme.example", "MX", Status.ANSWER, ["10 mx1.acme.example."]),
        ("ACME.example.", "TXT", Status.ANSWER, ['"v=spf1 include:spf.brevo.example" " -all"']),
        ("mx1.acme.example", "AAAA", Status.ANSWER, ["2001:db8::2"]),
        ("www.acme.example", "A", Status.ANSWER, ["192.0.2.2"]),
        ("www.acme.example", "CNAME", Status.ANSWER, ["mx1.acme.example."]),
        ("www.acme.example", "TXT", Status.NODATA, []),
        ("far.acme.example", "A", Status.ANSWER, ["203.0.113.9"]),
        ("far.acme.example", "AAAA", Status.NODATA, []),
        ("away.acme.example", "A", Status.REFUSED, []),
        ("gone.acme.example", "A", Status.NXDOMAIN, []),
        ("loop.acme.example", "A", Status.SERVFAIL, []),
        ("b.ent.acme.example", "A", Status.NODATA, []),
        ("x.ent.acme.example", "A", Status.NXDOMAIN, []),
        ("x.old.acme.example", "A", Status.ANSWER, ["192.0.2.3"]),
        ("old.acme.example", "A", Status.NODATA, []),
        (r"e\.f.acme.example", "TXT", Status.ANSWER, ['"a dot in a label"']),
        ("e.f.acme.example", "TXT", Status.NXDOMAIN, []),
        ("www.sub.acme.example", "A", Status.REFUSED, []),
        ("kept.acme.example", "TXT", Status.ANSWER, ['"a file of its own"']),
        ("x.kept.acme.example", "TXT", Status.NXDOMAIN, []),
        ("spf.brevo.example", "TXT", Status.ANSWER, ['"v=spf1 ip4:203.0.113.0/24 -all"']),
        ("brevo.example", "TXT", Status.NODATA, []),
        ("other.brevo.example", "TXT", Status.NXDOMAIN, []),
        ("s1._domainkey.acme.example", "TXT", Status.ANSWER, ['"v=DKIM1; p="']),
        ("s2._domainkey.acme.example", "TXT", Status.NXDOMAIN, []),
        ("25.113.0.203.in-addr.arpa", "PTR", Status.ANSWER, ["out25.acme.example."]),
        ("26.113.0.203.in-addr.arpa", "PTR", Status.NXDOMAIN, []),
        ("7.100.51.198.in-addr.arpa", "PTR", Status.ANSWER, ["mail.acme.example."]),
        ("8.100.51.198.in-addr.arpa", "PTR", Status.REFUSED, []),
        ("nowhere.example", "TXT", Status.REFUSED, []),
        ("_dmarc.example", "TXT", Status.REFUSED, []),
        ("example", "TXT", Status.REFUSED, []),
    ],
)
def test_questions_are_answered_as_a_server_would(
    name: str, rdtype: str, status: Status, texts: list[str]
) -> None:
    answer = ask(source(ACME, KEPT, REVERSE), name, rdtype)
    assert (answer.status, [record.to_text() for record in answer.records]) == (status, texts)


def test_an_answer_carries_its_chain_ttl_size_and_file() -> None:
    answer = ask(source(ACME), "www.acme.example", "A")
    assert (answer.cname_chain, answer.ttl, answer.source) == (("mx1.acme.example",), 60, "zone 0.zone")
    assert answer.size == 12 + (1 + 3 + 14 + 4) + (2 + 10 + 4 + 2) + (2 + 10 + 4) + 11


def test_what_does_not_exist_has_the_negative_ttl_of_the_soa_record() -> None:
    assert ask(source(ACME), "nope.acme.example", "A").ttl == 60


def test_an_unknown_name_says_which() -> None:
    answer = ask(source(ACME), "away.acme.example", "A")
    assert answer.detail == "no zone file covers host.nowhere.example"
    assert answer.cname_chain == ("host.nowhere.example",)


@pytest.mark.parametrize(("octets", "tcp"), [(1100, False), (1200, True)])
def test_an_answer_that_would_be_truncated_says_that_it_needs_tcp(octets: int, tcp: bool) -> None:  # noqa: FBT001 - a case
    strings = " ".join(f'"{"x" * 200}"' for _ in range(octets // 200)) + f' "{"x" * (octets % 200)}"'
    answer = ask(source(f"acme.example. TXT {strings}\n"), "acme.example", "TXT")
    assert answer.tcp is tcp
    assert answer.size is not None
    assert (answer.size > 1232) is tcp


def test_records_that_no_message_can_hold_fail_as_a_server_would() -> None:
    strings = " ".join(f'"{"x" * 255}"' for _ in range(200))
    zone = "".join(f'acme.example. TXT "{number}" {strings}\n' for number in range(2))
    assert ask(source(zone), "acme.example", "TXT").status is Status.SERVFAIL


@pytest.mark.parametrize(
    "line", ["$MAILAUDIT_CLOSED_WORLD", "; $MAILAUDIT_CLOSED_WORLD", "  ;$mailaudit_closed_world for tests"]
)
def test_in_a_closed_world_nothing_else_exists(line: str) -> None:
    zones = source(ACME + line + "\n")
    assert ask(zones, "nowhere.example", "TXT").status is Status.NXDOMAIN
    assert ask(zones, "away.acme.example", "A").status is Status.NXDOMAIN


FAULTS = """
$ORIGIN acme.example.
@ TXT "v=spf1 -all"
@ MX 10 mx
mx A 192.0.2.1
alias CNAME mx
!timeout @ TXT
!servfail mx *
!refused *.far MX
!nxdomain www.brevo.example. A
!nodata *.other.example. *
"""


@pytest.mark.parametrize(
    ("name", "rdtype", "status"),
    [
        ("acme.example", "TXT", Status.TIMEOUT),
        ("acme.example", "MX", Status.ANSWER),
        ("mx.acme.example", "A", Status.SERVFAIL),
        ("mx.acme.example", "AAAA", Status.SERVFAIL),
        ("alias.acme.example", "A", Status.SERVFAIL),
        ("far.acme.example", "MX", Status.NXDOMAIN),
        ("a.b.far.acme.example", "MX", Status.REFUSED),
        ("www.brevo.example", "A", Status.NXDOMAIN),
        ("www.brevo.example", "AAAA", Status.REFUSED),
        ("x.other.example", "TXT", Status.NODATA),
    ],
)
def test_faults_are_written_into_the_zone(name: str, rdtype: str, status: Status) -> None:
    assert ask(source(FAULTS), name, rdtype).status is status


def test_a_fault_says_where_it_was_written() -> None:
    assert ask(source(FAULTS), "acme.example", "TXT").detail == "so says 0.zone, line 7"


def test_names_are_relative_to_the_file_name_without_another_origin(tmp_path: Path) -> None:
    path = tmp_path / "acme.example.zone"
    path.write_text("@ IN TXT hello\nwww A 192.0.2.1\n", encoding="utf-8")
    zones = ZoneSource([read_zone_file(path)])
    assert ask(zones, "www.acme.example", "A").status is Status.ANSWER
    assert ask(zones, "nope.acme.example", "A").status is Status.NXDOMAIN


def test_internationalised_names_are_a_labels() -> None:
    answer = ask(source("bücher.example. TXT lies\n"), "BÜCHER.example", "TXT")
    assert (answer.name, answer.status) == ("xn--bcher-kva.example", Status.ANSWER)


def test_generated_records_are_made() -> None:
    zones = source("$ORIGIN 2.0.192.in-addr.arpa.\n$GENERATE 1-20 $ 60 IN PTR host-$.acme.example.\n")
    assert ask(zones, "17.2.0.192.in-addr.arpa", "PTR").records[0].to_text() == "host-17.acme.example."


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "z.zone"
    path.write_bytes(b'\xef\xbb\xbfacme.example. TXT "one"\r\nacme.example. MX 0 .\r\n')
    assert ask(ZoneSource([read_zone_file(path)]), "acme.example", "MX").records[0].to_text() == "0 ."


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("acme.example. TXT ok\nwww A 192.0.2.1\n", 2, "$ORIGIN"),
        ("acme.example. TXTT ok\n", 1, "unknown record type"),
        ('acme.example. TXT ok\n\nacme.example. TXT "' + "x" * 256 + '"\n', 3, "quoted strings"),
        ("acme.example. A 192.0.2.300\n", 1, "cannot read this record"),
        ('acme.example. TXT "open\n', 1, "cannot read this record"),
        ("acme.example. TXT ( open\n", 1, "cannot read this record"),
        ("$INCLUDE /etc/passwd\n", 1, "not followed"),
        ("$WHATEVER 1\n", 1, "unknown directive"),
        ("acme.example. CH TXT x\n", 1, "class"),
        ("!sleep acme.example. TXT\n", 1, "!timeout"),
        ("!timeout acme.example. NOPE\n", 1, "unknown record type"),
        ("  TXT orphan\n", 1, "no name"),
        (f"{'a' * 64}.example. TXT x\n", 1, "not a domain name"),
        ("a..example. TXT x\n", 1, "not a domain name"),
        ("acme.example. CNAME x.example.\nacme.example. CNAME y.example.\n", 1, "several"),
        ("$GENERATE 1-99999999 $.acme.example. A 192.0.2.1\n", 1, "too many"),
        ("$GENERATE 1-2 a$.a. A 192.0.2.1\n$GENERATE 1-16384 b$.a. A 192.0.2.1\n", 2, "too many"),
        ("acme.example. 99999999999 TXT x\n", 1, "cannot read"),
    ],
)
def test_a_bad_zone_file_names_the_line_and_the_way_out(text: str, line: int, words: str) -> None:
    with pytest.raises(InputError) as caught:
        source(text)
    (complaint,) = caught.value.complaints
    assert complaint.where is not None
    assert (complaint.where.path, complaint.where.line) == ("0.zone", line)
    assert complaint.todo
    assert words in str(complaint)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x7fELF\0\0", "binary"), (b'acme.example. TXT "\xe9"\n', "UTF-8"), (b"x" * (16 * 2**20 + 1), "16 MiB")],
)
def test_files_that_are_no_zone_files_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.zone"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_zone_file(path)


def test_several_files_generate_no_more_records_than_one(tmp_path: Path) -> None:
    paths = [tmp_path / f"{one}.zone" for one in "ab"]
    for path, stop in zip(paths, (2, 16_384), strict=True):
        path.write_text(f"$ORIGIN {path.stem}.example.\n$GENERATE 1-{stop} h$ A 192.0.2.1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.zone:2: \$GENERATE makes too many"):
        read_zone_files(paths)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.zone"):
        with pytest.raises(InputError, match="cannot read the zone file"):
            read_zone_file(path)


_WORDS = st.sampled_from(
    ["acme.example.", "@", "www", "*", "*.x", "IN", "CH", "60", "1h", "TXT", "A", "MX", "CNAME", "NS", "SOA", "DNAME",
     "192.0.2.1", '"x', 'y"', "(", ")", ";", "\n", "\n ", "$ORIGIN", "$TTL", "$GENERATE", "1-3", "!timeout", "\\", "\\0",
     "\\300", "..", "10", "é", "\u202e", "\\# 1 00", "TYPE9999"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=25).map(" ".join) | st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        zones = source(text, '$ORIGIN acme.example.\nwww CNAME @\n@ TXT "x"\n')
    except InputError:
        return
    for name in ("acme.example", "www.acme.example", "a.x.acme.example", "x"):
        assert ask(zones, name, "TXT").status in Status


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=255), st.binary(min_size=1, max_size=63).filter(lambda label: label != b"*"))
def test_any_octets_in_names_and_strings_come_back_unchanged(string: bytes, label: bytes) -> None:
    owner = dns.name.Name((label, b"acme", b"example", b""))
    escaped = "".join(f"\\{octet:03}" for octet in string)
    answer = ask(source(f'{owner.to_text()} TXT "{escaped}"\n'), owner.to_text(), "TXT")
    assert answer.texts() == (string,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("elsewhere.test", "nothing is known of elsewhere.test TXT: no zone file covers elsewhere.test"),
        (
            "sub.acme.example",
            "nothing is known of sub.acme.example TXT: no zone file covers sub.acme.example (other",
        ),
        ("shut.acme.example", "the DNS server refused for shut.acme.example TXT: so says acme.zone, line 4"),
    ],
)
def test_a_name_that_nobody_was_asked_for_was_not_refused(tmp_path: Path, name: str, words: str) -> None:
    file = tmp_path / "acme.zone"
    file.write_text(
        "$ORIGIN acme.example.\n@ TXT a\nsub NS ns1.elsewhere.example.\n!refused shut TXT\n", encoding="utf-8"
    )

    async def main() -> Answer:
        async with open_resolver(zones=[file]) as resolver:
            return await resolver.query(name, "TXT")

    assert asyncio.run(main()).failure.startswith(words)
