from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.yaml.file_text import MAX_BYTES
from mailaudit.errors import InputError

TEXT = "from: Müller <news@acme.example>\n"


def complaint(path: str) -> str:
    with pytest.raises(InputError) as caught:
        load_campaign(path)
    (only,) = caught.value.complaints
    return str(only)


def test_a_missing_file(folder: Path) -> None:
    del folder
    assert complaint("gone.yml") == (
        "gone.yml: there is no such file; name another file, or write one with: mailaudit init"
    )


def test_a_directory(folder: Path) -> None:
    assert complaint("dns") == "dns: this is a directory; name the campaign file in it, such as campaign.yml"
    assert complaint("").startswith(".: this is a directory")
    assert complaint(str(folder)).startswith(f"{folder}: this is a directory")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO here")
def test_a_fifo_is_refused_without_waiting_for_a_writer(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yml")
    assert complaint("pipe.yml").startswith("pipe.yml: this is not a regular file")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
def test_a_device_is_refused() -> None:
    assert complaint("/dev/zero").startswith("/dev/zero: this is not a regular file")


def test_a_file_of_100_mb_is_refused_without_reading_it(folder: Path) -> None:
    with (folder / "huge.yml").open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    try:
        said = complaint("huge.yml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said.startswith("huge.yml: the file is larger than 1 MiB; a campaign file holds the plan")
    assert peak < 10_000_000


def test_the_largest_file_that_is_read(folder: Path) -> None:
    rest = MAX_BYTES - len("from: news@acme.example\n")
    (folder / "large.yml").write_bytes(b"from: news@acme.example\n" + b"#" * rest)
    assert load_campaign("large.yml")[0].from_domain == "acme.example"
    (folder / "large.yml").write_bytes(b"from: news@acme.example\n" + b"#" * (rest + 1))
    assert "larger than 1 MiB" in complaint("large.yml")


@pytest.mark.parametrize("name", ["a\0b.yml", "x" * 5000])
def test_a_name_that_no_file_can_have(name: str) -> None:
    assert "cannot be read" in complaint(name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(folder: Path) -> None:
    (folder / "secret.yml").write_text(TEXT)
    (folder / "secret.yml").chmod(0)
    assert complaint("secret.yml") == "secret.yml: the file cannot be read: Permission denied"


def test_a_refused_read_is_said_whoever_asks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "secret.yml").write_text(TEXT)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("mailaudit.campaign.yaml.file_text.os.open", refuse)
    assert complaint("secret.yml") == "secret.yml: the file cannot be read: Permission denied"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(folder: Path, encoding: str, newline: str) -> None:
    text = f"# Sale\n{TEXT}name: Sale\n".replace("\n", newline)
    (folder / "campaign.yml").write_bytes(text.encode(encoding))
    campaign, source = load_campaign("campaign.yml")
    assert campaign.from_.display_name == "Müller"
    assert source.places["name"] == (3, 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "campaign.yml: the file is empty or holds only comments; write at least a line such as: from: "),
        (b"\xef\xbb\xbf", "campaign.yml: the file is empty"),
        (b"# later\n\n   \n", "campaign.yml: the file is empty"),
        (b"---\n", "campaign.yml: the file is empty"),
        ("name: Été\n".encode("latin-1"), "campaign.yml:1:7: the file is not UTF-8 (byte 0xc9); save it as UTF-8"),
        (b"a: 1\r\nb: \xff", "campaign.yml:2:4: the file is not UTF-8 (byte 0xff)"),
        (b"\xff\xfea", "campaign.yml: the file is damaged UTF-16; save it as UTF-8"),
        (TEXT.encode("utf-16-le"), "campaign.yml:1:2: the file holds a NUL character, so it is not plain text"),
        ("a: \0".encode("utf-16"), "campaign.yml:1:4: the file holds a NUL character"),
        (b"\x89PNG\r\n", "campaign.yml:1:1: the file is not UTF-8 (byte 0x89)"),
        (b"name: a\x1b[31m\n", "campaign.yml:1:8: the file holds the control character U+001B; delete it"),
        ("a: 1\nname: a\u2028b\n".encode(), "campaign.yml:2:8: the file holds the control character U+2028"),
        ("a\ufeffb: 1".encode(), "campaign.yml:1:2: the file holds the control character U+FEFF"),
        (b"\x1f\x8b\x08\x00", "campaign.yml:1:4: the file holds a NUL character"),
    ],
)
def test_what_is_no_text(folder: Path, data: bytes, said: str) -> None:
    (folder / "campaign.yml").write_bytes(data)
    assert complaint("campaign.yml").startswith(said)


def test_a_list_is_no_campaign_file(folder: Path) -> None:
    (folder / "people.CSV").write_text("email\nann@acme.example\n", encoding="utf-8")
    assert complaint("people.CSV").startswith("people.CSV: this is a list, not a campaign file; name it beside")


def test_the_folders_name_may_hold_anything(folder: Path) -> None:
    odd = folder / "Sale\n\x1b[31m"
    odd.mkdir()
    (odd / "campaign.yml").write_text(TEXT, encoding="utf-8")
    assert load_campaign(odd / "campaign.yml")[0].name == "Sale??[31m"


def test_a_file_name_that_is_no_unicode(load: Callable[[str], object], folder: Path) -> None:
    del load
    name = os.fsdecode(b"sale\xff.yml")
    try:
        (folder / name).write_text("x: 1", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system wants Unicode names")
    with pytest.raises(InputError) as caught:
        load_campaign(name)
    assert str(caught.value).startswith(r"sale\udcff.yml:1:1: from: is missing")


def test_a_file_name_of_two_lines_is_told_in_one(folder: Path) -> None:
    del folder
    assert complaint("a\n\x1b[31m.yml").startswith(r"a\n\x1b[31m.yml: there is no such file")
