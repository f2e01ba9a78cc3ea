"""Who gets the mail, and who must not."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict

from mailaudit.campaign.fields import (
    Block,
    DurationField,
    EncodingField,
    FilePaths,
    Flag,
    Inputs,
    Line,
    Lines,
    OneOf,
)
from mailaudit.campaign.section import Part, key, required
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.reach.yaml.unusable import Unusable


class DatedColumn(Part):
    """A column that holds a date, and how old that date may be."""

    column: Line = required("The name of the column that holds the date.", "opt_in_date")
    max_age: DurationField | None = key("How old the date may be when the campaign starts.", "3y")
    fallback: Line | None = key("The column that counts where the first one is empty.", "signed_up_on")


class StatusColumn(Part):
    """A column whose words say who may be mailed; an empty cell says nothing."""

    column: Line = required("The name of the column that holds the status.", "status")
    send: Lines = required("The words of those who may be mailed; all other words are refusals.", ["active"])


class Recipients(Part):
    """The recipient list and the people who must not be mailed; paths are relative to the file, absolute once loaded."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["files"]}, {"required": ["table"]}, {"required": ["query"]}],
            "not": {"required": ["table", "query"]},
        }
    )

    files: Inputs = key(
        "The recipient lists: paths relative to this file, - for standard input, or the URL of a database"
        " (postgresql://, duckdb://, sqlite://).",
        ["recipients.csv"],
        default=(),
    )
    column: Line | None = key(
        "The column that holds the address; by default found by name, else content.", "email"
    )
    sheet: Line | None = key(
        "The sheet of a workbook, or the file in an archive, that holds the list; needed when several do.",
        "Subscribers",
    )
    encoding: EncodingField | None = key(
        "How the bytes of the lists are characters; by default found out.", "cp1251"
    )
    split: Flag = key(
        "Whether a cell with several addresses is as many recipients; by default its first address counts.",
        True,  # noqa: FBT003 - the value of an example
        default=False,
    )
    suppression: FilePaths = key("Lists of people who must not be mailed.", ["unsubscribed.csv"], default=())
    consent: DatedColumn | None = key(
        "The column that tells when a person agreed.", {"column": "opt_in_date", "max_age": "3y"}
    )
    status: StatusColumn | None = key(
        "The column that says who may be mailed, where its own words are not understood.",
        {"column": "status", "send": ["active"]},
    )
    last_engaged: DatedColumn | None = key(
        "The column that tells when a person last opened or clicked.", {"column": "last_open", "max_age": "12mo"}
    )
    verification: FilePaths = key(
        "Result files of verification services, used by the recipient audit as evidence.",
        ["kickbox.csv"],
        default=(),
    )
    table: Line | None = key("The table that holds the list, used by database URLs and engines.", "subscribers")
    query: Block | None = key(
        "The query that returns the list, used by database URLs and engines.", "SELECT email FROM subscribers"
    )
    engine: Annotated[Literal["duckdb", "spark"], OneOf()] | None = key(
        "The engine that works through the list, used by the recipient audit; duckdb by default.", "spark"
    )

    @property
    def reads(self) -> tuple[Path | DatabaseUrl, ...]:
        """Every list that is read."""
        return (*self.files, *self.suppression, *self.verification)

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield a list that is named nowhere or twice."""
        if not {"files", "table", "query"} & given.keys():
            yield Unusable("is missing", "write for example files: [recipients.csv]", key="files")
        if {"table", "query"} <= given.keys():
            yield Unusable("stands beside table", "keep one of them", key="query")
