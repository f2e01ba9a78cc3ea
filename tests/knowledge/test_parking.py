from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.parking import parking_hosts, parking_of
from mailaudit.knowledge.receivers import provider_by_mx
from mailaudit.knowledge.types.fact import Confidence

USERS = """date: 2026-11-25
hosts:
  - {id: mx.parked.example, means: 'our own parking', source: we, confidence: %s}
"""


def test_every_host_has_a_source_and_belongs_to_no_provider() -> None:
    hosts = parking_hosts()
    assert len(hosts) > 10
    for name, host in hosts.items():
        assert name == host.id == name.lower()
        assert len(host.provenance.source) > 20
        assert host.provenance.confidence is not Confidence.LOW
        assert provider_by_mx(name) is None


@pytest.mark.parametrize(
    ("hosts", "is_parked"),
    [
        (["mail.h-email.net"], True),
        (["MAIL.H-EMAIL.NET.", "park-mx.above.com"], True),
        (["mail.h-email.net", "mx.acme.example"], False),
        (["x.mail.h-email.net"], False),
        ([], False),
    ],
)
def test_all_hosts_must_be_parking_hosts_by_their_whole_names(hosts: list[str], *, is_parked: bool) -> None:
    assert (parking_of(hosts) is not None) is is_parked


@pytest.mark.parametrize(("confidence", "is_parked"), [("medium", True), ("low", False)])
def test_a_user_adds_hosts_and_what_is_only_believed_accuses_nobody(
    tmp_path: Path, confidence: str, *, is_parked: bool
) -> None:
    (tmp_path / "parking.yml").write_text(USERS % confidence, encoding="utf-8")
    with with_user_knowledge(tmp_path):
        assert (parking_of(["mx.parked.example"]) is not None) is is_parked
    assert parking_of(["mx.parked.example"]) is None


def test_a_slip_in_a_users_file_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "parking.yml").write_text(
        "date: 2026-11-25\nhosts:\n  - {id: x, means: y, z: 1}\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"parking.yml:3.*`z` is not a key"), with_user_knowledge(tmp_path):
        pass
