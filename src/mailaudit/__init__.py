"""mailaudit tells a marketer, before the send, what will go wrong with an e-mail campaign.

The public interface is what `__all__` names; it is imported when it is first used, so that
`import mailaudit` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailaudit.api import DnsOptions, LookUps, Options, audit, load_campaign
    from mailaudit.checks.finding import Finding, Severity
    from mailaudit.errors import InputError
    from mailaudit.policy import Report

__version__ = "0.1.0"

__all__ = [
    "DnsOptions",
    "Finding",
    "InputError",
    "LookUps",
    "Options",
    "Report",
    "Severity",
    "__version__",
    "audit",
    "load_campaign",
]

_HOMES = {
    "DnsOptions": "mailaudit.options",
    "Finding": "mailaudit.checks.finding",
    "InputError": "mailaudit.errors",
    "LookUps": "mailaudit.options",
    "Options": "mailaudit.options",
    "Report": "mailaudit.policy",
    "Severity": "mailaudit.checks.finding",
    "audit": "mailaudit.api",
    "load_campaign": "mailaudit.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - keeps `import mailaudit` light

    return getattr(importlib.import_module(_HOMES[name]), name)
