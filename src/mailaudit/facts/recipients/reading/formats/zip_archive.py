"""A ZIP archive with one list in it, as Mailchimp and others send their exports."""

import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from msgspec.structs import replace

from mailaudit.facts.recipients.reading.columns import Wanted, shown_name
from mailaudit.facts.recipients.reading.foreign import archived
from mailaudit.facts.recipients.reading.formats.vcard import FORMAT as VCARD
from mailaudit.facts.recipients.reading.list_format import ListFormat, format_of, list_formats, suffix_of
from mailaudit.facts.recipients.reading.source import Origin, Source, unusable

# No list of a hundred million rows unpacks to more, and no text of people is packed better.
MAX_UNPACKED = 16 << 30
MAX_RATIO = 200
_PIECE = 1 << 20
_SUBSCRIBED, _REFUSING = ("subscribed_",), ("unsubscribed_", "cleaned_")
_UNPACK = "unpack it, and name the list in it"


def _open(origin: Origin, wanted: Wanted) -> Source:
    try:
        with ZipFile(origin.data) as archive:
            members = _chosen(archive, origin, wanted)
            are_cards = suffix_of(Path(members[0].filename)) in VCARD.suffixes
            copy = _unpacked(archive, members, origin, have_headers=not are_cards)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        what = "the archive is damaged, or packed in a way that cannot be read"
        raise unusable(origin.display, what, _UNPACK) from error
    member = members[0]
    name = PurePosixPath(member.filename).name
    if len(members) > 1 and are_cards:
        inner = replace(origin, data=copy, name=f"{PurePosixPath(origin.name).stem}{VCARD.suffixes[0]}")
    else:
        inner = replace(origin, data=copy, display=f"{origin.display}/{name}", name=name)
    found = format_of(inner, suffix_of(Path(name)))
    if found is FORMAT:
        raise unusable(inner.display, "this is an archive in an archive", _UNPACK)
    return found.opens(inner, replace(wanted, sheet=None) if wanted.sheet in {name, member.filename} else wanted)


def _chosen(archive: ZipFile, origin: Origin, wanted: Wanted) -> list[ZipInfo]:
    """Return the member that holds the list, or all of one contact each, or of people who refuse where these are wanted."""
    members = [member for member in archive.infolist() if _is_file(member)]
    named = [
        member for member in members if wanted.sheet in {member.filename, PurePosixPath(member.filename).name}
    ]
    suffixes = {suffix for one in list_formats() for suffix in one.suffixes}
    lists = [member for member in members if suffix_of(Path(member.filename)) in suffixes] or members
    # Mailchimp's archive: one file for each status, of which the campaign is for the subscribed.
    statuses = _REFUSING if wanted.takes_hashes else _SUBSCRIBED
    of_status = [one for one in lists if PurePosixPath(one.filename).name.lower().startswith(statuses)]
    for found in (named, lists, of_status):
        are_cards = found and all(suffix_of(Path(one.filename)) in VCARD.suffixes for one in found)
        if len(found) == 1 or are_cards or (found and found is of_status and statuses is _REFUSING):
            return found
    if not lists:
        raise unusable(origin.display, "the archive is empty", "export the list again")
    told = ", ".join(shown_name(PurePosixPath(member.filename).name) for member in lists[:20])
    todo = _UNPACK if wanted.takes_hashes else "name one of them in recipients.sheet"
    raise unusable(origin.display, f"several files of the archive may hold the list: {told}", todo)


def _is_file(member: ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    is_aside = path.parts[:1] == ("__MACOSX",) or path.name.lower().startswith(
        (".", "readme", "license", "licence")
    )
    return not (member.is_dir() or is_aside)


def _unpacked(archive: ZipFile, members: list[ZipInfo], origin: Origin, *, have_headers: bool) -> Path:
    """Copy members behind each other to the workspace, as far as their size does no harm; the first header counts."""
    if any(member.flag_bits & 1 for member in members):
        raise unusable(origin.display, "the archive is protected by a password", _UNPACK)
    packed_size = sum(member.compress_size for member in members)
    if sum(member.file_size for member in members) > min(MAX_UNPACKED, MAX_RATIO * max(packed_size, _PIECE)):
        raise unusable(origin.display, "the archive unpacks to a suspicious size", _UNPACK)
    copy = Path(tempfile.mkdtemp(dir=origin.folder)) / "member"
    with copy.open("wb") as file:
        for member in members:
            with archive.open(member) as packed:
                if have_headers and file.tell():
                    packed.readline(_PIECE)
                while piece := packed.read(_PIECE):
                    file.write(piece)
            file.write(b"\n" if len(members) > 1 else b"")
    return copy


def _is_archive(path: Path, head: bytes) -> bool:
    # A workbook is an archive too; spreadsheets are asked first.
    return head.startswith(b"PK\x03\x04") and bool(archived(path))


FORMAT = ListFormat("a ZIP archive", (".zip",), _open, _is_archive)
