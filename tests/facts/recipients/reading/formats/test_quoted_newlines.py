"""A quoted cell may span lines; a broken quote must not swallow rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.campaign.load import load_campaign
from support.lists import observed_list


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ('name,email\n"A\nB",a@gmail.com\nC,b@gmail.com\n', (2, 2, 0, 0)),
        ('name,email\nC,b@gmail.com\n"Dupont, Jean\ndit JJ",a@gmail.com\nE,e@gmail.com\n', (3, 3, 0, 0)),
        ('email,name\na@gmail.com,"two\nlines"\nb@gmail.com,ok\n', (2, 2, 0, 0)),
        ('email;name\na@gmail.com;"He said ""hi""\nand left"\nb@gmail.com;ok\n', (2, 2, 0, 0)),
        ('email,name\na@gmail.com,"broken\nb@gmail.com,ok\nc@gmail.com,"fine"\n', (3, 2, 0, 1)),
        ('email,name\na@gmail.com,"broken\nb@gmail.com,ok\nc@gmail.com,fine"\nd@gmail.com,x\n', (4, 3, 0, 1)),
    ],
)
def test_rows_are_counted_as_they_were_written(tmp_path: Path, text: str, counts: tuple[int, ...]) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    file = tmp_path / "campaign.yml"
    file.write_text("from: a@acme.example\nrecipients: {files: [list.csv]}\n", encoding="utf-8")
    facts = observed_list(load_campaign(file)[0])
    assert (facts.rows, facts.valid, facts.invalid, facts.unreadable) == counts
