"""Makes inputs by number out of seeds, and tries what the program promises on each, in this process."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fuzz import oracle
from fuzz.mutations import bent, bent_json, bent_lines, kind_of, planted
from fuzz.seeds import Seed
from mailaudit import api, schedules
from mailaudit.api import DnsOptions, Options
from mailaudit.baseline import loads as load_baseline
from mailaudit.cleaning.result import CleanPlan
from mailaudit.errors import InputError
from mailaudit.reports.document.build import document
from mailaudit.reports.document.render import dumps, loads
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions, formats

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
_REPLAYS = 4
_WAYS = (*["audit"] * 7, "lose_answers", "bend_recording", "bend_report")


class TookTooLong(BaseException):
    """One input took longer than any may."""


class Fuzzer:
    """Makes inputs by number out of seeds, and tries what the program promises on each."""

    def __init__(self, known: tuple[Seed, ...], seed: int) -> None:
        self._known = known
        self._seed = seed
        self._by_kind: dict[str, list[bytes]] = {}
        for one in known:
            for name, octets in one.files.items():
                self._by_kind.setdefault(kind_of(name), []).append(octets)

    def broken_promises(self, number: int, folder: Path) -> Iterator[str]:
        """Yield what is wrong with the input of a number, which is written into an empty folder."""
        rng = random.Random(f"{self._seed}:{number}")
        seed = rng.choice(self._known)
        files = planted(seed.files, rng)
        way = rng.choice(_WAYS) if seed.zones else "audit"
        if way == "audit":
            kinds = sorted({kind_of(name) for name in files})
            files = bent(files, [rng.choice(self._by_kind[kind]) for kind in kinds], rng)
        _write(folder, files)
        trial = Trial(folder, seed.zones, rng)
        yield from trial.attempt(getattr(trial, way))
        if any((folder / name).read_bytes() != octets for name, octets in files.items()):
            yield "an input file was changed"


class Trial:
    """One world in a folder, and what is tried on it."""

    def __init__(self, folder: Path, zones: tuple[str, ...], rng: random.Random) -> None:
        self._campaign = folder / "campaign.yml"
        self._folder = folder
        self._zones = tuple(folder / name for name in zones)
        self._rng = rng

    def audit(self) -> Iterator[str]:
        """Audit the files; now and then plan and clean with them too."""
        yield from self.attempt(self._audited)
        more = self._rng.randrange(8)
        if more == 0:
            yield from self.attempt(self._planned)
        elif more == 1:
            yield from self.attempt(self._cleaned)

    def lose_answers(self) -> Iterator[str]:
        """Audit from a recording, whole and with answers lost: the first changes nothing, the others pass nothing."""
        for lines, whole in self.recorded():
            yield from oracle.differences(whole, self.replayed(lines))
            for _ in range(_REPLAYS):
                share = self._rng.choice((0.1, 0.3, 0.6))
                left = [lost(line) if self._rng.random() < share else line for line in lines[1:]]
                silent = self.replayed([lines[0], *left])
                yield from oracle.broken_promises_of(silent)
                yield from oracle.silence_judged(whole, silent)

    def bend_recording(self) -> Iterator[str]:
        """Audit from recordings that somebody wrote into."""
        for lines, _ in self.recorded():
            for _ in range(_REPLAYS):
                text = bent_lines("\n".join(lines), self._rng)
                yield from self.attempt(partial(self._replayed_and_checked, text.splitlines()))

    def bend_report(self) -> Iterator[str]:
        """Render saved reports that somebody wrote into, and take them for baselines."""
        try:
            whole = json.loads(dumps(self._document(self._options())))
        except InputError:
            return
        for _ in range(6 * _REPLAYS):
            text = json.dumps(bent_json(whole, self._rng))
            yield from self.attempt(partial(self._read_again, text))
            yield from self.attempt(partial(self._accepted, text))

    def attempt(self, what: Callable[[], Iterator[str]]) -> Iterator[str]:
        try:
            yield from what()
        except (Exception, TookTooLong) as error:  # noqa: BLE001 - that is what is looked for
            found = list(oracle.broken_promises_by(error))
            if found and not isinstance(error, InputError):
                found.append("".join(traceback.format_exception(error)[-6:]))
            yield from found

    def _options(self, **dns: Path) -> Options:
        beside = tuple(sorted(self._folder.glob("beside/*.yml")))
        files = {} if "replay" in dns else {"zones": self._zones, "offline": not self._zones}
        return Options(dns=DnsOptions(**files, **dns), now=NOW, beside=beside)  # type: ignore[arg-type]

    def _document(self, options: Options) -> Document:
        with api.prepare(self._campaign, options) as ready:
            return document(api.audit_prepared(ready))

    def _audited(self) -> Iterator[str]:
        return self._checked(self._document(self._options()))

    def _planned(self) -> Iterator[str]:
        with api.prepare(self._campaign, self._options()) as ready:
            plan = schedules.plan(ready, start="2026-12-01T09:00")
        for name, shown in formats("plan").items():
            yield from oracle.broken_promises_in(f"the plan as {name}", shown.render(plan, RenderOptions()))

    def _cleaned(self) -> Iterator[str]:
        out = self._folder / "cleaned"
        out.mkdir()
        with api.prepare(self._campaign, self._options()) as ready:
            cleaned = api.clean(ready, CleanPlan(classes=("invalid", "duplicates", "suppressed"), folder=out))
        for file in cleaned.files:
            if file.rows != file.kept + sum(file.removed.values()):
                yield f"cleaning {file.name} loses rows"

    def _replayed_and_checked(self, lines: list[str]) -> Iterator[str]:
        return self._checked(self.replayed(lines))

    def _read_again(self, text: str) -> Iterator[str]:
        return self._checked(loads(text), of_run=False)

    def _accepted(self, text: str) -> Iterator[str]:
        load_baseline(text, "base.json")
        return iter(())

    def _checked(self, built: Document, *, of_run: bool = True) -> Iterator[str]:
        if of_run:
            yield from oracle.broken_promises_of(built)
        text = dumps(built)
        yield from oracle.broken_promises_in("the report as json", text)
        if loads(text) != built:
            yield "the report does not read back the same"
        own = formats()
        for name in sorted(own) if self._rng.random() < 0.2 else self._rng.sample(sorted(own), 2):
            options = RenderOptions(verbosity=self._rng.choice((-1, 0, 2)), unicode=self._rng.random() < 0.5)
            yield from oracle.broken_promises_in(f"the report as {name}", own[name].render(built, options))

    def recorded(self) -> Iterator[tuple[list[str], Document]]:
        """Yield the recording of an audit with the report, or nothing when the files cannot be used."""
        record = self._folder / "answers.jsonl"
        try:
            whole = self._document(self._options(record=record))
        except InputError:
            return
        yield record.read_text(encoding="utf-8").splitlines(), whole

    def replayed(self, lines: list[str]) -> Document:
        replay = self._folder / "replayed.jsonl"
        replay.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogatepass")
        return self._document(self._options(replay=replay))


def lost(line: str) -> str:
    """Return a recorded answer as it would be had the question timed out."""
    return json.dumps({**json.loads(line), "status": "timeout", "records": [], "cname_chain": [], "ttl": None})


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, octets in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(octets)
