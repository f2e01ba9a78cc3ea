"""Finds every check: a file of `mailaudit.checks.<family>`, or an entry point of a third party."""

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct

from mailaudit.checks.finding import Problem, Severity
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.facts import Facts
from mailaudit.plugins import plugins

Judge = Callable[..., Iterable[Problem]]
Subjects = Callable[[Facts], Iterable[Any]]
Proviso = Callable[[Facts], str | None]
J = TypeVar("J", bound=Judge)

# Each with what its checks cannot do without, unless they say otherwise.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "sender": ("dns",),
    "recipients": ("recipients",),
    "volume": ("recipients", "schedule"),
    "message": ("message",),
    "capture": ("capture",),
    "gate": (),
}
ENTRY_POINT_GROUP = "mailaudit.checks"
_ATTRIBUTE = "__mailaudit_check__"


class Check(Struct, frozen=True):
    """One rule: its name, its place, its documentation (Markdown) and the function that judges.

    `judge` takes the facts, and one subject when `subjects` is set: it is then called once for each subject, so
    that one that cannot be verified does not hide the others. `needs` names the inputs: `dns`, `recipients`,
    `schedule`, `message`, `network`. When `gate_when_unverified` is false, an unverified outcome is said aloud
    but does not make the audit incomplete. `proviso` tells, in a sentence, what a pass leaves open, or nothing.
    """

    name: str
    family: str
    severity: Severity
    passed: str
    doc: str
    judge: Judge
    subjects: Subjects | None = None
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    gate_when_unverified: bool = True
    proviso: Proviso | None = None
    follows: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The first line of the documentation."""
        return self.doc.strip().partition("\n")[0]


def check(
    severity: Severity,
    *,
    passed: str,
    needs: tuple[str, ...] | None = None,
    each: Subjects | None = None,
    family: str | None = None,
    aliases: tuple[str, ...] = (),
    gate_when_unverified: bool = True,
    proviso: Proviso | None = None,
    follows: tuple[str, ...] = (),
) -> Callable[[J], J]:
    """Declare the decorated function a check, named by the function and documented by its module's docstring.

    Its family is its folder, and it needs what its family does, unless another one is named.
    """

    def declare(judge: J) -> J:
        module = sys.modules[judge.__module__]
        folder = judge.__module__.split(".")[-2:][0]  # of a plug-in of one file, that file
        of_family = () if family else FAMILIES.get(folder, ())
        declared = Check(
            name=judge.__name__.replace("_", "-"),
            family=family or folder,
            severity=severity,
            passed=passed,
            doc=(module.__doc__ or judge.__doc__ or "").strip(),
            judge=judge,
            subjects=each,
            needs=of_family if needs is None else needs,
            aliases=aliases,
            gate_when_unverified=gate_when_unverified,
            proviso=proviso,
            follows=follows,
        )
        setattr(judge, _ATTRIBUTE, declared)
        return judge

    return declare


@cache
def all_checks() -> Mapping[str, Check]:
    """Return every check by name, ordered by family and then by name; a name that occurs twice is an error."""
    found: dict[str, Check] = {}
    for declared in (*_own_checks(), *_third_party_checks()):
        if declared.name in found:
            raise ValueError(f"two checks are named {declared.name}")
        found[declared.name] = declared
    order = {family: place for place, family in enumerate(FAMILIES)}
    ranked = sorted(found.values(), key=lambda c: (order.get(c.family, len(order)), c.name))
    return {declared.name: declared for declared in ranked}


def find(name: str) -> Check | None:
    """Return the check with this name or former name, or nothing."""
    wanted = _written(name)
    checks = all_checks()
    return checks.get(wanted) or next((c for c in checks.values() if wanted in c.aliases), None)


def suggest(name: str) -> str | None:
    """Return the name of a check that the writer may have meant."""
    close = difflib.get_close_matches(_written(name), list(all_checks()), n=1, cutoff=0.6)
    return close[0] if close else None


def matches(declared: Check, patterns: Iterable[str]) -> bool:
    """Say whether a check is meant by any of the patterns: a name, a former name, a family or a glob."""
    names = (declared.name, declared.family, *declared.aliases)
    return any(fnmatchcase(name, _written(pattern)) for pattern in patterns for name in names)


def selected(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """Return the names of the checks that are to run; raises `InputError` for a pattern that means none."""
    wanted, unwanted = tuple(select), tuple(ignore)
    unknown = [
        _unknown(option, pattern)
        for option, patterns in (("--select", wanted), ("--ignore", unwanted))
        for pattern in patterns
        if not any(matches(declared, (pattern,)) for declared in all_checks().values())
    ]
    if unknown:
        raise InputError(*unknown)
    return frozenset(
        name
        for name, declared in all_checks().items()
        if (not wanted or matches(declared, wanted)) and not matches(declared, unwanted)
    )


def _unknown(option: str, pattern: str) -> Complaint:
    likely = suggest(pattern)
    todo = f"did you mean {likely}?" if likely else "`mailaudit checks` lists the names and families"
    return Complaint(f"{option} {pattern}: no check and no family has this name", todo=todo)


def _written(name: str) -> str:
    """Return a name as checks write theirs."""
    return name.strip().lower().replace("_", "-")


def _own_checks() -> Iterator[Check]:
    for family in FAMILIES:
        package = importlib.import_module(f"mailaudit.checks.{family}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield from checks_in(importlib.import_module(module.name))


def _third_party_checks() -> Iterator[Check]:
    for entry in plugins(ENTRY_POINT_GROUP):
        try:
            yield from list(checks_in(entry.load()))
        except Exception as error:  # noqa: BLE001 - a broken plug-in is reported, and never the end of the audit
            yield _unloadable(entry.name, error)


def _unloadable(name: str, error: Exception) -> Check:
    def judge(_: Facts) -> Iterator[Problem]:
        raise RuntimeError(f"the plug-in {name} cannot be loaded ({type(error).__name__}: {error})")

    doc = f"The plug-in {name} could not be loaded.\n\n## Why it matters\nIts checks did not run."
    return Check(f"plugin-{name}", "plugin", Severity.WARNING, f"The plug-in {name} is loaded.", doc, judge)


def checks_in(holder: Any) -> Iterator[Check]:
    """Yield the checks that a module (or one decorated function) declares."""
    for item in (holder, *vars(holder).values()) if hasattr(holder, "__dict__") else (holder,):
        declared = getattr(item, _ATTRIBUTE, None)
        if isinstance(declared, Check) and getattr(item, "__module__", None) == getattr(
            holder, "__module__", getattr(holder, "__name__", None)
        ):
            yield declared
