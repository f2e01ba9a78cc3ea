"""The DNS records that a platform asks its customers to publish."""

from msgspec import Struct

from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.fact import Provenance
from mailaudit.knowledge.types.platform import Platform, RecordStatus


class SetupRecord(Struct, frozen=True):
    """One record to publish.

    `purpose` is `dkim`, `spf`, `return-path`, `tracking`, `verification` or `dmarc`. `value` is zone-file text: `<N>` and
    `<id>` stand for what the platform shows in its settings, and `is_exact` says that neither name nor value holds any.
    Of records with different words under `one_of`, those of one word are enough; `is_probeable` says that the name can be
    looked up by whoever knows the From domain alone.
    """

    purpose: str
    name: str
    type: str
    value: str
    provenance: Provenance
    status: RecordStatus = RecordStatus.REQUIRED
    one_of: str | None = None
    is_probeable: bool = True

    @property
    def is_exact(self) -> bool:
        """Whether the record can be published as it stands."""
        return not is_template(self.name) and not is_template(self.value)

    @property
    def line(self) -> str:
        """The record as a line of a zone file."""
        value = f'"{self.value}"' if self.type == "TXT" else self.value
        return f"{self.name}. 3600 IN {self.type} {value}"


def setup_records(platform: Platform, domain: str, *, every_way: bool = False) -> tuple[SetupRecord, ...]:
    """Return what a platform asks or offers to publish under a domain; empty when the knowledge base does not tell.

    Where there are several ways to set a domain up (`one_of`) these are the records of the first, unless every way is
    wanted. What the platform asks for no more is left out.
    """
    asked = [record for record in platform.records if record.status is not RecordStatus.DEPRECATED]
    first = next((record.one_of for record in asked if record.one_of), None)
    return tuple(
        SetupRecord(
            purpose=record.purpose,
            name=domain if record.name == "@" else f"{record.name}.{domain}",
            type=record.type,
            value=record.value.replace("<domain>", domain) + ("" if record.type == "TXT" else "."),
            provenance=record.provenance,
            status=record.status,
            one_of=record.one_of,
            is_probeable=record.is_probeable,
        )
        for record in asked
        if every_way or record.one_of in {None, first}
    )
