"""Measure the audit of recipient lists against its peers: wall time, peak memory, look-ups.

Run `python benchmarks/recipients.py [--rows N] [--domains N] [--curve N ...]`. Every measurement is a process of its
own on the same generated list; what counts are the ratios of one run, because machines differ.
"""

# ruff: noqa: PLC0415 - every task imports in its own process what it measures

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailaudit.campaign.model import Campaign

SYLLABLES = (
    "an ba ce da el fi go ha in jo ka la ma ne or pa qui ro sa ti ul va we xa yo za mar lin ber ton".split()
)
CONSUMER = ["gmail.com"] * 38 + ["hotmail.com"] * 10 + ["yahoo.com"] * 8 + ["orange.fr"] * 8 + ["outlook.com"] * 8 + [
    "wanadoo.fr", "free.fr", "gmx.de", "web.de", "icloud.com", "laposte.net", "sfr.fr", "hotmail.fr", "yahoo.fr", "live.com"
] * 3  # fmt: skip


def generate(path: Path, rows: int, seed: int = 1) -> None:
    """Write a list such as a shop has: 70 % consumer mailboxes, a long tail of companies, half a per cent of dirt."""
    rng = random.Random(seed)
    companies = max(100, rows // 40)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("email,first_name,last_name,opt_in_date,country,status,unsubscribed_at\n")
        for number in range(rows):
            first, last = name(rng, 2), name(rng, 3)
            company = (
                f"{name(rng, 1)}{int(companies * rng.random() ** 2)}.{rng.choice(('com', 'fr', 'de', 'co.uk'))}"
            )
            domain = rng.choice(CONSUMER) if rng.random() < 0.7 else company
            local = f"{first}.{last}{rng.randrange(100) if rng.random() < 0.3 else ''}"
            cell = dirty(f"{local}@{domain}", rng)
            status = rng.choices(("subscribed", "unsubscribed", "bounced"), (93, 4, 3))[0]
            day = f"202{number % 6}-0{number % 9 + 1}-1{number % 10}"
            left = f"{day} 10:{number % 60:02}:00" if status == "unsubscribed" else ""
            file.write(f"{cell},{first.title()},{last.title()},{day},FR,{status},{left}\n")


def name(rng: random.Random, syllables: int) -> str:
    """Return a made-up name."""
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables))


def dirty(cell: str, rng: random.Random) -> str:
    """Return a cell, one in two hundred of them spoilt or dressed up."""
    luck = rng.random()
    changes: tuple[tuple[float, Callable[[str], str]], ...] = (
        (0.0015, lambda c: c.replace("@", " ")),
        (0.0025, lambda c: c.replace(".", " .")),
        (0.0035, lambda c: f"A Name <{c}>"),
        (0.0040, lambda c: f"é{c}"),
        (0.0050, str.upper),
    )
    return next((change(cell) for limit, change in changes if luck < limit), cell)


def loop(path: Path) -> dict[str, float]:
    """Count valid rows as most scripts do: csv and email-validator, row by row."""
    import csv

    from email_validator import EmailNotValidError, validate_email

    begin = time.perf_counter()
    seen: set[str] = set()
    valid = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                found = validate_email(row["email"].strip(), check_deliverability=False, strict=True)
            except EmailNotValidError:
                continue
            valid += 1
            seen.add(f"{found.local_part.lower()}@{found.ascii_domain}")
    return {"seconds": time.perf_counter() - begin, "valid": valid, "unique": len(seen)}


def bare(path: Path) -> dict[str, float]:
    """Do in DuckDB what a blog post would: one pattern, a distinct count, a count by domain."""
    import duckdb

    begin = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE v AS SELECT lower(email) AS k FROM read_csv(?, header=true) WHERE regexp_full_match(email, "
            "'[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}')",
            [str(path)],
        )
        unique = connection.execute("SELECT count(DISTINCT k) FROM v").fetchall()[0][0]
        connection.execute("SELECT split_part(k, '@', 2) AS d, count(*) FROM v GROUP BY d").fetchall()
    return {"seconds": time.perf_counter() - begin, "unique": unique}


