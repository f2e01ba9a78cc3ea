"""The message that is sent."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict

from mailaudit.campaign.fields import FilePath, Flag, Line, LineMap, Lines, OneOf
from mailaudit.campaign.section import Part, key
from mailaudit.reach.yaml.unusable import Unusable


class MessagePlan(Part):
    """The message: an .eml file as sent or exported, or templates; paths are relative to the file, absolute once loaded."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["eml"]}, {"required": ["html"]}, {"required": ["text"]}],
            "allOf": [{"not": {"required": ["eml", part]}} for part in ("html", "text")],
        }
    )

    eml: FilePath | None = key("The message as sent or exported.", "message.eml")
    html: FilePath | None = key("The template of the HTML part.", "template.html")
    text: FilePath | None = key("The template of the plain-text part.", "template.txt")
    subject: Line | None = key("The subject of the message.", "Spring sale")
    kind: Annotated[Literal["template", "sample"], OneOf()] | None = key(
        "Whether the files hold placeholders to be filled (template) or one person's message (sample).", "template"
    )
    fields: LineMap | None = key(
        "Which column of the list fills a merge field, where the names differ.", {"FNAME": "first_name"}
    )
    transactional: Flag | None = key(
        "Whether people asked for this very mail (an invoice, a password): the duties of newsletters then do not apply.",
        *(True,),
    )
    unsubscribe: Line | None = key(
        "The words of the link by which people leave the list.", "Leave the garden club"
    )
    legal_identity: Lines = key(
        "What the law wants to stand in the message: the company, its address; each is looked for.",
        ["ACME SAS", "12 Mill Lane, Lyon"],
        default=(),
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield a message without content, or with two."""
        if not {"eml", "html", "text"} & given.keys():
            yield Unusable("names no file", "write for example html: template.html")
        for part in ("html", "text"):
            if "eml" in given and part in given:
                yield Unusable("stands beside eml", "keep one of them", key=part)
