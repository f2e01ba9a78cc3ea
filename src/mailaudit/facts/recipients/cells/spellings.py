"""One mailbox under several spellings: which providers have them, and what is alike in all of them."""

# Domains where `name+tag` reaches `name` (published by the providers), and those that are one under two names.
PLUS = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.fr", "hotmail.de", "hotmail.co.uk", "live.com",
    "msn.com", "icloud.com", "me.com", "mac.com", "fastmail.com", "fastmail.fm", "proton.me", "protonmail.com", "pm.me",
)  # fmt: skip
GMAIL = ("gmail.com", "googlemail.com")
SAME = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def mailbox(key: str) -> str:
    """Return the portable SQL expression for the mailbox that an address reaches at a provider that has spellings."""
    local, domain = f"split_part(split_part({key}, '@', 1), '+', 1)", f"split_part({key}, '@', 2)"
    # To plan a CASE of copies takes an engine longer than to judge a small list; no plus sign is left to be taken out.
    name = f"replace({local}, CASE WHEN {domain} IN ({_listed(GMAIL)}) THEN '.' ELSE '+' END, '')"
    where = f"'@' || {domain}"
    for alias, same in SAME.items():
        where = f"replace({where}, '@{alias}', '@{same}')"
    return f"({name} || {where})"


def box(key: str) -> str:
    """Return the SQL expression for the mailbox of an address that may have several spellings, NULL for any other."""
    return f"CASE WHEN {has_spellings(key)} THEN {mailbox(key)} END"


def has_spellings(key: str) -> str:
    """Return the condition that the provider of an address delivers several spellings to one mailbox."""
    return f"split_part({key}, '@', 2) IN ({_listed(PLUS)})"


def alike(key: str) -> str:
    """Return the SQL expression for a digest that all spellings of a mailbox share, and few other addresses."""
    others = " OR ".join(f"ends_with({key}, '@{name}')" for name in SAME)
    box = f"regexp_replace({key}, '[+][^@]*', '')"
    for name, same in SAME.items():
        box = f"replace({box}, '@{name}', '@{same}')"
    gmail = f"CASE WHEN ends_with({box}, '@gmail.com') THEN replace({box}, '.', '') ELSE {box} END"
    # The commonest first: every condition is one more pass over the list.
    return (
        f"hash(CASE WHEN ends_with({key}, '@gmail.com') AND NOT contains({key}, '+') THEN replace({key}, '.', '') "
        f"WHEN contains({key}, '+') OR {others} THEN {gmail} ELSE {key} END)"
    )
