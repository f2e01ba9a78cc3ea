"""Lists in a PostgreSQL database, on a server that the test starts on loopback."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanPlan
from mailaudit.errors import InputError
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from support import every_kind
from support.every_kind import COLUMNS, evidence, made_up
from support.lists import observed_list

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
FOLDERS = os.pathsep.join([*map(str, reversed(PROGRAMS)), os.environ.get("PATH", "")])
INITDB, SERVER = shutil.which("initdb", path=FOLDERS), shutil.which("postgres", path=FOLDERS)
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(SERVER is None, reason="PostgreSQL is not installed (apt-get install postgresql)"),
    pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="the package psycopg is not installed"),
]
# The server refuses to run as root, and the test may not.
ACCOUNT: dict[str, Any] = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
SETUP = """
CREATE SCHEMA crm;
CREATE TABLE crm."People" (id serial, "E-mail" varchar(80), opt_in date, seen timestamptz, tags jsonb);
INSERT INTO crm."People" ("E-mail", opt_in, seen, tags) VALUES
 ('anna@acme.example', '2026-11-01', now(), '{"a": 1}'), ('ANNA@acme.example', NULL, NULL, NULL),
 (NULL, NULL, NULL, NULL), ('Zoë <zoe@müller.example>', '2020-01-31', now(), '[]'), ('no address', NULL, NULL, NULL),
 ('100%@acme.example', NULL, NULL, NULL);
CREATE TABLE nobody (email text);
CREATE TABLE many AS SELECT 'p' || n || '@d' || n % 997 || '.example' AS email FROM generate_series(1, 50000) AS n;
CREATE FUNCTION remove_all() RETURNS text LANGUAGE sql AS 'DELETE FROM many RETURNING email';
CREATE FUNCTION glue(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $2';
CREATE FUNCTION email(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION of_row(many) RETURNS text LANGUAGE sql AS 'SELECT $1.email';
CREATE OPERATOR <%%> (FUNCTION = email, RIGHTARG = text);
CREATE AGGREGATE joined(text) (SFUNC = glue, STYPE = text);
CREATE ROLE reader LOGIN PASSWORD 'very-secret';
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="mailaudit-postgres-"))
    if ACCOUNT:
        shutil.chown(folder, **ACCOUNT)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert INITDB
    assert SERVER
    data = folder / "data"
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **ACCOUNT}
    created = [INITDB, "-D", str(data), "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(created, check=True, **quiet)
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    running = subprocess.Popen([SERVER, "-D", str(data), *options], **quiet)
    try:
        url = f"127.0.0.1:{port}/postgres"
        _set_up(f"postgresql://owner@{url}")
        yield url
    finally:
        running.terminate()
        running.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(url: str) -> None:
    import psycopg  # noqa: PLC0415 - an optional package

    for _ in range(100):
        with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SETUP.encode())
            connection.execute(b"CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0")
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")


def campaign(url: str, **more: object) -> Campaign:
    return Campaign.model_validate(
        {"name": "t", "from": "news@acme.example", "recipients": {"files": [url], **more}}
    )


def observed(url: str, **more: object) -> RecipientFacts:
    return observed_list(campaign(url, **more))


def test_every_kind_is_counted_as_in_a_file(address: str, tmp_path: Path) -> None:
    import psycopg  # noqa: PLC0415 - an optional package

    rows, more = made_up(1000), evidence(tmp_path)
    with psycopg.connect(f"postgresql://owner@{address}", autocommit=True) as connection:
        columns = ", ".join(f'"{name}" text' for name in COLUMNS)
        connection.execute(f"CREATE TABLE list ({columns})".encode())
        connection.cursor().executemany(b"INSERT INTO list VALUES (%s, %s, %s, %s, %s, %s)", rows)
    there, here = (
        observed(f"postgresql://owner@{address}", table="list", **more),
        every_kind.observed({"files": [every_kind.parquet(tmp_path, rows)], **more}),
    )
    every_kind.assert_same_numbers(there, here)
    assert there.files[0].counts == here.files[0].counts


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_table(address: str, scheme: str) -> None:
    consent = {"column": "opt_in", "max_age": "3y"}
    facts = observed(f"{scheme}://owner@{address}", table="crm.People", consent=consent)
    assert (facts.rows, facts.valid, facts.invalid, facts.missing, facts.duplicates) == (6, 4, 1, 1, 1)
    assert facts.files[0].column == "E-mail"
    assert facts.files[0].samples[Kind.INVALID][0].line == 5
    assert facts.files[0].counts[Kind.CONSENT_EXPIRED] == 1
    assert facts.files[0].counts[Kind.CONSENT_MISSING] == 1
    assert facts.rows == facts.valid + facts.invalid + facts.unreadable + facts.missing


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ('SELECT "E-mail" AS email FROM crm."People" WHERE "E-mail" LIKE \'%acme%\'', 3),
        ("SELECT email FROM many ORDER BY email;", 50_000),
        ("SELECT lower(email) AS email FROM many ORDER BY random()", 50_000),
        # The name of a column may be that of a function, too.
        ("SELECT email FROM many WHERE email IN ('p1@d1.example', 'p2@d2.example')", 2),
        ("WITH a AS (SELECT email FROM many LIMIT 7) SELECT * FROM a", 7),
    ],
)
def test_a_query(address: str, query: str, rows: int) -> None:
    facts = observed(f"postgresql://owner@{address}", query=query)
    assert facts.rows == facts.valid == rows


