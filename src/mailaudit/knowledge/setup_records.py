"""The DNS records that a platform asks its customers to publish."""

from msgspec.structs import replace

from mailaudit.knowledge.types.platform import Platform, PlatformRecord, RecordStatus


def setup_records(platform: Platform, domain: str, *, every_way: bool = False) -> tuple[PlatformRecord, ...]:
    """Return what a platform asks or offers to publish under a domain; empty when the knowledge base does not tell.

    Their names are whole, their values zone-file text. Where there are several ways to set a domain up (`one_of`) these are
    the records of the first, unless every way is wanted. What the platform asks for no more is left out.
    """
    asked = [record for record in platform.records if record.status is not RecordStatus.DEPRECATED]
    first = next((record.one_of for record in asked if record.one_of), None)
    return tuple(
        replace(
            record,
            name=domain if record.name == "@" else f"{record.name}.{domain}",
            value=record.value.replace("<domain>", domain) + ("" if record.type == "TXT" else "."),
        )
        for record in asked
        if every_way or record.one_of in {None, first}
    )
