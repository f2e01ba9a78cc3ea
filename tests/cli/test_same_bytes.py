"""The same inputs give the same bytes, wherever and in whatever order of hashes and files they are read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

OUTPUTS = ("json", "html", "sarif", "xml", "md", "csv", "txt", "zone")
FILES = {
    "campaign.yml": """name: Spring
from: "ACME <news@acme.example>"
sending: {ips: [203.0.113.25, 203.0.113.26], dkim: [{selector: s1, domain: acme.example}]}
recipients: {files: [b.csv, a.csv], suppression: [no.txt]}
schedule: {start: 2026-12-01T09:00, timezone: Europe/Paris, rate: 60/h}
""",
    "a.csv": "E-Mail,opt_out\nÉva@gmail.com,no\nbob@orange.fr,yes\nbob@ORANGE.fr,no\nx@gmial.com,no\n",
    "b.csv": "email\ninfo@firm.example\nno address\nïn@xn--bcher-kva.example\n",
    "no.txt": "bob@orange.fr\n",
    "w.zone": '$ORIGIN acme.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n@ 60 IN TXT "v=spf1 ip4:203.0.113.25 ~all"\n',
}


def told(folder: Path, order: int, **environment: str) -> dict[str, bytes]:
    folder.mkdir()
    for name in sorted(FILES)[::order]:
        (folder / name).write_text(FILES[name], encoding="utf-8")
    wanted = [word for suffix in OUTPUTS for word in ("-o", f"out.{suffix}")]
    done = subprocess.run(
        [sys.executable, "-m", "mailaudit", "check", "--zone", "w.zone", "-f", "github", *wanted],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return {"stdout": done.stdout, **{name: (folder / f"out.{name}").read_bytes() for name in OUTPUTS}}


@pytest.mark.integration
def test_time_zone_locale_hashes_and_order_of_files_change_no_byte(tmp_path: Path) -> None:
    here = told(tmp_path / "a", 1, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    there = told(
        tmp_path / "b", -1, TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", LANG="tr_TR", PYTHONHASHSEED="4711"
    )
    assert [name for name in here if here[name] != there[name]] == []
