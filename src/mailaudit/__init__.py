"""mailaudit tells a marketer, before the send, what will go wrong with an e-mail campaign.

The public interface is what `__all__` names; it is imported when it is first used, so that
`import mailaudit` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailaudit.api import (
        DnsOptions,
        LookUps,
        Options,
        SharedDns,
        audit,
        audit_all,
        audit_async,
        load_campaign,
        render,
    )
    from mailaudit.campaign.of_domain import Domain
    from mailaudit.checks.finding import Finding, Severity
    from mailaudit.errors import InputError
    from mailaudit.policy import Report
    from mailaudit.reports.formats import RenderOptions

__version__ = "0.1.0"

__all__ = [
    "DnsOptions",
    "Domain",
    "Finding",
    "InputError",
    "LookUps",
    "Options",
    "RenderOptions",
    "Report",
    "Severity",
    "SharedDns",
    "__version__",
    "audit",
    "audit_all",
    "audit_async",
    "load_campaign",
    "render",
]

_HOMES = {
    "Domain": "campaign.of_domain",
    "Finding": "checks.finding",
    "InputError": "errors",
    "RenderOptions": "reports.formats",
    "Severity": "checks.finding",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - keeps `import mailaudit` light

    return getattr(importlib.import_module(f"mailaudit.{_HOMES.get(name, 'api')}"), name)


def __dir__() -> list[str]:
    """Return the public names, also those that are not imported yet."""
    return sorted(__all__)
