from __future__ import annotations

from collections.abc import Callable

import pytest

from mailaudit.campaign.yaml.complaints import MAX_COMPLAINTS

Complaints = Callable[[str], list[str]]
FROM = "from: news@acme.example\n"

MANY_MISTAKES = """\
from: nobody
sending:
  platfrom: brevo
  ips: [203.0.113.25, 10.0.0.0/8]
  ipz: 1
  website: https://www.acme.example/shop
  smtp: smtp.acme.example:99999
  helo: [mail]
  helo: mail
  dkim: {selector: s1}
recipients:
  files: recipient.csv
schedule:
  start: 2026-03-29T02:30
  timezone: Europe/Paris
  rate: 600/10m
  batch: {size: 0, evry: 24 hours}
  hours: "18:00-09:00"
  days: mon-friday
message: {subject: Sale}
limits:
  - {name: our relay, scope: domian, max: 2,000, window: 0h}
fail_on: eror
ignore:
  - check: spf-missing
"""

ALL_OF_THEM = """\
1:1: from: 'nobody' is not an e-mail address (an email address must have an @-sign); write for example news@acme.example
3:3: sending.platfrom: unknown key; did you mean platform?
4:23: sending.ips[1]: '10.0.0.0/8' is a network, not an address; list each address that sends, such as 10.0.0.0
5:3: sending.ipz: unknown key; did you mean ips?
6:3: sending.website: 'https://www.acme.example/shop' is a web address; drop https:// and write www.acme.example
7:3: sending.smtp: '99999' is not a port; write a number from 1 to 65535, such as 587
8:3: sending.helo: a list stands where one value is expected; write one value
9:3: sending.helo: written twice, in line 8 and in line 9; keep one of them
10:3: sending.dkim: a list is expected here; write for example dkim: [{selector: s1, domain: acme.example}]
12:3: recipients.files: there is no file 'recipient.csv'; did you mean recipients.csv?
14:3: schedule.start: 2026-03-29 02:30 does not exist in Europe/Paris: the clocks are put forward then; \
write for example 2026-03-29T03:30
16:3: schedule.rate: '600/10m' is not a rate; write 600/10min, or 600/10mo for months
17:3: schedule.batch.every: is missing; write for example every: 10min
17:3: schedule.batch: stands beside rate; keep one of rate, batch, over and limiter
17:11: schedule.batch.size: 0 is too small; write a whole number from 1 on
17:20: schedule.batch.evry: unknown key; did you mean every?
18:3: schedule.hours: the window ends before it begins; a window stays within one day, such as "18:00-24:00"
19:3: schedule.days: 'friday' is not a day; write fri
20:1: message: names no file; write for example html: template.html
22:23: limits[0].scope: 'domian' is not known here; did you mean domain?
22:45: limits[0].000: unknown key; write a number without separators, such as 2000
22:50: limits[0].window: '0h' is no time at all; write a duration above zero, such as 10min
23:1: fail_on: 'eror' is not known here; did you mean error?
25:5: ignore[0].reason: is missing; write for example reason: moves to quarantine in January
"""


def test_all_mistakes_are_said_at_once_in_line_order(complaints: Complaints) -> None:
    assert [text.removeprefix("campaign.yml:") for text in complaints(MANY_MISTAKES)] == ALL_OF_THEM.splitlines()


def test_an_unknown_key_reads_as_the_documentation_promises(complaints: Complaints) -> None:
    text = "\n" * 10 + "sending:\n  ipz: 203.0.113.25\nfrom: news@acme.example\n"
    assert complaints(text) == ["campaign.yml:12:3: sending.ipz: unknown key; did you mean ips?"]


def test_an_unknown_key_like_no_other_names_those_that_exist(complaints: Complaints) -> None:
    (only,) = complaints(f"{FROM}dns: {{cache: on}}\n")
    assert only == "campaign.yml:2:7: dns.cache: unknown key; known keys here: zones, servers"


