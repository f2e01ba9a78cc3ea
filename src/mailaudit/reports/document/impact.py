"""For whom a finding or a task matters."""

from pydantic import Field

from mailaudit.reports.document.base import Part, Share, Text


class ImpactEntry(Part):
    """For how many recipients a finding matters; `share` is a fraction from 0 to 1."""

    recipients: int = Field(ge=0)
    share: Share = Field(ge=0, le=1)
    providers: tuple[Text, ...] = ()
