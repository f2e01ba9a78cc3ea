"""What a task asks, in one sentence."""

import re
import shlex
import textwrap

from mailaudit.reports.content import words
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.types import CampaignEntry
from mailaudit.reports.safe_text import plain
from mailaudit.reports.tasks.groups import CLEAN, MOVE, SCHEDULE, left_out, remedy

_LONGEST = 180
_ALIKE = 0.6
_BY_ONE_BELOW = re.compile(r"\bthe record(?= by the one below)")
_SEVERAL = "the proposed records"
_BELOW = (
    (re.compile(r" by the one below\b.*"), ""),
    (re.compile(r"\bthe (one|records?|\w+ records?) below\b"), r"the proposed \1"),
    (re.compile(r",? as below\b"), ""),
)
_COMMAND = re.compile(r"`(mailaudit (?P<does>plan|clean)\b[^`]*)`")
GUIDE = "mailaudit delist"
_GUIDE = re.compile(rf"{GUIDE} [\w.-]+")
# Where a command looks for the campaign by itself.
_BY_DEFAULT = "campaign.yml"
_MOVED = "Move campaigns to a sending platform and a sub-domain of their own"
_SEVERAL_RECORDS = "spf-multiple-records"
_WARM_UP = "warm-up-too-steep"
_ON_THE_LIST = {
    "recipient-suppressed": "on a suppression list",
    "recipient-opted-out": "who said no",
    "address-duplicate": "repeated",
    "address-invalid": "invalid",
    "address-missing": "without an address",
    "address-disposable": "in throw-away mailboxes",
    "address-refuted": "refuted",
    "address-machine-made": "made by a machine",
    "address-role": "of a role",
    "address-same-mailbox": "of one mailbox",
    "domain-typo": "mistyped",
    "domain-undeliverable": "at dead domains",
    "domain-parked": "at parked domains",
    "consent-missing": "without consent",
    "recipient-inactive": "inactive",
}


def title(group: list[Item]) -> str:
    """Return what the lead of a group asks, in the name of all of them."""
    lead = group[0]
    shared = remedy(lead)
    if shared == CLEAN:
        return _clean(group)
    if shared == SCHEDULE:
        lead = _schedule(group)
    if shared == MOVE:
        # What the records of another name let send is not what is asked.
        return _first_sentence(lead, group) if len(group) == 1 else _MOVED
    gains = lets_in(lead)
    signed = ", and sign with DKIM" if any(item.result.check.startswith("dkim-") for item in group) else ""
    if lead.result.check == _SEVERAL_RECORDS:
        return f"{_first_sentence(lead, group)}{signed}"
    if gains:
        names = dict.fromkeys(item.finding.subject for item in group if lets_in(item) == gains)
        senders = [name for name in names if not name.startswith("_")] or [lead.finding.subject]
        hosts = [one for one in gains if "/" not in one] or list(gains)
        return plain(f"Let {words.listed(hosts)} send as {words.listed(senders)}{signed}")
    return _first_sentence(lead, group)


def lets_in(item: Item) -> tuple[str, ...]:
    """Return whom the record that is proposed for a finding lets send."""
    return item.finding.fix.proof.gains if item.finding.fix.proof else ()


def speaks_of_record(step: str) -> bool:
    """Say whether a step asks for nothing but the record that stands beside it."""
    return any(pattern.search(step) for pattern, _ in _BELOW)


def command(group: list[Item], campaign: CampaignEntry) -> str | None:
    """Return the command that does what the task asks of a campaign's file, or that works out how."""
    if remedy(group[0]) == CLEAN:
        lists = [item for item in group if remedy(item) == CLEAN]
        classes = dict.fromkeys(name for item in lists for name in left_out(item) or ())
        cleaning = _of("mailaudit clean", campaign.file, f"--remove {','.join(classes)}" if classes else "")
        return f"{_written_first(campaign, lists)}{cleaning}"
    lead = _schedule(group) if remedy(group[0]) == SCHEDULE else group[0]
    steps = [step for item in (lead, *group) for step in item.finding.fix.steps]
    for match in filter(None, map(_COMMAND.search, steps)):
        if match["does"] != CLEAN or left_out(lead) is not None:
            program, does, *options = match[1].split(" ", 2)
            return _of(f"{program} {does}", campaign.file, *options)
    return next((match[0] for match in map(_GUIDE.search, steps) if match), None)


