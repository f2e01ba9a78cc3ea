from __future__ import annotations

import csv
import errno
import hashlib
import io
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.model import Campaign
from mailaudit.errors import InputError
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading import load as load_module
from mailaudit.facts.recipients.loading.load import create_tables, load
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.progress import Part
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.reading.rows import Row
from mailaudit.facts.recipients.tables import database, engine
from mailaudit.facts.recipients.tables.engine import Stopped, Workspace
from support.effort import examples
from support.lists import observed_list


def observed(*files: Path, **more: object) -> RecipientFacts:
    plan = {"files": list(files), **more}
    campaign = Campaign.model_validate({"name": "t", "from": "news@acme.example", "recipients": plan})
    return observed_list(campaign)


def _rows(path: Path) -> list[Row]:
    work = Workspace()
    try:
        return list(open_source(path, work).rows())
    finally:
        work.close()


def written(tmp_path: Path, data: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def strict_key(cell: str) -> str | None:
    """The verdict of email-validator itself, with the contract's comparable form."""
    try:
        found = validate_email(cell.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return f"{found.local_part.lower()}@{found.ascii_domain}"


SEEDS = (
    "anna.smith@acme.example", "o'neil+tag@mail.acme.co.uk", "j_d-x@sub.acme-shop.example", "postmaster@acme.example",
    "müller@bücher.example", "anna@xn--bcher-kva.example", '"quoted local"@acme.example', "x@[192.0.2.1]",
    "a" * 63 + "@acme.example", "b@" + "c" * 62 + ".example", "anna@acme.test", "ANNA@ACME.LOCAL", "a@b--c.example",
    "a@xn--a.example", "用户@例子.example", "a@acme.example.", "p/q=r?s{t}u|v~w^x`y!z#$%&*@acme.example",
    "İstanbul@acme.example",
)  # fmt: skip
ALPHABET = (
    "abzAZ09.@-_+ '\"\\,;<>()"
    "[]:|\t\u00a0\u200b\u0301éß\u0131\u212a\u017f中\u2024\uff20\uff0e\x00\x1f\x7f{}!#$%&*/=?^`~"
)


def mutated(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    cells = []
    for _ in range(count):
        cell = rng.choice(SEEDS)
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            at = rng.randrange(len(cell) + 1)
            kind = rng.randrange(5)
            if kind == 0:
                cell = cell[:at] + rng.choice(ALPHABET) + cell[at:]
            elif kind == 1:
                cell = cell[:at] + cell[at + 1 :]
            elif kind == 2:
                cell = cell[:at] + rng.choice(ALPHABET) + cell[at + 1 :]
            elif kind == 3:
                cell = cell[:at] + cell[at:].swapcase()
            else:
                cell = cell[:at] + cell[at : at + 2] * 2 + cell[at + 2 :]
        cells.append(cell)
    return cells


def differences(tmp_path: Path, cells: list[str]) -> list[tuple[str, str | None, str | None]]:
    """Run cells through the engine as a quoted CSV file, and return those on which email-validator differs."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    writer.writerow(["id", "email"])
    writer.writerows(enumerate(cells))
    path = written(tmp_path, buffer.getvalue().encode("utf-8", "replace"))
    work = Workspace()
    try:
        create_tables(work, 0)
        loaded = load(work, open_source(path, work, Wanted("email")))
        found = {loaded.line(r): k for r, k in work.stream("SELECT r, k FROM mailed")}
        lines = sum(1 for _ in work.stream("SELECT r FROM mailed UNION ALL SELECT r FROM judged WHERE k IS NULL"))
    finally:
        work.close()
    assert lines == len(cells)
    wrong = []
    for line, cell in enumerate(cells, 2):
        if "<" in cell and ">" in cell:
            continue  # a display name is taken off first
        if found.get(line) != strict_key(cell):
            wrong.append((cell, found.get(line), strict_key(cell)))
    return wrong


def test_the_verdict_is_email_validators_row_by_row(tmp_path: Path) -> None:
    assert differences(tmp_path, mutated(1, 3000))[:5] == []


@pytest.mark.integration  # for its weight: the default suite has the one above
def test_the_verdict_is_email_validators_on_many_rows(tmp_path: Path) -> None:
    assert differences(tmp_path, mutated(2, examples(250_000)))[:5] == []


CELLS = st.sampled_from(
    ["anna@acme.example", "ANNA@Acme.example", " bob@acme.example", "Bob <bob@acme.example>", "x", "", " ", "a@b@c",
     "é@acme.example", "anna@bücher.example", "anna@xn--bcher-kva.example", "two\nlines", 'q"uote', "c@acme.example,d"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(6), deadline=None)
@given(
    table=st.lists(st.tuples(CELLS, CELLS), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    damage=st.sampled_from(["", '"', '1"', 'x,"y', "\x01"]),
)
def test_the_engine_and_the_row_reader_agree(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    table: list[tuple[str, str]],
    quoting: int,
    delimiter: str,
    ending: str,
    encoding: str,
    damage: str,
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=quoting, delimiter=delimiter, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(["email", "note"])
    writer.writerows(table)
    text = buffer.getvalue() + (f"{damage}{ending}z@acme.example{delimiter}end{ending}" if damage else "")
    path = written(tmp_path_factory.mktemp("e"), text.encode(encoding, "replace"))
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in _rows(path):
        counts["rows"] += 1
        if row.problem:
            counts["unreadable"] += 1
            continue
        cell = row.cell.strip()
        key = strict_key(cell[5:-1] if cell.startswith("Bob <") else cell)
        if key is None:
            counts["invalid" if cell else "missing"] += 1
        else:
            seen[key] += 1
    facts = observed(path)
    assert facts.rows == counts["rows"] == facts.valid + facts.invalid + facts.unreadable + facts.missing
    told = (facts.invalid, facts.unreadable, facts.missing)
    assert told == (counts["invalid"], counts["unreadable"], counts["missing"])
    assert (facts.valid, facts.unique) == (sum(seen.values()), len(seen))
    assert facts.duplicates == facts.valid - facts.unique
    assert facts.domains == len({key.partition("@")[2] for key in seen})


@pytest.mark.slow
def test_large_files_keep_the_order_of_their_lines(tmp_path: Path) -> None:
    lines = [f"p{n}@acme.example,{'x' * (n % 97)}" for n in range(300_000)]
    lines[200_000] = lines[5]
    lines[250_000] = "broken"
    facts = observed(written(tmp_path, "email,note\n" + "\n".join(lines)))
    file = facts.files[0]
    assert (facts.rows, facts.valid, facts.unique) == (300_000, 299_999, 299_998)
    assert file.samples[Kind.DUPLICATE][0].line == 200_002
    assert file.samples[Kind.DUPLICATE][0].reason == "stands already in line 7"
    assert file.samples[Kind.INVALID][0].line == 250_002


def test_samples_are_bounded_and_in_list_order(tmp_path: Path) -> None:
    facts = observed(written(tmp_path, "email\n" + "bad\n" * 5000 + "a@acme.example\n" * 5000))
    file = facts.files[0]
    assert [sample.line for sample in file.samples[Kind.INVALID]] == list(range(2, 22))
    assert [sample.line for sample in file.samples[Kind.DUPLICATE]] == list(range(5003, 5023))
    assert file.counts[Kind.DUPLICATE] == 4999


def test_hashed_suppression_lists(tmp_path: Path) -> None:
    path = written(tmp_path, "email\nAnna@acme.example\nbob@acme.example\nbob@acme.example\ncarl@acme.example\n")
    digest = hashlib.md5(b"anna@acme.example", usedforsecurity=False).hexdigest().upper()
    md5 = written(tmp_path, f"md5\n{digest}\nzz\n", "stop.csv")
    sha = written(tmp_path, f"{hashlib.sha256(b'bob@acme.example').hexdigest()}\n", "more.txt")
    facts = observed(path, suppression=[md5, sha])
    assert facts.suppressed == 2
    assert [(file.rows, file.unusable) for file in facts.suppression_files] == [(2, 1), (1, 0)]
    assert facts.suppression_files[0].unusable_lines[0][0] == 3


def test_a_line_of_megabytes_is_a_row(tmp_path: Path) -> None:
    huge = "y" * 5_000_000
    facts = observed(written(tmp_path, f"email,note\n{huge},x\na@acme.example,{huge}\nb@acme.example,z\n"))
    assert (facts.rows, facts.valid, facts.unreadable) == (3, 1, 2)


def test_a_file_that_changes_while_it_is_read_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "email\na@acme.example\n")
    stamps = iter([(1, 1), (2, 1)])
    monkeypatch.setattr("mailaudit.facts.recipients.reading.source.stamp", lambda _path: next(stamps))
    with pytest.raises(InputError, match="changed while it was being read"):
        observed(path)


def test_a_file_that_grew_since_it_was_opened_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "email\na@acme.example\n")
    work = Workspace()
    try:
        source = open_source(path, work)
        with path.open("a") as file:
            file.write("b@acme.example\n")
        create_tables(work, 0)
        load(work, source)
        assert work.one("SELECT count(*) FROM mailed") == 2
    finally:
        work.close()


def test_a_full_temporary_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(load_module, "write_lines", full)
    path = written(tmp_path, "email\na@acme.example\n".encode("utf-16"))
    with pytest.raises(InputError, match=r"No space left on device.*TMPDIR"):
        observed(path)


def test_too_little_memory_is_told() -> None:
    work = Workspace()
    try:
        work.run("SET memory_limit = '20MB'")
        work.run("SET max_temp_directory_size = '1MB'")
        with pytest.raises(InputError, match="no room"):
            work.run("CREATE TABLE wide AS SELECT repeat(md5(range::VARCHAR), 20) AS x FROM range(400000)")
    finally:
        work.close()


def test_closing_the_workspace_ends_what_another_thread_does() -> None:
    work = Workspace()
    ended: list[BaseException] = []

    def toil() -> None:
        try:
            for _ in range(100):
                work.run("CREATE OR REPLACE TABLE wide AS SELECT hash(range) % 1000 AS x FROM range(20000000)")
        except (Stopped, work.error) as error:
            ended.append(error)

    thread = threading.Thread(target=toil)
    thread.start()
    time.sleep(0.2)
    work.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(ended) == 1
    assert not work.folder.exists()
    with pytest.raises(Stopped):
        work.run("SELECT 1")


def test_the_engine_counts_how_far_it_is_only_for_those_who_wait() -> None:
    names = ("enable_progress_bar", "enable_progress_bar_print")
    for progress, told in ((None, (False, True)), (lambda *_step: None, (True, False))):
        work = Workspace(progress)
        try:
            assert tuple(work.one(f"SELECT current_setting('{name}')") for name in names) == told
        finally:
            work.close()


def test_a_small_list_is_judged_as_a_large_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f"{address},{status}\n"
        for address, status in (
            ("an.na@gmail.com", ""), ("anna+x@googlemail.com", "unsubscribed"), ("ANNA@gmail.com", ""),
            ("a@acme.example", ""),
            ("a.b@acme.example", ""), ("ab@acme.example", ""), ("info@gmial.com", "bounced"), ("A@acme.example", ""),
            *((f"user{number}@firm.example", "subscribed") for number in range(12)), ("none", ""), ("é@acme.example", ""),
        )
    )  # fmt: skip
    path = written(tmp_path, f"email,status\n{rows}")
    stop = written(tmp_path, "ann.a@gmail.com\n@firm.example\n", "stop.csv")
    small = observed(path, suppression=[stop])
    assert (small.unique, small.opted_out, small.suppressed) == (20, 4, 15)
    monkeypatch.setattr(engine, "SMALL_BYTES", 0)
    assert observed(path, suppression=[stop]) == small


@pytest.fixture
def _no_engine_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engines: list[database.Engine] = []
    monkeypatch.setattr(database, "_shared", engines)
    yield
    for one in engines:
        one.close()


@pytest.mark.usefixtures("_no_engine_yet")
def test_a_list_that_grows_is_planned_for(tmp_path: Path) -> None:
    work = Workspace(reads=[written(tmp_path, "a@acme.example\n")])
    setting = "SELECT current_setting('threads')"
    try:
        assert work.one(setting) == 1
        work.make_room(5_001)
        assert work.one(setting) == database.threads()
    finally:
        work.close()


def test_what_may_be_long_has_an_engine_of_its_own(tmp_path: Path) -> None:
    small = [written(tmp_path, "a@acme.example\n")]
    made = [
        Workspace(),
        Workspace(reads=[*small, "sqlite:///srv/shop.db"]),
        *(Workspace(reads=small) for _ in "ab"),
    ]
    try:
        assert len({work.folder.parent for work in made}) == 3
        assert all(work.place == made[0].folder.parent.parent for work in made)
    finally:
        for work in made:
            work.close()
    assert not any(work.folder.exists() for work in made)


@pytest.mark.usefixtures("_no_engine_yet")
def test_small_lists_share_an_engine_and_nothing_else(tmp_path: Path) -> None:
    reads = [written(tmp_path, "a@acme.example\n")]
    one, other = Workspace(reads=reads), Workspace(reads=reads)
    try:
        for number, work in enumerate((one, other)):
            work.run("CREATE TABLE people AS SELECT ? AS k", number)
        assert [list(work.stream("SELECT k FROM people")) for work in (one, other)] == [[(0,)], [(1,)]]
        one.close()
        with pytest.raises(Stopped):
            one.run("SELECT 1")
        names = {name for (name,) in other.rows("SELECT database_name FROM duckdb_tables()")}
        assert names == {other.folder.name}
    finally:
        other.close()


@pytest.mark.usefixtures("_no_engine_yet")
def test_small_lists_that_ask_for_the_same_have_a_table_made_once(tmp_path: Path) -> None:
    made: list[str] = []

    def rows_of(asked: str, reads: list[Path] | None) -> tuple[int, int]:
        def make() -> int:
            made.append(asked)
            work.run("CREATE TABLE stop AS SELECT ? AS k", asked)
            return len(made)

        with closing(Workspace(reads=reads)) as work:
            told = work.as_before("stop", lambda: asked, make)
            work.run("INSERT INTO stop VALUES ('mine')")
            assert work.rows("SELECT k FROM stop") == [(asked,), ("mine",)]
            return told, len(made)

    small = [written(tmp_path, "a@acme.example\n")]
    assert [rows_of(asked, small) for asked in "aaba"] == [(1, 1), (1, 1), (2, 2), (1, 2)]
    assert rows_of("a", None) == (3, 3)
    names = "cdefghij"
    assert [rows_of(asked, small)[0] for asked in names] == list(range(4, 4 + len(names)))
    assert rows_of("a", small)[0] == 4 + len(names)


@pytest.mark.usefixtures("_no_engine_yet")
def test_a_broken_engine_is_replaced_for_the_next_list(tmp_path: Path) -> None:
    path = written(tmp_path, "email\na@acme.example\n")
    work = Workspace(reads=[path])
    work._database._engine._connection.close()
    work.close()
    assert observed(path).valid == 1


def test_steps_over_all_rows_are_told_as_shares_of_them() -> None:
    told: list[tuple[str, int, int | None]] = []
    work = Workspace(lambda *one: told.append(one))
    try:
        taken: list[int] = []
        work.in_turn(Part("judging", 0.2, 0.8), [partial(taken.append, at) for at in range(4)], 100)
    finally:
        work.close()
    assert taken == [0, 1, 2, 3]
    assert list(dict.fromkeys(told)) == [("judging", done, 100) for done in (20, 40, 60, 80)]
