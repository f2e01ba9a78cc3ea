"""Reads a folder of Domain Connect templates and proposes entries of the knowledge base, for a person to review.

Usage: python tools/domain_connect.py FOLDER [--knowledge DIR] > proposed.yml

Services publish what their customers are to enter in DNS as templates (the public repository Domain-Connect/Templates, or
files that a service gives you). Of each template that touches mail the facts are taken: includes, targets, selectors and
labels that hold no variable of the customer. What the knowledge base recognises already is left out, and told on stderr.
Each is proposed twice, and one of them goes in: under `other_services` by its name and domains, which is as much as a
template alone can carry, and under `platforms`, which lifts limits, after a check against the service's own pages.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import yaml

from mailaudit.errors import InputError
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.patterns import literal_suffix
from mailaudit.knowledge.receivers import mailbox_service_by
from mailaudit.knowledge.types.platform import Match

MAX_BYTES = 1_000_000
_VARIABLE = re.compile(r"%[^%\s]{0,80}%")
_INCLUDE = re.compile(r"(?:include:|redirect=)([^\s\"]+)", re.IGNORECASE)
_ROOT = {"", "@"}


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace that a template shows; `at` is the label where it is found, when the label is fixed."""

    kind: str
    value: str
    at: str | None = None


@dataclass(slots=True)
class Proposal:
    """What one service's templates show, and who recognises it already."""

    service: str
    name: str
    templates: list[str] = field(default_factory=list)
    traces: dict[Trace, None] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    carriers: set[str] = field(default_factory=set)


def main() -> None:
    """Print the proposals as YAML, and what is known on stderr."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--knowledge", type=Path, help="a folder of knowledge of your own, which counts as known")
    told = parser.parse_args()
    try:
        with with_user_knowledge(told.knowledge):
            found = proposals(told.folder)
    except (InputError, NotADirectoryError) as error:
        sys.exit(str(error))
    for one in found:
        if one.known:
            sys.stderr.write(f"known: {one.service} is {', '.join(sorted(one.known))}\n")
    sys.stdout.write(as_yaml(found, datetime.now(tz=UTC).date()))


def proposals(folder: Path) -> list[Proposal]:
    """Return what the templates of a folder propose, one for each service; raises `NotADirectoryError`."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: this is no directory; name the folder of the templates")
    found: dict[str, Proposal] = {}
    for path in sorted(folder.glob("*.json")):
        template = _read(path)
        listed = template.get("records") if template else None
        rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        if template is None or not any(_touches_mail(row) for row in rows):
            continue
        service = _text(template, "providerId") or path.stem
        one = found.setdefault(service, Proposal(service, _text(template, "providerName") or service))
        one.templates.append(path.stem)
        for trace in dict.fromkeys(trace for row in rows for trace in _traces(row)):
            _sort(one, trace)
    return list(found.values())


def as_yaml(found: list[Proposal], today: date) -> str:
    """Return the proposals that show something new as a file of platforms and of services known by name alone."""
    new = [one for one in found if one.traces and not one.known]
    platforms = [
        {
            "id": re.sub(r"[^a-z0-9]+", "-", one.service.lower()).strip("-"),
            "name": one.name,
            "kind": "transactional",
            **({"via": sorted(one.carriers)} if one.carriers else {}),
            "evidence": [
                {"kind": trace.kind, "values": [trace.value], **({"at": trace.at} if trace.at else {})}
                | {"confidence": "medium", "source": _source(one)}
                for trace in one.traces
            ],
        }
        for one in new
    ]
    others = [
        {"name": one.name, "domains": list(domains), "confidence": "medium", "source": _source(one)}
        for one in new
        if (domains := tuple(_domains(one)))
    ]
    body = {"date": today, "other_services": others, "platforms": platforms}
    return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)


def _source(one: Proposal) -> str:
    return f"Domain-Connect template {one.templates[0]}"


