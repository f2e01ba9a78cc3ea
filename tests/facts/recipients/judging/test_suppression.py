from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.facts.recipients.cells.stop_entries import stop_entries
from mailaudit.facts.recipients.model import RecipientFacts
from support.lists import observed_list


def stopped(tmp_path: Path, name: str, text: str, people: str = "abcdef") -> tuple[set[str], RecipientFacts]:
    (tmp_path / "list.csv").write_text("email\n" + "".join(f"{p}@x.example\n" for p in people), encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    plan = {"files": [tmp_path / "list.csv"], "suppression": [tmp_path / name]}
    campaign = Campaign.model_validate({"name": "t", "from": "news@acme.example", "recipients": plan})
    facts = observed_list(campaign)
    samples = next(iter(found for kind, found in facts.files[0].samples.items() if kind == "suppressed"), ())
    return {sample.address[0] for sample in samples}, facts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Type,Email\nHardBounce,a@x.example\nTransient,b@x.example\nSpamComplaint,c@x.example\n", "ac"),
        ("email,reason,status\na@x.example,550 no such user,5.1.1\nb@x.example,452 full,4.2.2\n", "a"),
        ("event,type,email\nbounce,bounce,a@x.example\nbounce,blocked,b@x.example\ndelivered,,c@x.example\n", "a"),
        ("recipient,severity\na@x.example,permanent\nb@x.example,temporary\n", "a"),
        ("email,event,hard_bounce\na@x.example,bounce,true\nb@x.example,bounce,false\nc@x.example,spam,\n", "ac"),
        ("email;Status\na@x.example;Hard bounce\nb@x.example;Soft bounce\nc@x.example;Unsubscribed\n", "ac"),
        ("recipient,bounce_class\na@x.example,10\nb@x.example,20\n", "a"),
        ("email,status\na@x.example,blocked\nb@x.example,blocked\n", "ab"),
        ("email,reason\na@x.example,too many mails\nb@x.example,\n", "ab"),
        ("email,type\na@x.example,Soft bounce\na@x.example,Hard bounce\n", "a"),
        ("email,status\na@x.example,subscribed\nb@x.example,unsubscribed\nc@x.example,active\n", "b"),
        ("email,status\na@x.example,subscribed\nb@x.example,subscribed\n", "ab"),
        ("Mail;Abgemeldet\na@x.example;nein\nb@x.example;ja\nc@x.example;\n", "bc"),
        ("email,newsletter,unsubscribed\na@x.example,yes,yes\nb@x.example,no,no\nc@x.example,yes,no\n", "ab"),
        ("email,type,opt_in\na@x.example,hard bounce,yes\nb@x.example,soft bounce,no\n", "a"),
        ("email,status\na@x.example,processed\nb@x.example,sent\n", "ab"),
        ("email,event\na@x.example,email.bounced\nb@x.example,email.delivered\n", "a"),
        ("email,event-data.severity\na@x.example,permanent\nb@x.example,temporary\n", "a"),
        ("2026-01-02 a@x.example\nbounced: b@x.example\n1. c@x.example\n# ask d@x.example\n", "abc"),
    ],
)
def test_bounce_exports_stop_those_who_cannot_or_will_not_be_reached(
    tmp_path: Path, text: str, found: str
) -> None:
    assert stopped(tmp_path, "stop.csv", text)[0] == set(found)


@pytest.mark.slow
def test_json_exports_are_understood(tmp_path: Path) -> None:
    ses = {
        "SuppressedDestinationSummaries": [
            {"EmailAddress": "a@x.example", "Reason": "BOUNCE", "LastUpdateTime": 1}
        ]
    }
    assert stopped(tmp_path, "ses.json", json.dumps(ses))[0] == {"a"}
    sendgrid = [{"created": 1, "email": "b@x.example", "reason": "421 later", "status": "4.3.2"}]
    found, facts = stopped(tmp_path, "sendgrid.json", json.dumps(sendgrid))
    assert not found
    assert facts.suppression_files[0].passing == 1
    events = [
        {
            "message_event": {
                "type": "bounce",
                "bounce_class": "10",
                "rcpt_to": "d@x.example",
                "friendly_from": "n@y.example",
            }
        },
        {
            "message_event": {
                "type": "bounce",
                "bounce_class": "20",
                "rcpt_to": "e@x.example",
                "friendly_from": "n@y.example",
            }
        },
        {"unsubscribe_event": {"type": "list_unsubscribe", "rcpt_to": "f@x.example"}},
    ]
    batch = [{"msys": event} for event in events]
    assert stopped(tmp_path, "sparkpost.json", json.dumps(batch))[0] == {"d", "f"}
    mailgun = {"items": [{"address": "c@x.example", "code": "550", "error": "no", "created_at": "Fri"}]}
    assert stopped(tmp_path, "mailgun.json", json.dumps(mailgun))[0] == {"c"}


