"""A list with every kind of row, and what a campaign may say about it: for engines that must count alike."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from typing import Any

import duckdb

from mailaudit.campaign.model import Campaign
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from support.lists import observed_list

DOMAINS = (
    "gmail.com",
    "gmail.com",
    "orange.fr",
    "gmial.com",
    "mailinator.com",
    "acme.example",
    "bücher.example",
    "acme.invalidtld",
)
DRESSED = ("{}", "{}", "{}", " {} ", "A Name <{}>", "{}.", "{}\n", "é{}", "x {}", "{};b@acme.example")


METHODS = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)
STOPPED = (
    "info@acme.example",
    "mailto:anna7@orange.fr",
    "@mailinator.com",
    "*.xn--bcher-kva.example",
    "a.nna8+x@gmail.com # left",
)
# A bounce export in which a lasting failure, a passing one, and a complaint are told apart.
BOUNCES = """email,bounce_type,reason
anna10@gmail.com,hard,550 no such user
anna11@gmail.com,soft,452 mailbox full
anna12@gmail.com,complaint,
"""
COLUMNS = ("E-Mail", "agreed", "opened", "Newsletter", "Status", "entered")
Row = tuple[str | None, ...]


def made_up(rows: int) -> list[Row]:
    rng = random.Random(1)
    names = ("anna", "Anna", "info", "bob", "sales+news", "carl.x", "c.arlx", "a" * 60)
    days = (
        None, "", "2024-02-30", "2024-02-29", "2024-01-05 10:00:00", "2019-01-05T10:00:00Z", "05/01/2024", "31.12.2020",
        "3 Mar 2018", "soon", "20230607", "1700000000", " 2024-03-01",
    )  # fmt: skip

    def cell() -> str:
        if rng.random() < 0.1:
            return rng.choice(("info@acme.example", "info+x@acme.example", "", "nobody", "x@y", "é@acme.example"))
        number = rng.choice(
            ("", f"{rng.randrange(rows // 4)}", f"{rng.randrange(rows):09}", f"{rng.randrange(30):02}")
        )
        return rng.choice(DRESSED).format(f"{rng.choice(names)}{number}@{rng.choice(DOMAINS)}")

    runs = [f"{stem}{number}@acme.example" for stem in ("test", "u0", "a.b") for number in range(5, 15)]
    known = [
        "bob1@gmail.com",
        "anna2@orange.fr",
        "Test7@acme.example",
        "test07@acme.example",
        "test0123456789@acme.example",
    ]
    listed = [*(cell() for _ in range(rows)), *runs, *known]
    answers, states = (
        (None, "", "yes", "yes", "nein", "N"),
        (None, "active", "cleaned", "unsubscribed", "pending", "0"),
    )
    wishes = (*days, "granted", "9.9.2027", "0000-00-00")
    return [
        (
            address,
            rng.choice(wishes),
            rng.choice(wishes),
            rng.choice(answers),
            rng.choice(states),
            rng.choice(days),
        )
        for address in listed
    ]


def campaign(recipients: dict[str, Any]) -> Campaign:
    plan = {
        "name": "t",
        "from": "news@acme.example",
        "schedule": {"start": "2026-12-01T09:00"},
        "recipients": recipients,
    }
    return Campaign.model_validate(plan)


def observed(recipients: dict[str, Any]) -> RecipientFacts:
    return observed_list(campaign(recipients))


def parquet(tmp_path: Path, rows: list[Row]) -> Path:
    path = tmp_path / "list.parquet"
    with duckdb.connect() as connection:
        create_list(connection, rows)
        connection.execute("COPY list TO ? (FORMAT parquet)", [str(path)])
    return path


def create_list(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    columns = ", ".join(f'unnest(?::VARCHAR[]) AS "{name}"' for name in COLUMNS)
    connection.execute(
        f"CREATE TABLE list AS SELECT {columns}, 1 AS id", [list(of) for of in zip(*rows, strict=True)]
    )


def evidence(tmp_path: Path) -> dict[str, Any]:
    """Return what a campaign may say of a list: people to leave out, results of a service, dated columns."""
    made = [method(f"anna{n}@gmail.com".encode()) for n, method in enumerate(METHODS)]
    written = [digest.hexdigest() for digest in made] + [
        base64.b64encode(method(f"bob{n}@orange.fr".encode()).digest()).decode()
        for n, method in enumerate(METHODS)
    ]
    (tmp_path / "stop.txt").write_text("\n".join([*STOPPED, *written]) + "\n", encoding="utf-8")
    (tmp_path / "bounces.csv").write_text(BOUNCES, encoding="utf-8")
    told = "email,status\nbob1@gmail.com,invalid\nanna2@orange.fr,Abuse\nanna3@orange.fr,valid\n"
    (tmp_path / "kickbox.csv").write_text(told, encoding="utf-8")
    return {
        "suppression": [tmp_path / "stop.txt", tmp_path / "bounces.csv"],
        "verification": [tmp_path / "kickbox.csv"],
        "consent": {"column": "agreed", "max_age": "3y", "fallback": "entered"},
        "last_engaged": {"column": "opened"},
    }


def assert_same(there: RecipientFacts, here: RecipientFacts) -> None:
    assert_same_numbers(there, here)
    assert {**here.files[0].counts, **there.files[0].counts} == here.files[0].counts
    # Which row stands first is known only in files.
    assert there.files[0].counts.keys() == set(Kind) - {Kind.PARKED, Kind.RECASED}  # no domain was asked
    unseen = {kind for kind, count in there.files[0].counts.items() if not count}
    assert unseen == {
        Kind.UNREADABLE,
        Kind.INACTIVE,
    }  # tables have no broken lines; no age is asked of the last opening


def assert_same_numbers(there: RecipientFacts, here: RecipientFacts) -> None:
    for number in ("rows", "valid", "invalid", "unreadable", "duplicates", "unique", "domains", "suppressed",
                   "opted_out", "missing", "role",
                   "disposable", "typo", "undeliverable_domain", "providers", "largest_company_domain"):  # fmt: skip
        assert getattr(there, number) == getattr(here, number), number
    assert there.files[0].reasons == here.files[0].reasons
    assert there.files[0].columns == here.files[0].columns
