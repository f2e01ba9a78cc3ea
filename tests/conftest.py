"""Tests talk to this machine only, and leave nothing in the user's folders."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

from mailaudit.language.spoken import ENGLISH, speak
from support import no_network
from support.catalogues import LOCALE

# Collecting the tests makes objects by the hundred thousand, all of which stay.
gc.disable()
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


@pytest.fixture(autouse=True)
def _loopback_only_and_in_english() -> Iterator[None]:
    no_network.TRIED.clear()
    yield
    speak(ENGLISH, asked=False)
    assert no_network.TRIED == [], "a test talks to this machine only"


@pytest.fixture(autouse=True, scope="session")
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    no_network.watch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        # 30 November 2026, 10:00: the campaigns of the examples and tests begin later.
        patch.setenv("SOURCE_DATE_EPOCH", "1796032800")
        for name in ("LC_ALL", "LC_MESSAGES", "MAILAUDIT_LANG"):
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")
        yield


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the catalogues that have changed since the program was installed."""
    if _is_worker(session.config):
        return
    for file in LOCALE.glob("*/LC_MESSAGES/mailaudit.po"):
        made = file.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < file.stat().st_mtime:
            from hatch_build import compiled  # noqa: PLC0415 - only then

            made.write_bytes(compiled(file))


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker that has told its results end at once: to take its heap apart object by object takes seconds."""
    if _is_worker(config):
        atexit.register(os._exit, 0)


def pytest_collection_finish() -> None:
    """Look for cycles among what tests make, not among the thousands of tests."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not _is_worker(session.config):
        gc.unfreeze()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly that SPF was not held against the standard's own suite: a line among the skipped is overlooked."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = {report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)}
    for reason in sorted(reason for reason in missing if "conformance suite" in reason):
        terminalreporter.write_sep("!", "NOT TESTED: SPF against the suite of RFC 7208", red=True, bold=True)
        terminalreporter.write_line(reason.removeprefix("Skipped: "))
        terminalreporter.write_line(
            "The source distribution of pyspf holds it; name the folder with rfc7208/rfc7208-tests.yml in MAILAUDIT_SUITES."
        )
