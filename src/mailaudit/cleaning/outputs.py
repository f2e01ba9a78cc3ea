"""Where a clean list goes: refused before the work when it cannot go there, and put there whole or not at all."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from glob import escape
from pathlib import Path

from msgspec import Struct

from mailaudit.cleaning.result import CleanPlan
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.recipients.reading.list_format import suffix_of
from mailaudit.facts.recipients.tables.engine import Repairs
from mailaudit.reach.leftovers import hold, sweep

_SUFFIX = ".mailaudit-tmp"
_ELSEWHERE = "choose another folder (--output)"


class Targets(Struct, frozen=True):
    """The files that are written for a list: the rows that stay, those that go, and what else is wanted."""

    clean: Path
    removed: Path
    repairs: Path | None = None
    ledger: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(path for path in (self.clean, self.removed, self.repairs, self.ledger) if path)


def targets_of(path: Path | None, written: str, plan: CleanPlan) -> Targets:
    """Return the files for a list that is `written` in a format by default."""
    folder = plan.folder or (path.parent if path else Path())
    suffix = "".join(path.suffixes[-2 if path.suffix.lower() == ".gz" else -1 :]) if path else ""
    stem = path.name.removesuffix(suffix) if path else "recipients"
    wanted = plan.to or written
    if not path or (wanted, suffix_of(path)[1:]) != (written, written):
        suffix = f".{wanted}"
    return Targets(
        clean=folder / f"{stem}.clean{suffix}",
        removed=folder / f"{stem}.removed{suffix}",
        repairs=None if plan.repairs is Repairs.NONE else folder / f"{stem}.repairs.csv",
        ledger=folder / f"{stem}.ledger.csv" if plan.ledger else None,
    )


def require_folders(folders: Iterable[Path]) -> None:
    """Raise `InputError` when nothing can be written where the clean lists are to go; tried before anything is read."""
    complaints = []
    for folder in sorted(folders):
        if not folder.exists():
            complaints.append(Complaint(f"{folder}: there is no such folder", todo="create it first"))
        elif not folder.is_dir():
            complaints.append(Complaint(f"{folder}: is a file, not a folder", todo=_ELSEWHERE))
        elif not os.access(folder, os.W_OK | os.X_OK):
            complaints.append(Complaint(f"{folder}: nothing may be written there", todo=_ELSEWHERE))
    if complaints:
        raise InputError(*complaints)


def refuse(targets: Iterable[Path], taken: set[Path], *, force: bool) -> None:
    """Raise `InputError` for every file that must not be written: an input, a folder, one that exists already."""
    complaints = []
    seen = set(taken)
    for target in targets:
        if target.resolve() in taken:
            complaints.append(Complaint(f"{target}: is an input file", todo=_ELSEWHERE))
        elif target.resolve() in seen:
            complaints.append(Complaint(f"{target}: two lists of the same name", todo="clean them one by one"))
        elif target.is_dir():
            complaints.append(Complaint(f"{target}: is a folder", todo=_ELSEWHERE))
        elif target.exists() and not target.is_file():
            complaints.append(Complaint(f"{target}: is a device or a pipe", todo=_ELSEWHERE))
        elif target.exists() and not force:
            complaints.append(_exists(target))
        seen.add(target.resolve())
    if complaints:
        raise InputError(*dict.fromkeys(complaints))


def temporary(target: Path, undo: ExitStack) -> Path:
    """Make the file that will become the target, and sweep those of killed runs; `undo` removes it."""
    prefix = f".{target.name}."
    sweep(target.parent, f"{escape(prefix)}*{_SUFFIX}")
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=target.parent)
    os.close(handle)
    umask = os.umask(0)
    os.umask(umask)
    Path(name).chmod(0o666 & ~umask)
    undo.callback(_remove, Path(name))
    undo.callback(os.close, hold(Path(name)))
    return Path(name)


def publish(pairs: Sequence[tuple[Path, Path]], *, force: bool) -> None:
    """Give temporary files the names of their targets, all of them or none; raises `InputError` when one exists by now."""
    with ExitStack() as undo:
        for made, target in pairs:
            if force:
                made.replace(target)
            else:
                _put(made, target)
                undo.callback(_remove, target)
        undo.pop_all()


def _put(made: Path, target: Path) -> None:
    """Rename a file without ever replacing another one."""
    try:
        os.link(made, target, follow_symlinks=False)
    except FileExistsError as error:
        raise InputError(_exists(target)) from error
    except (OSError, NotImplementedError):  # a file system without links
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError as error:
            raise InputError(_exists(target)) from error
        made.replace(target)
    else:
        made.unlink()


def _exists(target: Path) -> Complaint:
    return Complaint(f"{target}: exists already", todo="remove it, or allow it with --force")


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
