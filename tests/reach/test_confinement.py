"""An untrusted run reads no file outside, not even through a plug-in, and connects to nobody but the resolver."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mailaudit.reach import confinement

PLUGIN = """
import os
import socket
from pathlib import Path
from mailaudit.checks.finding import Severity
from mailaudit.checks.registry import check

@check(Severity.WARNING, passed="It was read.", family="message")
def reads_elsewhere(facts):
    Path({secret!r}).read_text()
    yield from ()

@check(Severity.WARNING, passed="It was reached.", family="message")
def calls_home(facts):
    socket.create_connection(("127.0.0.1", {port}), timeout=5).close()
    yield from ()

@check(Severity.WARNING, passed="It was told.", family="message")
def sends_a_datagram(facts):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"told", ("127.0.0.1", {port}))
    yield from ()

@check(Severity.WARNING, passed="It was read.", family="message")
def reads_another_process(facts):
    Path(f"/proc/{{os.getppid()}}/environ").read_bytes()
    yield from ()
"""


def landlock() -> int:
    return int(ctypes.CDLL(None).syscall(444, None, 0, 1)) if sys.platform == "linux" else -1


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    info = folder / "nosy-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nosy\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[mailaudit.checks]\nnosy = nosy_plugin\n", encoding="utf-8")
    return folder


def run(site: Path, folder: Path, *words: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    (folder / "campaign.yml").write_text("from: news@acme.example\nrecipients: {files: [list.csv]}\n", "utf-8")
    (folder / "list.csv").write_text("email\nanna@firm.example\n", encoding="utf-8")
    (folder / "temporary").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "mailaudit", "check", "--offline", "-f", "json", "-o", "out.json", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "TMPDIR": str(folder / "temporary")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert list((folder / "temporary").iterdir()) == []
    assert json.loads((folder / "out.json").read_text(encoding="utf-8")) == json.loads(done.stdout), done.stderr
    results = json.loads(done.stdout)["results"]
    return {one["check"]: f"{one['outcome']} {one['reason'] or ''}" for one in results}


@pytest.mark.integration
@pytest.mark.skipif(landlock() < 4, reason="this kernel has no Landlock for connections")
def test_a_plug_in_reads_and_reaches_nothing_outside(site: Path, tmp_path: Path) -> None:
    import socket  # noqa: PLC0415 - a listener on loopback, to be refused

    secret = tmp_path / "secret.txt"
    secret.write_text("not for strangers", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        plugin = PLUGIN.format(secret=str(secret), port=listener.getsockname()[1])
        (site / "nosy_plugin.py").write_text(plugin, encoding="utf-8")
        trusted = run(site, tmp_path / "a")
        untrusted = run(site, tmp_path / "b", "--untrusted")
    for nosy in ("reads-elsewhere", "calls-home", "sends-a-datagram", "reads-another-process"):
        assert trusted[nosy].startswith("passed")
        assert untrusted[nosy].startswith("crashed PermissionError")
    assert untrusted["address-invalid"].startswith("passed")


@pytest.mark.integration
@pytest.mark.skipif(landlock() < 1, reason="this kernel has no Landlock")
def test_a_database_that_the_policy_allows_is_read(tmp_path: Path) -> None:
    import duckdb  # noqa: PLC0415 - heavy, and for this test alone

    with duckdb.connect(str(tmp_path / "shop.duckdb")) as shop:
        shop.execute("CREATE TABLE people AS SELECT 'anna@firm.example' AS email")
    campaign = "from: news@acme.example\nrecipients: {files: ['duckdb://shop.duckdb'], table: people}\n"
    (tmp_path / "campaign.yml").write_text(campaign, encoding="utf-8")
    (tmp_path / "policy.yml").write_text("allow: [database]\n", encoding="utf-8")
    words = ("check", "--offline", "--untrusted", "--policy", "policy.yml", "-f", "json")
    done = subprocess.run(
        [sys.executable, "-m", "mailaudit", *words], cwd=tmp_path, capture_output=True, timeout=120, check=False
    )
    assert json.loads(done.stdout)["facts"]["recipients"]["valid"] == 1, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_a_scratch_folder_of_a_killed_run_is_swept_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    used = confinement._own_scratch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = tmp_path / "mailaudit-killed"
    killed.mkdir()
    (killed / "in-use").touch()
    for folder in (used, killed):
        os.utime(folder, (0, 0))
    own = confinement._own_scratch()
    assert set(tmp_path.iterdir()) == {used, own}
    for _ in range(2):
        confinement._KEPT.pop().cleanup()
    assert list(tmp_path.iterdir()) == []