def _domains(one: Proposal) -> Iterator[str]:
    """Yield the organizations under which the service's traces lie."""
    names = (literal_suffix(trace.value) for trace in one.traces if trace.kind != "dkim-selector")
    yield from dict.fromkeys(organizational_domain(name) for name in names if name)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("larger than 1 MB")  # noqa: TRY301 - told with the others
        template = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        sys.stderr.write(f"left out: {path.name}: {error}\n")
        return None
    return template if isinstance(template, dict) else None


def _text(row: dict[str, Any], *keys: str) -> str:
    return next((str(row[key]).strip() for key in keys if isinstance(row.get(key), str) and row[key].strip()), "")


def _value(row: dict[str, Any]) -> str:
    return _text(row, "data", "pointsTo", "spfRules", "target")


def _touches_mail(row: dict[str, Any]) -> bool:
    host, value = _text(row, "host").lower(), _value(row).lower()
    is_bounce = row.get("type") == "MX" and ("feedback" in value or "bounce" in host + value)
    return "_domainkey" in host or row.get("type") == "SPFM" or value.startswith("v=spf1") or is_bounce


def _traces(row: dict[str, Any]) -> Iterator[Trace]:
    kind, host, value = row.get("type"), _text(row, "host").lower().rstrip("."), _value(row)
    label = None if host in _ROOT or _VARIABLE.search(host) or "_domainkey" in host else host
    if kind == "SPFM" or value.lower().startswith("v=spf1"):
        yield from (Trace("spf-include", name, label) for name in _names(_INCLUDE.findall(value)))
    elif "_domainkey" in host:
        selector = host.partition("._domainkey")[0]
        if not _VARIABLE.search(selector):
            yield Trace("dkim-selector", selector)
        yield from (Trace("dkim-target", name) for name in _names([value] if kind == "CNAME" else []))
    elif kind in {"CNAME", "MX"} and _is_bounce(host, value):
        trace = "return-path-target" if kind == "CNAME" else "return-path-mx"
        yield from (Trace(trace, name, label) for name in _names([value]))


def _is_bounce(host: str, value: str) -> bool:
    return (
        re.search(r"bounce|return|feedback|\brp\b|\bmta\b|mtasv|envelope", f"{host} {value}".lower()) is not None
    )


def _names(values: list[str]) -> Iterator[str]:
    """Yield domain names whose variable labels are written `<id>`, if enough of them is fixed to tell the service."""
    for value in values:
        name = _VARIABLE.sub("<id>", value.strip().rstrip(".").lower())
        if is_domain_template(name) and literal_suffix(name):
            yield name


def _sort(one: Proposal, trace: Trace) -> None:
    """Note a trace as known, as a carrier's, as a mailbox's, or as new; a selector that many services use is none."""
    matches = _matches(trace)
    if trace.kind == "dkim-selector" and trace.value in load.shared_selectors():
        return
    plain = trace.value.replace("<id>", "x1")
    other = None if trace.kind == "dkim-selector" else lookup.other_service(plain)
    if other:
        one.known.add(other.name)
    elif matches:
        name = matches[0].platform.id
        is_carrier = matches[0].platform.transports and not matches[0].platform.composes
        (one.carriers if is_carrier and not _same(one.service, name) else one.known).add(name)
    elif (
        mailbox_service_by("spf", plain) is None
        and mailbox_service_by("dkim_domains", plain) is None
        and mailbox_service_by("mx", plain) is None
    ):
        one.traces[trace] = None


def _matches(trace: Trace) -> tuple[Match, ...]:
    plain = trace.value.replace("<id>", "x1")
    if trace.kind == "dkim-selector":
        return lookup.platform_by_dkim_selector(plain)
    return lookup.platforms_by(cast("lookup.Trace", trace.kind), plain)


def _same(service: str, platform: str) -> bool:
    return platform.replace("-", "") in service.replace("-", "").replace(".", "")


if __name__ == "__main__":
    main()