def test_domains_and_other_spellings_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "email\nan.na@gmail.com\nben@sub.x.example\ncleo@x.example\nd.an+news@googlemail.com\nan.na@y.example\n",
        encoding="utf-8",
    )
    (tmp_path / "stop.txt").write_text(
        "anna@gmail.com\n*@x.example\ndan@gmail.com\nanna@y.example\n", encoding="utf-8"
    )
    plan = {"files": [tmp_path / "l.csv"], "suppression": [tmp_path / "stop.txt"]}
    campaign = Campaign.model_validate({"name": "t", "from": "news@acme.example", "recipients": plan})
    facts = observed_list(campaign)
    reasons = {sample.line: sample.reason for sample in next(iter(facts.files[0].samples.values()))}
    assert reasons == {
        2: "another spelling of a mailbox in the suppression list",
        4: "the suppression list stops the whole domain",
        5: "another spelling of a mailbox in the suppression list",
    }


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("a@x.example  # by telephone", ("a@x.example",)),
        ("a@x.example ; b@x.example", ("a@x.example", "b@x.example")),
        ("*.x.example", ("@*.x.example",)),
        ("*@*.x.example", ("@*.x.example",)),
        ("@x.example // all of them", ("@x.example",)),
        ("kAFQmDzST7DWlj99KOF/cg==", ("900150983cd24fb0d6963f7d28e17f72",)),
        ("AB" * 64, ("ab" * 64,)),
        ("# nobody yet", ()),
        ("*", ()),
        ("*.", ()),
    ],
)
def test_entries_are_understood_in_whatever_dress(cell: str, entries: tuple[str, ...]) -> None:
    assert stop_entries(cell) == entries


def test_a_list_that_stops_others_than_a_moment_ago_is_read_again(tmp_path: Path) -> None:
    names = [stopped(tmp_path, "stop.csv", f"email\n{one}@x.example\n")[0] for one in "abba"]
    assert names == [{"a"}, {"b"}, {"b"}, {"a"}]


def test_a_list_of_long_digests_alone_stops_people(tmp_path: Path) -> None:
    digests = [hashlib.sha512(f"{name}@x.example".encode()).hexdigest() for name in "bz"]
    assert stopped(tmp_path, "stop.csv", "\n".join(["email", *digests, ""]))[0] == {"b"}


def test_patterns_and_long_digests_stop_people(tmp_path: Path) -> None:
    assert stopped(tmp_path, "stop.txt", "*.x.example\n")[0] == set("abcdef")
    assert stopped(tmp_path, "stop.txt", "*.y.example\n*.ax.example\n")[0] == set()
    digest = hashlib.sha512(b"b@x.example")
    coded = base64.b64encode(digest.digest()).decode()
    for text in (
        digest.hexdigest(),
        f"SHA512:{digest.hexdigest()}",
        f"\\x{digest.hexdigest()}",
        coded,
        coded.rstrip("="),
    ):
        assert stopped(tmp_path, "stop.csv", f"email_hash\n{text}\n")[0] == {"b"}


def _notification(kind: str, name: str, people: str, **more: str) -> dict[str, Any]:
    listed = [{"emailAddress": f"{p}@x.example"} for p in people]
    part = {f"{'bounced' if name == 'bounce' else 'complained'}Recipients": listed, **more} if name else {}
    mail = {"source": "news@acme.example", "destination": [f"{p}@x.example" for p in people]}
    return {"notificationType": kind, name or "delivery": part, "mail": mail}


NOTIFICATIONS = (
    _notification("Bounce", "bounce", "ab", bounceType="Permanent"),
    _notification("Bounce", "bounce", "c", bounceType="Transient"),
    _notification("Complaint", "complaint", "d"),
    _notification("Delivery", "", "e"),
)


def _in_sns(told: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "arn:aws:sns:x:1:bounces", "Message": json.dumps(told)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        json.dumps(NOTIFICATIONS),
        "\n".join(map(json.dumps, NOTIFICATIONS)),
        json.dumps([_in_sns(told) for told in NOTIFICATIONS], indent=1),
        "\n".join(json.dumps(_in_sns(told)) for told in NOTIFICATIONS) + "\n",
        json.dumps({"Records": [{"Sns": _in_sns(told)} for told in NOTIFICATIONS]}),
        json.dumps({"Messages": [{"Body": json.dumps(_in_sns(told))} for told in NOTIFICATIONS]}),
        "\n\n".join(json.dumps(_in_sns(told), indent=1) for told in NOTIFICATIONS),
    ],
)
def test_notifications_of_ses_stop_those_who_bounced_for_good_or_complained(tmp_path: Path, text: str) -> None:
    found, facts = stopped(tmp_path, "bounces.json", text)
    assert found == set("abd")
    (file,) = facts.suppression_files
    assert (file.rows, file.unusable, file.passing) == (5, 0, 2)
