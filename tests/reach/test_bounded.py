"""One reader for what nobody vouches for."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.reach import bounded
from mailaudit.reach.bounded import read_bounded


def test_a_file_and_a_pipe_with_a_writer_are_read_whole(tmp_path: Path) -> None:
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_bytes(b"x" * 200_000)
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"y" * 200_000))
    writer.start()
    assert read_bounded(file, 1 << 20) == b"x" * 200_000
    assert read_bounded(pipe, 1 << 20) == b"y" * 200_000
    writer.join()


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(InputError, match=f"^{device}: this is a device"):
        read_bounded(Path(device), 1 << 20)


def test_more_than_the_bound_is_refused_by_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(InputError, match="larger than 1 MiB"):
        read_bounded(file, 1 << 20)
    assert len(read_bounded(file, (1 << 20) + 1)) == (1 << 20) + 1


def test_a_pipe_into_which_nobody_writes_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "PATIENCE_S", 0.2)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="nothing came through this pipe"):
        read_bounded(pipe, 1 << 20)


def test_a_folder_and_a_missing_file_are_the_systems_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(OSError, match=r"directory"):
            read_bounded(path, 1 << 20)
