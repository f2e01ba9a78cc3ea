"""Lists that LibreOffice itself wrote: every format and encoding that it exports gives the same rows."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanPlan
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from support.lists import observed_list

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (package libreoffice-calc)"),
]

LIST = (
    "Kundennr;E-Mail-Adresse;Vorname;Eingewilligt am;Notiz\n"
    '1;anna@acme.example;Änne;2024-03-05;"zwei\nZeilen"\n'
    "2;Anna@ACME.example;Anna;05.03.2024;\n"
    '3;bob@acme.example;Bob;;"mit ; und ""Zeichen"""\n'
    "4;not an address;Carl;2024-03-05;=1+1\n"
    "5;;Dora;2024-03-05;leer\n"
    '6;"Eve <eve@acme.example>";Eve;2019-01-01;€ 5,00\n'
)
# The filter options are separator, text delimiter, character set and first line, as LibreOffice numbers them.
EXPORTS = {
    "xlsx": "xlsx",
    "ods": "ods",
    "xls": "xls",
    "semicolon-1252": "csv:Text - txt - csv (StarCalc):59,34,1,1",
    "comma-utf8": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "tab-utf16": "csv:Text - txt - csv (StarCalc):9,34,65535,1",
    "quoted-latin1": "csv:Text - txt - csv (StarCalc):44,34,12,1,,0,true",
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("office")
    source = folder / "kunden.csv"
    source.write_text(LIST, encoding="utf-8")
    found = {}
    for name, target in EXPORTS.items():
        out = folder / name
        subprocess.run(
            [
                str(OFFICE),
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--infilter=CSV:59,34,76,1,,0,false,true",
                "--convert-to",
                target,
                "--outdir",
                str(out),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        (found[name],) = out.iterdir()
    return found


def campaign(path: Path) -> Campaign:
    plan = {
        "name": "t",
        "from": "news@acme.example",
        "schedule": {"start": "2026-12-01T09:00"},
        "recipients": {"files": [path], "consent": {"column": "Eingewilligt am", "max_age": "3y"}},
    }
    return Campaign.model_validate(plan)


def observed(path: Path) -> RecipientFacts:
    return observed_list(campaign(path))


@pytest.mark.parametrize("name", EXPORTS)
def test_what_libreoffice_wrote_is_read(exported: dict[str, Path], name: str) -> None:
    facts = observed(exported[name])
    assert (facts.rows, facts.valid, facts.invalid, facts.missing, facts.unreadable) == (6, 4, 1, 1, 0)
    assert (facts.unique, facts.duplicates) == (3, 1)
    counts = facts.files[0].counts
    assert (counts[Kind.CONSENT_MISSING], counts[Kind.CONSENT_EXPIRED]) == (1, 1)


@pytest.mark.parametrize("name", EXPORTS)
def test_what_libreoffice_wrote_is_cleaned_into_its_own_format(
    exported: dict[str, Path], tmp_path: Path, name: str
) -> None:
    done = asyncio.run(clean(campaign(exported[name]), None, CleanPlan(DEFAULT, folder=tmp_path)))
    (file,) = done.files
    assert (file.rows, file.kept) == (6, 3)
    assert isinstance(file.clean, Path)
    kept = observed(file.clean)
    assert (kept.rows, kept.valid, kept.duplicates) == (3, 3, 0)
