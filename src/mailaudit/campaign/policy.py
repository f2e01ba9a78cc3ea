"""The policy file: how a campaign is judged, whatever the campaign file says about it."""

from typing import Annotated, Literal

from mailaudit.campaign.fields import FailOn, OneOf
from mailaudit.campaign.model import Ignore
from mailaudit.campaign.section import Part, key

Allowance = Literal["query", "database", "smtp", "private"]


class Policy(Part):
    """What judges, and what a campaign file that is not trusted may reach for all the same."""

    fail_on: FailOn = key("From which severity on the exit code is 1.", "warning", default="error")
    ignore: tuple[Ignore, ...] = key(
        "Findings that are accepted.", [{"check": "dmarc-policy-none", "reason": "changes in January"}], default=()
    )
    allow: tuple[Annotated[Allowance, OneOf()], ...] = key(
        "What an untrusted campaign may reach for.", ["smtp"], default=()
    )