def core(path: Path) -> dict[str, float]:
    """Read and judge exactly, with both duplicate keys, every domain counted, and who refuses in two columns."""
    from datetime import UTC, datetime

    import duckdb  # noqa: F401 - before the time runs, as for its own line

    from mailaudit.facts.recipients.judging.columns.merge_fields import FieldColumns
    from mailaudit.facts.recipients.judging.columns.uses import read_columns
    from mailaudit.facts.recipients.judging.counts import count_rows
    from mailaudit.facts.recipients.judging.judge_list import column_notes
    from mailaudit.facts.recipients.judging.same_person import add_same_mailbox
    from mailaudit.facts.recipients.kinds import Kind
    from mailaudit.facts.recipients.loading.load import create_tables, load
    from mailaudit.facts.recipients.reading.columns import Wanted
    from mailaudit.facts.recipients.reading.list_format import list_formats
    from mailaudit.facts.recipients.reading.open_list import open_source
    from mailaudit.facts.recipients.tables.engine import Workspace

    list_formats()  # likewise
    plan = campaign_of(path).recipients
    assert plan is not None  # noqa: S101 - the campaign names a list
    begin = time.perf_counter()
    work = Workspace()
    note = FieldColumns({}, column_notes(plan))
    source = open_source(path, work, Wanted(also=note))
    create_tables(work, note.width)
    found = count_rows(work, [load(work, source, note.width)])
    same = add_same_mailbox(found)
    read_columns(found, [note.before], plan, datetime.now(UTC).date())
    seconds = time.perf_counter() - begin
    work.close()
    refused = found.total(Kind.OPTED_OUT) or 0
    return {
        "seconds": seconds,
        "valid": found.valid,
        "unique": found.unique,
        "same_mailbox": same,
        "refused": refused,
    }


def campaign_of(path: Path) -> Campaign:
    """Return the least campaign with a list and a schedule."""
    from mailaudit.campaign.model import Campaign

    return Campaign.model_validate(
        {
            "name": "b",
            "from": "news@acme.example",
            "schedule": {"rate": "600/10min"},
            "recipients": {"files": [path]},
        }
    )


def whole(path: Path) -> dict[str, float]:
    """Gather all facts of the list offline: roles, typos, throw-away and numbered addresses, providers, the sequence."""
    import asyncio

    from mailaudit.facts.recipients.list_plan import list_plan_of
    from mailaudit.facts.recipients.observe import observe_recipients

    plan = list_plan_of(campaign_of(path))
    assert plan is not None  # noqa: S101 - the campaign names a list
    begin = time.perf_counter()
    facts = asyncio.run(observe_recipients(plan, None))
    return {"seconds": time.perf_counter() - begin, "valid": facts.valid, "unique": facts.unique}


TASKS: dict[str, Callable[[Path], dict[str, float]]] = {"loop": loop, "bare": bare, "core": core, "whole": whole}
ROUNDS = 3


