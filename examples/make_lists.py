"""Write the made-up recipient lists of the examples; the same seed gives the same files.

Nobody on these lists exists: names are drawn from short tables, local parts carry the word `example` and a number,
and companies live under the reserved top-level domain `.example` (RFC 2606).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIRST = "Adèle Alice Antoine Bruno Camille Chloé Damien Élise Émile Fanny Gaëlle Hugo Inès Jules Karim Léa".split()
FIRST += (
    "Louis Lucie Malik Manon Marc Nadia Nina Noé Olivier Paul Rose Sacha Salomé Théo Victor Yasmine Zoé".split()
)
LAST = "Aubert Barbier Bertin Blanc Carlier Chevalier Colin Diallo Dumas Fabre Faure Garnier Girard Guérin".split()
LAST += (
    "Hamel Henry Jacquet Lambert Lefort Leroux Lopez Marchand Masson Meunier Noël Perrin Picard Prévost".split()
)
LAST += "Renaud Rivière Roche Roussel Sanchez Schmitt Tessier Vidal Vincent Weber".split()
CITIES = (
    "Angers Bordeaux Brest Dijon Grenoble Lille Lyon Marseille Metz Nantes Nice Paris Reims Rennes Tours".split()
)
TRADES = (
    "atelier boulangerie cabinet clinique garage hotel imprimerie librairie menuiserie pharmacie transport".split()
)
CONSUMER = {
    "gmail.com": 38,
    "orange.fr": 13,
    "hotmail.fr": 8,
    "outlook.fr": 6,
    "wanadoo.fr": 5,
    "free.fr": 6,
    "yahoo.fr": 5,
    "sfr.fr": 4,
    "laposte.net": 3,
    "icloud.com": 3,
}
COMPANY_WEIGHT = 9
FOLD = str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc")


def main() -> None:
    """Write both examples' lists."""
    _write_platform(random.Random(20261201))
    _write_own_server(random.Random(20261202))


def _write_platform(chance: random.Random) -> None:
    people = list(_people(chance, 2400, opened=True))
    _write(HERE / "platform" / "recipients.csv", people, ",")
    gone = [{"email": f"former.example{number}@gmail.com", "date": "2026-03-14"} for number in range(180)]
    _write(HERE / "platform" / "unsubscribed.csv", gone, ",")


def _write_own_server(chance: random.Random) -> None:
    people = list(_people(chance, 6000, opened=False))
    again = [dict(person) for person in chance.sample(people, 210)]
    for person in again[:60]:
        person["email"] = person["email"].upper()
    broken = []
    for person in chance.sample(people, 48):
        bad = dict(person)
        local, _, domain = bad["email"].partition("@")
        bad["email"] = chance.choice(
            [
                f"{local}{domain}",
                f"{local}@@{domain}",
                f"{local}@{domain.split('.')[0]}",
                f"{local} @{domain}",
                "n/a",
            ]
        )
        broken.append(bad)
    mistyped = []
    for person in chance.sample([p for p in people if p["email"].endswith("@gmail.com")], 37):
        typo = dict(person)
        typo["email"] = person["email"].replace("gmail.com", chance.choice(["gmial.com", "gmal.com", "gmail.con"]))
        mistyped.append(typo)
    unsubscribed = [{"email": person["email"], "date": "2026-09-02"} for person in chance.sample(people, 93)]
    rows = [*people, *again, *broken, *mistyped]
    chance.shuffle(rows)
    declined = {person["email"].lower() for person in chance.sample(people, 64)}
    for person in rows:
        person["newsletter"] = "non" if person["email"].lower() in declined else "oui"
    _write(HERE / "own-server" / "customers.csv", rows, ";")
    _write(HERE / "own-server" / "unsubscribed.csv", unsubscribed, ";")


def _people(chance: random.Random, count: int, *, opened: bool) -> Iterator[dict[str, str]]:
    domains = [*CONSUMER, "company"]
    weights = [*CONSUMER.values(), COMPANY_WEIGHT]
    for number in range(1, count + 1):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        domain = chance.choices(domains, weights)[0]
        local = f"{first}.{last}.example{number}".lower().translate(FOLD)
        if domain == "company":
            domain = f"{chance.choice(TRADES)}-{last}".lower().translate(FOLD) + ".example"
            local = f"{first[0]}.{last}{number}".lower().translate(FOLD)
        joined = date(2024, 1, 8) + timedelta(days=chance.randrange(900))
        person = {
            "email": f"{local}@{domain}",
            "first_name": first,
            "last_name": last,
            "city": chance.choice(CITIES),
            "opt_in_date": joined.isoformat(),
        }
        if opened:
            person["last_open"] = (date(2026, 11, 20) - timedelta(days=chance.randrange(240))).isoformat()
        yield person


def _write(file: Path, rows: list[dict[str, str]], delimiter: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