@pytest.mark.parametrize(
    ("text", "kind"), [("- from: a@acme.example", "a list"), ("from:a@acme.example", "a text")]
)
def test_a_file_without_keys(complaints: Complaints, text: str, kind: str) -> None:
    todo = "write at least a line such as: from: ACME News <news@acme.example>"
    assert complaints(text) == [f"campaign.yml:1:1: the file holds {kind}, not keys with values; {todo}"]


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("dkim: []", "did you mean sending.dkim?"),
        ("rate: 40/h", "did you mean schedule.rate?"),
        ("schedule: {fail_on: note}", "did you mean fail_on at the top level?"),
        ("recipients: {files: recipients.csv, zones: []}", "did you mean dns.zones?"),
    ],
)
def test_a_key_at_the_wrong_level_is_shown_its_place(complaints: Complaints, text: str, todo: str) -> None:
    (only,) = complaints(f"{FROM}{text}\n")
    assert only.endswith(f": unknown key; {todo}")


def test_the_missing_from_address_is_shown_by_an_example(complaints: Complaints) -> None:
    assert complaints("name: Sale\n") == [
        "campaign.yml:1:1: from: is missing; write for example from: ACME News <news@acme.example>"
    ]


def test_a_required_key_without_a_value_is_said_at_its_line(complaints: Complaints) -> None:
    (only,) = complaints("name: Sale\nfrom:\n")
    assert only.startswith("campaign.yml:2:1: from: has no value; write for example from: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "sending: brevo",
            "sending: keys with values are expected here; write for example sending: {platform: brevo}",
        ),
        ("limits: {}", "limits: a list is expected here; write for example limits: [{name: our relay, "),
        ("limits: [x]", "limits[0]: keys with values are expected here"),
        ("recipients: {}", "recipients.files: is missing; write for example files: [recipients.csv]"),
        ("recipients: {table: a, query: b}", "recipients.query: stands beside table; keep one of them"),
        ("schedule: {rate: 1/s, over: 2h}", "schedule.over: stands beside rate; keep one of"),
        ("schedule: {limiter: listmonk, batch: {size: 1, every: 1s}}", "schedule.limiter: stands beside batch"),
        ("message: {eml: message.eml, text: template.txt}", "message.text: stands beside eml; keep one of them"),
        ("message: gone.eml", "message: there is no file 'gone.eml'"),
        ("message: [a]", "message: keys with values are expected here; write for example message: message.eml"),
        ("message: dns", "message: 'dns' is a directory; name a file in it"),
        (
            "recipients: {files: [mysql://db/x]}",
            "recipients.files[0]: a mysql address cannot be read; name a file",
        ),
        (
            "schedule: {timezone: europe/pariss}",
            "schedule.timezone: no time zone is called 'europe/pariss'; did you",
        ),
        ("sending: {ips: [~]}", "sending.ips[0]: has no value; write one value"),
        ("name: [a]", "name: a list stands where one value is expected; write one value"),
        ("name: {a: b}", "name: keys stand where one value is expected; write one value"),
        ("name: |\n  a\n  b", "name: is not one line of at most 1000 characters; write it in one line"),
        (f"name: {'x' * 1001}", "name: is not one line of at most 1000 characters"),
        ("name: ''", "name: is empty; write a text, or leave the key out"),
        ("ignore: [{check: x, reason: ''}]", "ignore[0].reason: is empty"),
        (
            "limits: [{name: a, scope: ip, max: 5, window: 1h, warn: 6}]",
            "limits[0].warn: 6 is above max, which is 5",
        ),
        (
            "fail_on: {}",
            "fail_on: keys stand where one value is expected; write one of error, warning, note,",
        ),
        (r'"a\nb": x', r"'a\nb': unknown key"),
        ("? ''\n: x", "'': unknown key"),
    ],
)
def test_one_mistake(complaints: Complaints, text: str, expected: str) -> None:
    (only,) = complaints(f"{FROM}{text}\n")
    where, _, said = only.partition(": ")
    assert where.startswith(("campaign.yml:2:", "campaign.yml:3:"))
    assert said.startswith(expected)


def test_the_password_of_a_database_is_never_said(complaints: Complaints) -> None:
    said = complaints(
        f"{FROM}message: postgresql://user:hunter2@db/x\nrecipients: {{files: mysql://u:hunter2@db}}\n"
    )
    assert len(said) == 2
    assert "hunter2" not in "".join(said)


def test_endless_mistakes_are_cut(complaints: Complaints) -> None:
    said = complaints(FROM + "".join(f"key{number}: x\n" for number in range(3000)))
    assert len(said) == MAX_COMPLAINTS + 1
    assert said[-1] == "campaign.yml:102:1: more problems from here on; put these right first"