def measured(task: str, path: Path) -> dict[str, float]:
    """Return one run, in a process of its own, with its peak memory in MiB."""
    command = [sys.executable, __file__, "--task", task, str(path)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def in_turn(path: Path) -> dict[str, dict[str, float]]:
    """Run every task once, then all again, and return each one's run of median time."""
    rounds = [{task: measured(task, path) for task in TASKS} for _ in range(ROUNDS)]
    return {
        task: sorted((done[task] for done in rounds), key=lambda run: run["seconds"])[ROUNDS // 2]
        for task in TASKS
    }


def table(sizes: list[int]) -> Iterator[str]:
    """Yield the curve: rows, seconds, rows a second, peak memory."""
    yield "| rows | all facts, s | rows a second | peak memory, MiB |"
    yield "|---:|---:|---:|---:|"
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list.csv"
            generate(path, rows)
            found = measured("whole", path)
        yield f"| {rows:,} | {found['seconds']:.2f} | {rows / found['seconds']:,.0f} | {found['mib']:,.0f} |"


def compared(rows: int) -> Iterator[str]:
    """Yield the peers on one list."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        generate(path, rows)
        found = in_turn(path)
    if found["core"]["valid"] < found["loop"]["valid"]:
        raise SystemExit("the verdicts differ")
    names = {
        "loop": "email-validator loop (csv, set)",
        "bare": "bare DuckDB (one pattern, distinct, group by)",
        "core": "mailaudit: exact verdicts, both duplicate keys, domains, who refuses",
        "whole": "mailaudit: all facts of the list",
    }
    yield f"| {rows:,} rows | s | CPU, s | email-validator loop / this | this / bare DuckDB | peak memory, MiB |"
    yield "|---|---:|---:|---:|---:|---:|"
    for task, name in names.items():
        seconds = found[task]["seconds"]
        faster, slower = found["loop"]["seconds"] / seconds, seconds / found["bare"]["seconds"]
        cpu = found[task]["cpu"]
        row = f"| {name} | {seconds:.2f} | {cpu:.2f} | {faster:.1f} | {slower:.2f} "
        yield f"{row}| {found[task]['mib']:,.0f} |"


def respond(port: int, delay: float, loss: float, most: float = 0.0) -> None:
    """Answer every question for MX or A on loopback with one record, after a delay, and lose some; until killed.

    With a loss of 1 all is refused instead; `most` is how many questions a second are answered at most, if not all.
    """
    from collections import deque
    from select import select

    served = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    served.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    served.bind(("127.0.0.1", port))
    served.setblocking(False)  # noqa: FBT003 - the signature of the standard library
    host = b"\x02mx\xc0\x0c"
    record = b"\xc0\x0c" + struct.pack("!HHIHH", 15, 1, 300, len(host) + 2, 10) + host
    address = b"\xc0\x0c" + struct.pack("!HHIH4B", 1, 1, 300, 4, 192, 0, 2, 1)
    rng = random.Random(1)
    waiting: deque[tuple[float, bytes, tuple[str, int]]] = deque()
    room, filled = 0.0, time.perf_counter()
    while True:
        select([served], [], [], 0.001 if waiting else 1.0)
        for _ in range(256):
            try:
                wire, peer = served.recvfrom(2048)
            except BlockingIOError:
                break
            if loss == 1:
                served.sendto(wire[:2] + b"\x81\x85\x00\x01\x00\x00\x00\x00\x00\x00" + wire[12:], peer)
                continue
            now = time.perf_counter()
            room, filled = min(most / 20, room + (now - filled) * most), now
            if rng.random() >= loss and (not most or room >= 1):
                room -= 1
                answer = wire[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + wire[12:]
                answer += address if wire[-3] == 1 else record
                waiting.append((time.perf_counter() + delay, answer, peer))
        while waiting and waiting[0][0] <= time.perf_counter():
            _, answer, peer = waiting.popleft()
            served.sendto(answer, peer)


def remembered(domains: int) -> dict[str, float]:
    """Ask about many domains through the whole look-up of recipients, then once more with what was remembered."""
    import asyncio
    import multiprocessing

    from mailaudit.facts.dns.answer_cache import Memory
    from mailaudit.facts.dns.open_resolver import open_resolver
    from mailaudit.facts.dns.sources.servers import Server
    from mailaudit.facts.recipients.receiving.in_bulk import BulkReceiving
    from mailaudit.facts.recipients.receiving.mail_domain import Receiving

    port = 20_000 + os.getpid() % 20_000
    responder = multiprocessing.Process(target=respond, args=(port, 0.0, 0.0), daemon=True)
    responder.start()
    time.sleep(0.5)
    found = {"failed": 0.0}

    def take(one: Receiving) -> None:
        found["failed"] += one.silent is not None

    async def run(file: Path) -> float:
        server = Server("127.0.0.1", port)
        begin = time.perf_counter()
        async with open_resolver(servers=[str(server)]) as resolver:
            with Memory(file, [server]) as memory:
                asking = BulkReceiving(resolver, take, asyncio.get_running_loop().time() + 3600, memory)
                await asking.run((f"firm{number}.example" for number in range(domains)), [server])
        return time.perf_counter() - begin

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "memory"
        first, again = (asyncio.run(run(file)) for _ in range(2))
        found |= {"first": first, "again": again, "file_mib": file.stat().st_size / 2**20}
    responder.terminate()
    return found


def look_up(domains: int, delay: float, loss: float, most: float, rate: float | None) -> dict[str, float]:
    """Ask for the MX records of many domains through the bulk engine."""
    import asyncio
    import multiprocessing

    from mailaudit.facts.dns.answer import Status
    from mailaudit.facts.dns.bulk.answers import Parsed
    from mailaudit.facts.dns.bulk.engine import BulkLookup
    from mailaudit.facts.dns.sources.servers import Server

    port = 20_000 + os.getpid() % 20_000
    responder = multiprocessing.Process(target=respond, args=(port, delay, loss, most), daemon=True)
    responder.start()
    time.sleep(0.5)
    failed = 0

    def take(_name: str, found: Parsed) -> None:
        nonlocal failed
        failed += found.status is not Status.ANSWER

    async def run() -> int:
        with BulkLookup([Server("127.0.0.1", port)], rate=rate) as lookup:
            await lookup.ask((f"firm{number}.example" for number in range(domains)), "MX", take)
            return lookup.sent

    begin = time.perf_counter()
    sent = asyncio.run(run())
    seconds = time.perf_counter() - begin
    responder.terminate()
    return {"seconds": seconds, "failed": failed, "sent": sent}


LOOKUPS = (
    ("answers at once, paced (default)", 0.0, 0.0, 0.0, None),
    ("answers at once, unpaced", 0.0, 0.0, 0.0, 1e9),
    ("25 ms, 0.5 % lost, paced (default)", 0.025, 0.005, 0.0, None),
    ("25 ms, 5 % lost, paced (default)", 0.025, 0.05, 0.0, None),
    ("25 ms, 20 % lost, paced (default)", 0.025, 0.2, 0.0, None),
    ("a server that answers 3,000 a second", 0.025, 0.0, 3000.0, None),
    ("a server that refuses everything", 0.0, 1.0, 0.0, None),
)


def lookups(domains: int) -> Iterator[str]:
    """Yield the look-ups a second, the questions that got no answer, and the memory."""
    yield f"| {domains:,} domains | a second | unanswered | questions sent | peak memory, MiB |"
    yield "|---|---:|---:|---:|---:|"
    for at, (told, *_rest) in enumerate(LOOKUPS):
        command = [sys.executable, __file__, "--task", f"lookups{at}", str(domains)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        second = domains / found["seconds"]
        yield f"| {told} | {second:,.0f} | {found['failed']:,} | {found['sent']:,} | {found['mib']:,.0f} |"
    command = [sys.executable, __file__, "--task", "remembered", str(domains)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    yield ""
    yield f"| {domains:,} domains with the memory of earlier runs | s | a second |"
    yield "|---|---:|---:|"
    yield f"| the first time, written down | {found['first']:.1f} | {domains / found['first']:,.0f} |"
    yield f"| again, from {found['file_mib']:.0f} MiB | {found['again']:.1f} | {domains / found['again']:,.0f} |"
    yield f"| peak memory, MiB | {found['mib']:,.0f} | |"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--domains", type=int, default=100_000)
    parser.add_argument("--curve", type=int, nargs="*", default=[])
    parser.add_argument("--task", nargs=2, metavar=("TASK", "FILE"))
    chosen = parser.parse_args()
    if chosen.task:
        task, argument = chosen.task
        if task in TASKS:
            found = TASKS[task](Path(argument))
        elif task == "remembered":
            found = remembered(int(argument))
        else:
            _, *how = LOOKUPS[int(task.removeprefix("lookups"))]
            found = look_up(int(argument), *how)
        used = resource.getrusage(resource.RUSAGE_SELF)
        found["cpu"] = used.ru_utime + used.ru_stime
        found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}{load}\n", flush=True)
    for line in compared(chosen.rows) if chosen.rows else ():
        print(line, flush=True)
    if chosen.domains:
        print()
        for line in lookups(chosen.domains):
            print(line, flush=True)
    if chosen.curve:
        print()
        for line in table(chosen.curve):
            print(line, flush=True)


if __name__ == "__main__":
    main()