def _of(command: str, campaign: str, *options: str) -> str:
    """Return a command with the campaign that it is for, where it would not find that by itself."""
    named = "" if campaign == _BY_DEFAULT or not campaign.endswith((".yml", ".yaml")) else shlex.quote(campaign)
    return " ".join(filter(None, (command, named, *options)))


def _written_first(campaign: CampaignEntry, group: list[Item]) -> str:
    """Return what makes the file of a campaign of which only a domain and a list were given."""
    paths = dict.fromkeys(item.finding.location.path for item in group if item.finding.location)
    if campaign.file != campaign.from_domain or len(paths) != 1:
        return ""
    return f"mailaudit init --domain {campaign.file} --recipients {shlex.quote(*paths)} --no-check && "


def _schedule(group: list[Item]) -> Item:
    """Return the finding whose schedule keeps every limit of the group: a warm-up is slower than any of them asks."""
    return next((item for item in group if item.result.check == _WARM_UP), group[0])


def _clean(group: list[Item]) -> str:
    told = []
    group = [item for item in group if remedy(item) == CLEAN]
    for check in dict.fromkeys(item.result.check for item in group):
        of_check = [item.finding for item in group if item.result.check == check]
        count = sum(one.magnitude.value if one.magnitude else 1 for one in of_check)
        told.append(f"{count:,} {_ON_THE_LIST.get(check, check.replace('-', ' '))}")
    return f"Clean the list: {words.listed(told, len(_ON_THE_LIST))}"


def _first_sentence(lead: Item, group: list[Item]) -> str:
    step = plain(lead.finding.fix.steps[0] if lead.finding.fix.steps else lead.finding.message)
    names = {(one.type, plain(one.fqdn)) for item in group for one in item.finding.fix.dns_records}
    kind, name = min(names, default=("", ""))
    if len(names) > 1:
        return in_short(step, _SEVERAL)
    told = in_short(step, f"the {kind} record {name}" if name and name not in words.first_sentence(step) else "")
    others = [one for one in _subjects(lead, group) if one not in told]
    return f"{told}, and likewise for {words.listed(others)}" if others else told


def _subjects(lead: Item, group: list[Item]) -> list[str]:
    """Return of what else the lead's check asks the same as of its first subject, in a sentence of its own."""
    first = lead.finding.fix.steps[:1]
    found = [item.finding for item in group if item.result.check == lead.result.check and item is not lead]
    alike = [one for one in found if one.fix.steps[:1] != first and _is_alike(one.fix.steps, first)]
    return [plain(one.subject) for one in alike if one.subject != lead.finding.subject]


def _is_alike(steps: tuple[str, ...], first: tuple[str, ...]) -> bool:
    """Say whether two steps are one but for what they name."""
    words, others = (set(one[0].split()) if one else set() for one in (steps, first))
    return bool(words) and len(words & others) >= _ALIKE * max(len(words), len(others))


def in_short(step: str, below: str = "") -> str:
    """Return the first sentence of a step as a title: without what stands below it, or with what that is."""
    sentence = words.first_sentence(step)
    if below:
        sentence = sentence.replace("the record below", below)
    if below and below != _SEVERAL:
        sentence = _BY_ONE_BELOW.sub(below, sentence)
    for pattern, instead in _BELOW:
        sentence = pattern.sub(instead, sentence)
    if len(sentence) > _LONGEST:
        sentence = sentence.partition(": ")[0]
    return textwrap.shorten(sentence.rstrip(".: "), _LONGEST, placeholder=" …")