def test_a_database_of_no_known_encoding(address: str) -> None:
    query = "SELECT email FROM (VALUES ('anna@acme.example'), ('bob@acme.example')) AS a(email)"
    facts = observed(f"postgresql://owner@{address.removesuffix('postgres')}old", query=query)
    assert (facts.rows, facts.valid) == (2, 2)


def test_a_table_without_rows(address: str) -> None:
    facts = observed(f"postgresql://owner@{address}", table="nobody")
    assert (facts.rows, facts.files[0].column) == (0, "email")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"table": "absent"}, "absent"),
        ({"query": "SELECT nonsense"}, "nonsense"),
        ({"query": "DROP TABLE many"}, "cannot be read"),
        ({"query": "INSERT INTO nobody VALUES ('a@acme.example') RETURNING email"}, "cannot be read"),
        ({"table": "many", "column": "mail"}, "email"),
        ({}, "recipients.table"),
    ],
)
def test_what_cannot_be_read(address: str, more: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        observed(f"postgresql://owner@{address}", **more)
    assert observed(f"postgresql://owner@{address}", table="many").rows == 50_000


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pg_read_file('/etc/hostname') || '@acme.example' AS email",
        "SELECT '\"' || pg_read_file/* /* */ */('/etc/hostname') || '\"@acme.example' AS email",
        "SELECT lo_import('/etc/hostname')::text || '@acme.example' AS email",
        "SELECT set_config('statement_timeout', '0', false) || email AS email FROM many",
        "SELECT query_to_xml('select 1', true, true, '')::text || '@acme.example' AS email",
        "SELECT remove_all() AS email",
        "SELECT email(email) FROM many",
        "SELECT email --\n(email) FROM many",
        "SELECT (m).of_row AS email FROM many AS m",
        "SELECT <%%> email AS email FROM many",
        "SELECT joined(email) AS email FROM many",
        "SELECT usename || '@acme.example' AS email FROM pg_shadow",
        "SELECT current_setting('data_directory') || '@acme.example' AS email",
        'SELECT U&"remove\\005fall"() AS email',
    ],
)
def test_a_query_names_nothing_with_effects(address: str, query: str) -> None:
    with pytest.raises(InputError, match="which may do more than read tables"):
        observed(f"postgresql://owner@{address}", query=query)


def test_an_endless_query_ends(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailaudit.facts.recipients.reading.database.connections.QUERY_S", 0.3)
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n || '@acme.example' AS email FROM r"
    with pytest.raises(InputError, match="took longer than"):
        observed(f"postgresql://owner@{address}", query=endless)


def test_no_password_is_shown(address: str) -> None:
    url = f"postgresql://reader:very-secret@{address}"
    with pytest.raises(InputError) as raised:
        observed(url, table="many")
    assert "permission denied" in str(raised.value)
    assert "very-secret" not in str(raised.value)
    with pytest.raises(InputError) as raised:
        observed("postgresql://reader:very-secret@127.0.0.1:1/postgres", table="many")
    assert "very-secret" not in str(raised.value)


def test_a_clean_copy(address: str, tmp_path: Path) -> None:
    plan = CleanPlan(classes=DEFAULT, folder=tmp_path, to="csv")
    cleaned = asyncio.run(clean(campaign(f"postgresql://owner@{address}", table="crm.People"), None, plan))
    (file,) = cleaned.files
    assert (file.rows, file.kept) == (6, 3)
    assert isinstance(file.clean, Path)
    written = file.clean.read_text(encoding="utf-8")
    assert "zoe@müller.example" in written
    assert "no address" not in written
