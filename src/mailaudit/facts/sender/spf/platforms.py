"""What the knowledge base says about the SPF of the declared platform.

Reading the knowledge base takes as long as a DNS answer: these functions are called in a thread, while DNS is asked.
"""

from __future__ import annotations


def platform_includes(declared: str) -> tuple[str, ...]:
    """Return the SPF includes of a platform; none for a platform that is not known."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.platform import EvidenceKind  # noqa: PLC0415 - see above

    platform = platform_named(declared)
    return platform.values(EvidenceKind.SPF_INCLUDE) if platform else ()


def never_aligns(declared: str) -> bool:
    """Say whether it is known for sure that a platform always uses a return path of its own."""
    from mailaudit.knowledge.lookup import platform_named  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.fact import Confidence  # noqa: PLC0415 - see above
    from mailaudit.knowledge.types.platform import SpfAlignment  # noqa: PLC0415 - see above

    platform = platform_named(declared)
    return (
        platform is not None
        and platform.spf_aligns is SpfAlignment.NEVER
        and platform.spf_aligns_provenance.confidence is Confidence.HIGH
    )
