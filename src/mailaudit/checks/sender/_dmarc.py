"""What the DMARC checks have in common."""

from __future__ import annotations

import re

from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable
from mailaudit.facts.sender.dmarc.discovery import Discovery, Published, walk_names
from mailaudit.facts.sender.dmarc.record import Alignment, DmarcRecord, Policy, Psd
from mailaudit.facts.sender.names import is_public_suffix

_VERSION = re.compile(r"^v\s*=\s*DMARC1\s*;?\s*", re.IGNORECASE)


def applied(facts: Facts) -> tuple[Discovery, DmarcRecord, str]:
    """Return the discovery, its record and who publishes it; raises `NotApplicable` without a record."""
    found = facts.sender.dmarc.tree_walk.get()
    if found.record is None or found.published_at is None:
        raise NotApplicable("the From domain has no DMARC record")
    return found, found.record, found.published_at


def repeated(facts: Facts) -> tuple[Published, ...]:
    """Return the names at or above the From domain at which several records make each other void."""
    dmarc = facts.sender.dmarc
    walked = (dmarc.published[name] for name in walk_names(dmarc.domain) if name in dmarc.published)
    return tuple(
        one for one in walked if one.answer.is_known and len(one.records) > 1 and not is_public_suffix(one.domain)
    )


def mended(record: DmarcRecord) -> str:
    """Return the record with its broken parts left out, and the policy none where none could be read."""
    parts = ["v=DMARC1", f"p={record.p or Policy.NONE}"]
    parts += [f"{name}={policy}" for name, policy in (("sp", record.sp), ("np", record.np)) if policy]
    parts += ["adkim=s"] if record.adkim is Alignment.STRICT else []
    parts += ["aspf=s"] if record.aspf is Alignment.STRICT else []
    parts += ["t=y"] if record.testing else []
    parts += [f"psd={record.psd}"] if record.psd is not Psd.UNDECIDED else []
    parts += [f"rua={','.join(uri.text for uri in record.rua)}"] if record.rua else []
    parts += [f"ruf={','.join(uri.text for uri in record.ruf)}"] if record.ruf else []
    return "; ".join(parts)


def with_tag(record: DmarcRecord, name: str, value: str) -> str:
    """Return the text of a record with one tag set, which stood in it or not."""
    text = without_tags(record.text, name)
    rest = _VERSION.sub("", text).strip("; \t")
    if name == "p":
        return "; ".join(part for part in ("v=DMARC1", f"p={value}", rest) if part)
    return "; ".join(part for part in ("v=DMARC1", rest, f"{name}={value}") if part)


def without_tags(text: str, *names: str) -> str:
    """Return the text of a record without some tags."""
    parts = [part.strip() for part in text.split(";")]
    kept = [part for part in parts if part and part.partition("=")[0].strip() not in names]
    return "; ".join(kept)
