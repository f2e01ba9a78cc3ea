"""A campaign file that extends another: what it does not say, the shared file says."""

import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mailaudit.campaign.values.paths import TextOf
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import Complaint, InputError, refused
from mailaudit.reach.yaml.document import Document

KEY = "extends"


def with_shared(
    data: dict[str, object],
    source: Source,
    read: Callable[[Path, str], tuple[Document, Source]],
    *,
    confined: bool = False,
) -> tuple[dict[str, object], Source]:
    """Return the keys of a campaign file over those of the file that it extends; raises `InputError`.

    Mappings are joined key by key; anything else of the file itself wins whole. Paths of the shared file are relative to
    that file. `confined` forbids to read one outside the campaign's folder.
    """
    written = data.get(KEY)
    if written is None:
        return data, source
    where = source.where(KEY)
    if not isinstance(written, str) or not written.strip():
        raise refused("extends: the name of a campaign file is expected", where, "extends: ../shared.yml")
    path = source.path.parent / written
    if confined and not path.resolve().is_relative_to(source.path.parent.resolve()):
        what = "extends: a file outside the folder of an untrusted campaign file is not read"
        raise refused(what, where, "put the shared file beside the campaign")
    display = posixpath.normpath(posixpath.join(posixpath.dirname(source.display.replace("\\", "/")), written))
    document, shared = read(path, display)
    if not isinstance(document.data, dict):
        raise refused("the file holds no keys with values", shared.where(""), "write from: …")
    if KEY in document.data:
        what = "extends: a shared file extends no other"
        raise InputError(*document.complaints, Complaint(what, shared.where(KEY), "write its keys here"))
    if document.complaints:
        raise InputError(*document.complaints)
    return _over(data, _of(document.data, path.parent)), replace(source, shared=shared)


def _of(value: Any, folder: Path) -> Any:
    """Return values of the shared file that know to which folder their paths belong."""
    if isinstance(value, dict):
        return {key: _of(one, folder) for key, one in value.items()}
    if isinstance(value, list):
        return [_of(one, folder) for one in value]
    return TextOf(value, folder) if isinstance(value, str) else value


def _over(own: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    joined = dict(shared)
    for key, value in own.items():
        theirs = shared.get(key)
        if isinstance(value, dict) and isinstance(theirs, dict):
            joined[key] = _over(value, theirs)
        elif value is not None or key not in shared:
            joined[key] = value
    return joined
