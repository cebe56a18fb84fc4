#!/usr/bin/env python3
"""Write the demo's landing data: the twelve `raw_*.csv` files beside this script.

Source: invented here, from one fixed seed. No person, company or address is real: e-mail domains
are reserved for examples (or the address says `fictional`), phone numbers come from ranges kept for
drama, or left unassigned where a country has one. Units: money in the row's currency, time in UTC.

`python seeds/raw/generate.py` rewrites the files, to the byte the same each time; with `--check` it
writes nothing and exits 1 if they differ. It also writes `tests/fixtures/true_people.csv`: which
source record is which person, for every record that staging should keep.

A shop, its app and its CRM, two years up to LAST_DAY: about 400 people in about 650 records. Most
rows are clean. DEFECTS names the wrong ones and plants them: unusable e-mails, phones, dates,
amounts, countries, languages, time zones, statuses, JSON; dates in the future or with an offset;
missing keys, references to nothing, exact repeats, older versions, erased contacts; emoji,
right-to-left names, quotes and line breaks. `build().planted` counts them, and these, too:
- `linked_by_*`: people in several systems under different spellings, linked by e-mail, phone, an
  external id or a chain (A-B by e-mail, B-C by phone), or (`fuzzy`) by resemblance alone;
- `households`: two people with one name, address and phone; e-mail and birth date differ;
- `guest_*`: orders with an e-mail, a phone or nothing instead of a contact, known or a stranger;
- `eager_cart_filler`: people who never bought and filled a cart in the last days;
- `order_*`: cancelled, pending, failed, test and refunded orders, and versions before a refund.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

# Tables of values are easier to read packed than one word a line.
# fmt: off
HERE = Path(__file__).resolve().parent
TRUTH = HERE.parents[1] / "tests" / "fixtures" / "true_people.csv"
FIRST_DAY, LAST_DAY = date(2024, 7, 1), date(2026, 6, 30)
DAY_COUNT = (LAST_DAY - FIRST_DAY).days + 1
LAST_SECOND = datetime.combine(LAST_DAY, time(23, 59, 59))
PEOPLE, STRANGERS, PASSERS_BY = 400, 12, 60
HOUSEHOLDS = ((41, 42), (121, 122), (201, 202))
BEAUTY_LOVERS = range(7, PEOPLE, 25)  # women of 30 to 39 who buy beauty until the last day
NEWCOMERS, RETURNERS = range(3, PEOPLE, 30), range(9, PEOPLE, 40)

T = TypeVar("T")
Row = dict[str, str]

COLUMNS = {name: columns.split() for name, columns in {
    "raw_contacts": """source_system source_contact_id email phone first_name last_name birth_date
        gender education income_band job_title company address_line postal_code city region country
        language timezone interests lifestyle acquisition_source signed_up_at created_at updated_at
        deleted_at""",
    "raw_contact_identifiers":
        "source_system source_contact_id identifier_type identifier_value seen_at",
    "raw_orders": """source_system source_order_id source_contact_id email phone ordered_at
        order_status currency order_total discount_total refund_total promotion_code sales_channel
        updated_at""",
    "raw_order_items":
        "source_system source_order_id line_number source_product_id quantity unit_price",
    "raw_products": "source_product_id product_name category price",
    "raw_events": """source_system event_id source_contact_id anonymous_id event_name occurred_at
        received_at channel device_type operating_system app_version page_path campaign_id
        source_product_id event_value properties""",
    "raw_campaigns":
        "campaign_id campaign_name channel goal season offer started_at ended_at cost currency",
    "raw_consents":
        "source_system source_contact_id channel consent_status occurred_at consent_source",
    "raw_contact_tags": "source_system source_contact_id tag tagged_at removed_at tagged_by",
    "raw_contact_attributes": """provider party email email_sha256 source_system source_contact_id
        attribute_name attribute_value observed_at""",
    "raw_experiment_assignments":
        "experiment_name source_system source_contact_id variant assigned_at",
    "raw_exchange_rates": "currency rate_date rate_to_reporting_currency",
}.items()}

# Women's first names; men's first names; last names.
NAMES = {
    "de": """Anna Katharina Johanna Sophie Jana Brigitte Zoë Leonie Käthe Franziska;
        Thomas Alexander Maximilian Jürgen Björn Sebastian Tobias Stefan Lukas Günter;
        Müller Schröder Weiß Keller Hoffmann Krüger Vogel Jäger Lindner Böhm Sommer Brandt Kühn""",
    "en": """Elizabeth Margaret Jennifer Rebecca Grace Chloe Victoria Samantha Olivia Amelia;
        William Robert Michael James Daniel Christopher Benjamin Nicholas Andrew Joshua;
        Smith Baker O'Connor Walker Turner Hughes Bennett Carter Ellis Foster Reid Whitfield""",
    "fr": """Hélène Chloé Camille Élodie Margaux Sylvie Inès Amélie;
        François Jérôme Théo Antoine Luc Étienne Mathieu Rémi;
        Lefèvre Moreau Dubois Girard Béranger Fontaine Rousseau Mercier Chevalier""",
    "es": """María Lucía Carmen Sofía Inés Pilar Rocío Elena;
        José Francisco Álvaro Martín Javier Andrés Raúl Diego;
        García Fernández Núñez López Ibáñez Castro Peña Romero Vega""",
    "it": """Giulia Francesca Chiara Alessandra Noemi Beatrice; Giuseppe Alessandro Marco Niccolò
        Davide Matteo Lorenzo; Rossi Bianchi D'Angelo Ferrari Ricci Conti Gallo Marino""",
    "nl": """Sanne Femke Lotte Annelies Maaike Eline; Johannes Pieter Daan Willem Sjoerd Bram;
        de_Vries van_den_Berg Bakker Visser Smit Mulder Dekker""",
    "pl": """Małgorzata Agnieszka Zofia Katarzyna; Paweł Stanisław Łukasz Michał;
        Kowalska Nowak Wójcik Zieliński Dąbrowski""",
}
NICKNAMES = dict(pair.split("=") for pair in """Katharina=Kathi Johanna=Hanna Franziska=Franzi
    Alexander=Alex Thomas=Tom Maximilian=Max Sebastian=Basti Tobias=Tobi Elizabeth=Liz José=Pepe
    Margaret=Maggie Jennifer=Jenny Rebecca=Becky Victoria=Vicky Samantha=Sam William=Bill
    Robert=Bob Michael=Mike James=Jim Daniel=Dan Benjamin=Ben Christopher=Chris Nicholas=Nick
    Andrew=Andy Joshua=Josh Francisco=Paco Pilar=Pili Francesca=Franca Giuseppe=Beppe
    Alessandro=Sandro Johannes=Hans Willem=Wim Małgorzata=Gosia Katarzyna=Kasia""".split())


class Country(NamedTuple):
    """Share of the people, spellings (alpha-2, alpha-3, English, local), dialling plan and places.

    `dial`: country code / trunk prefix / first subscriber digits / lengths of the written groups;
    three more digits follow. `places`: city/region/postal code."""

    code: str
    weight: str
    three: str
    english: str
    local: str
    language: str
    names: str
    timezone: str
    currency: str
    dial: str
    places: str


COUNTRIES = {line.split("|")[0]: Country(*line.split("|")) for line in """\
DE|120|DEU|Germany|Deutschland|de|de|Europe/Berlin|EUR|49/0/3023125/2 3|Berlin/Berlin/10115;\
Hamburg/Hamburg/20095;Köln/NRW/50667;München/Bayern/80331;Leipzig/Sachsen/04109
GB|70|GBR|United Kingdom|UK|en|en|Europe/London|GBP|44/0/2079460/2 4|London/England/SW1A 1AA;\
Leeds/England/LS1 4AP;Edinburgh/Scotland/EH1 1YZ;Cardiff/Wales/CF10 1EP
US|64|USA|United States|United States of America|en|en|America/New_York|USD|1//2125554/3 3|\
New York/NY/10001;Boston/MA/02108;Pittsburgh/PA/15222;Atlanta/GA/30303
FR|40|FRA|France|France|fr|fr|Europe/Paris|EUR|33/0/199000/1 2 2 2|Paris/Île-de-France/75001;\
Lyon/Auvergne-Rhône-Alpes/69001;Nantes/Pays de la Loire/44000
ES|32|ESP|Spain|España|es|es|Europe/Madrid|EUR|34//600000/3 3|Madrid/Madrid/28001;\
Sevilla/Andalucía/41001
IT|28|ITA|Italy|Italia|it|it|Europe/Rome|EUR|39//3200000/3 3|Milano/Lombardia/20121;\
Roma/Lazio/00184
NL|24|NLD|Netherlands|Nederland|nl|nl|Europe/Amsterdam|EUR|31/0/610000/1 4|Utrecht/Utrecht/3511 AA;\
Rotterdam/Zuid-Holland/3011 AD
AT|8|AUT|Austria|Österreich|de|de|Europe/Vienna|EUR|43/0/6600000/3 3|Wien/Wien/1010;\
Graz/Steiermark/8010
PL|6|POL|Poland|Polska|pl|pl|Europe/Warsaw|EUR|48//600000/3 3|Kraków/Małopolskie/31-042
CH|4|CHE|Switzerland|Schweiz|de|de|Europe/Zurich|EUR|41/0/780000/2 3|Zürich/Zürich/8001
CA|4|CAN|Canada|Canada|en|en|America/Toronto|USD|1//4165554/3 3|Toronto/ON/M5H 2N2""".splitlines()}

ASSORTMENT = """\
beauty: Rose Hand Cream 12.90, Clay Mask 18.50, Argan Shampoo 14.00, Lip Balm Set 9.90,\
 Night Serum 34.00, Bath Salts 11.50, Bamboo Brush 7.90
home: Linen Cushion 24.90, Wool Throw 59.00, Oak Frame 19.90, Candle Trio 22.00, Desk Lamp 48.00,\
 Storage Basket 29.50, Wall Clock 39.00
kitchen: Chef Knife 64.00, Stoneware Bowl 16.90, Coffee Dripper 27.00, Cast Iron Pan 72.00,\
 Tea Tin 8.90, Apron 21.50, Spice Mill 33.00
garden: Herb Planter 18.90, Pruning Shears 31.00, Watering Can 26.50, Seed Box 14.90,\
 Rain Gauge 12.00, Garden Gloves 9.50
toys: Wooden Train 42.00, Shape Puzzle 17.50, Kite 23.00, Doll House 89.00, Marble Run 55.00,\
 Plush Fox 19.00
books: Slow Bread 25.00, Balcony Gardens 22.90, City Walks 16.00, Skin Care Basics 19.90,\
 Night Trains 12.90, Paper Birds 14.50, The Small Kitchen 28.00"""
CAMPAIGNS = """Autumn Garden|email|retention|autumn|Seeds for every order|2024-09-16|420
Black Friday 2024|email|conversion|black_friday|20 % off|2024-11-27|900
Winter Gifts|email|conversion|christmas|Free gift wrap|2024-12-09|760
Spring Skin|email|cross_sell|spring|Sample of the night serum|2025-03-17|510
Summer Push|push|reactivation|summer|15 % off|2025-06-23|180
Back to School|email|retention|back_to_school|Books 10 % off|2025-09-01|350
Black Friday 2025|email|conversion|black_friday|20 % off|2025-11-26|1100
Advent SMS|sms|conversion|christmas|Delivery before the 24th|2025-12-08|640
New Year Reset|email|win_back|new_year|20 % off the next order|2026-01-12|300
Mothers Day|email|cross_sell|spring|Beauty set|2026-05-04|480
June Push|push|retention|summer|Early access|2026-06-08|150
Summer Sale|email|conversion|summer|15 % off|2026-06-22|520"""
GOOD = "paid paid completed Shipped fulfilled delivered"
SPOILT = "cancelled cancelled canceled pending voided failed test on_hold"
PRICE_LEVELS = {"EUR": 100, "USD": 110, "GBP": 85}  # per cent of the price in EUR
STEPS = ("page list product cart uncart checkout login join article pricing guide sample social "
         "noise")
SPELLINGS = {system: dict(zip(STEPS.split(), names.split("|"), strict=True)) for system, names in {
    "shop": "page_view|view_item_list|view_item|add_to_cart|remove_from_cart|begin_checkout|login|"
            "sign_up|read_article|view_pricing|download_guide|request_sample|social_share|scroll",
    "app": "Screen Viewed|Product List Viewed|Product Viewed|Product Added|Product Removed|"
           "Checkout Started|Signed In|Signed Up|Article Opened|Price Alert Set|Guide Saved|"
           "Sample Requested|Post Liked|App Backgrounded"}.items()}


class Dice:
    """Random choices built on `random.random()` alone: its sequence is the same in every Python."""

    def __init__(self, name: str) -> None:
        """Each part of the data has its own dice, so that a change in one leaves the others be."""
        self.random = random.Random(f"crm_segmentation {name}").random

    def chance(self, probability: float) -> bool:
        """True with a probability from 0 to 1."""
        return self.random() < probability

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of some things, each as likely."""
        return things[int(self.random() * len(things))]

    def word(self, words: str) -> str:
        """One of the words of a text, each as likely."""
        return self.pick(words.split())

    def weighted(self, weights: dict[T, float]) -> T:
        """One of some things, as likely as its weight."""
        left = self.random() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return thing

    def wait(self, mean: float) -> float:
        """Exponential waiting time, in the unit of the mean."""
        return -mean * math.log(1.0 - self.random())

    def moment(self, day: date) -> datetime:
        """A second of that day, nearly always from 7 to 22 o'clock; never after the last day."""
        hour = self.integer(7, 21) if self.chance(0.97) else self.integer(0, 23)
        clock = time(hour, self.integer(0, 59), self.integer(0, 59))
        return datetime.combine(min(day, LAST_DAY), clock)


@dataclass
class Person:
    """A true person; a stranger, who buys as a guest, has no records."""

    number: int
    code: str = "DE"
    gender: str = "x"
    first: str = ""
    last: str = ""
    born: date = FIRST_DAY
    place: str = ""
    street: str = ""
    email: str = ""
    phone_number: int = 0
    taste: str = ""
    start: date = FIRST_DAY
    stop: date = LAST_DAY
    habit: str = "never"
    daily_rate: float = 0.0
    link: str = "alone"
    delicate: bool = False  # every value of its records is needed, so none may be spoilt
    systems: list[str] = field(default_factory=list)
    records: dict[str, Row] = field(default_factory=dict)
    first_seen: dict[str, datetime] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def is_alive(self, moment: datetime) -> bool:
        """Known by then, and not yet lost as a visitor."""
        return self.start <= moment.date() <= self.stop and self.number not in RETURNERS

    def record_at(self, dice: Dice, moment: datetime, **weights: float) -> Row | None:
        """One of the records that existed by then, by weight of the system; None: a guest."""
        known = {s: w for s, w in weights.items() if self.first_seen.get(s, moment) < moment}
        return self.records[dice.weighted(known)] if known else None


@dataclass
class Demo:
    """Everything made so far: rows by table, how often each defect was planted, working lists."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    planted: Counter[str] = field(default_factory=Counter)
    people: list[Person] = field(default_factory=list)
    owner: dict[tuple[str, str], Person] = field(default_factory=dict)
    opted_in: dict[tuple[str, str], datetime] = field(default_factory=dict)
    nudges: list[tuple[datetime, int]] = field(default_factory=list)

    def add(self, table: str, record: Row | None = None, **values: object) -> Row:
        """Append a row, about that record if one is given; columns not named stay empty."""
        row = dict.fromkeys(COLUMNS[table], "")
        if record:
            row |= {key: record[key] for key in ("source_system", "source_contact_id")}
        row |= {key: text(value) for key, value in values.items()}
        self.tables[table].append(row)
        return row

    def event(
        self, system: str, name: str, when: datetime, record: Row | None, **more: object
    ) -> None:
        """Append an event of that record (None: nobody known), unless after the last day."""
        if when <= LAST_SECOND:
            self.add("raw_events", record, source_system=system, event_name=name, occurred_at=when,
                     **more)


def text(value: object) -> str:
    """A value as the CSV shows it; moments without a zone."""
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)


def money(cents: int) -> str:
    """Cents as units with two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def plain(name: str) -> str:
    """The name as people type it on a foreign keyboard: no accents."""
    name = name.replace("ß", "ss").replace("ł", "l").replace("Ł", "L")
    parts = unicodedata.normalize("NFKD", name)
    return "".join(c for c in parts if not unicodedata.combining(c))


def local_part(name: str) -> str:
    """A name as it may stand before the @ of an address."""
    return plain(name).lower().replace(" ", "").replace("'", "")


def season(day: date) -> float:
    """How much more people buy on that day than on a usual one."""
    november = date(day.year, 11, 1)
    black_friday = november + timedelta((3 - november.weekday()) % 7 + 22)
    if -4 <= (day - black_friday).days <= 3:
        return 5.0
    if day.month == 12:
        return 2.8 if day.day <= 21 else 0.6
    return {1: 0.7, 7: 0.8, 8: 0.8}.get(day.month, 1.0)


def make_people(demo: Demo, dice: Dice) -> None:
    """The true people; the strangers come last, with numbers above PEOPLE."""
    taken: Counter[str] = Counter()
    for number in range(1, PEOPLE + STRANGERS + 1):
        code = dice.weighted({code: int(country.weight) for code, country in COUNTRIES.items()})
        loves_beauty = number in BEAUTY_LOVERS
        gender = "f" if loves_beauty else dice.weighted({"f": 54, "m": 44, "x": 2})
        women, men, last_names = NAMES[COUNTRIES[code].names].split(";")
        first = dice.word(women if gender == "f" or (gender == "x" and number % 2) else men)
        last = dice.word(last_names).replace("_", " ")
        local = local_part(f"{first}.{last}")
        taken[local] += 1
        local += str(number) if taken[local] > 1 else ""
        domain = dice.weighted(
            {"example.com": 42, "example.org": 24, "example.net": 24, "gmail.com": 10})
        years = dice.integer(31, 38) if loves_beauty else 18 + int(56 * dice.random() ** 1.4)
        tastes = dict(beauty=24, home=20, kitchen=18, garden=14, toys=12, books=12)
        person = Person(
            number, code, gender, first, last, phone_number=number,
            born=LAST_DAY - timedelta(int(years * 365.25) + dice.integer(1, 360)),
            place=dice.pick(COUNTRIES[code].places.split(";")),
            street=f"{dice.integer(1, 140)} {dice.word('Mill Station Garden Church Lake')} Road",
            email=f"fictional.{local}@{domain}" if domain == "gmail.com" else f"{local}@{domain}",
            taste="beauty" if loves_beauty else dice.weighted(tastes),
            start=FIRST_DAY + timedelta(dice.integer(0, 45 if dice.chance(0.3) else DAY_COUNT - 4)))
        choose_habit(person, dice)
        choose_records(person, dice)
        demo.people.append(person)
    for one, other in HOUSEHOLDS:
        for name in ("code", "last", "place", "street", "phone_number"):
            setattr(demo.people[other - 1], name, getattr(demo.people[one - 1], name))
        demo.planted["households"] += 1


def choose_habit(person: Person, dice: Dice) -> None:
    """How often the person buys, and until when."""
    person.habit = dice.weighted({"never": 34, "once": 13, "twice": 9, "often": 44})
    mean_gap = 14 + 130 * dice.random() ** 1.6  # days between two purchases
    if person.number in NEWCOMERS:
        person.habit, person.start = "once", LAST_DAY - timedelta(dice.integer(2, 24))
    elif person.number in RETURNERS or person.number in BEAUTY_LOVERS:
        person.habit, mean_gap = "often", min(mean_gap, 40.0)
        person.start = FIRST_DAY + timedelta(dice.integer(20, 300))
    elif person.habit == "often" and dice.chance(0.7):
        person.stop = min(LAST_DAY, person.start + timedelta(int(dice.wait(330.0))))
    person.daily_rate = 1.0 / mean_gap


def choose_records(person: Person, dice: Dice) -> None:
    """The systems that know the person, the one that sells first, and what links the records."""
    count = dice.weighted({1: 52, 2: 30, 3: 18})
    links = {"email": 60, "phone": 15, "loyalty": 11, "fuzzy": 14}
    if count == 3:
        links = {"email": 38, "chain": 38, "loyalty": 15, "fuzzy": 9}
    seller = "shop" if dice.chance(0.75) else "app"
    if person.habit == "never" and dice.chance(0.4):
        seller = "crm"
    others = [system for system in ("crm", "shop", "app") if system != seller]
    person.systems = [seller, *(others if dice.chance(0.6) else others[::-1])][:count]
    person.link = dice.weighted(links) if count > 1 else "alone"
    person.delicate = person.link == "fuzzy"
    if any(person.number in pair for pair in HOUSEHOLDS):
        person.systems, person.link = ["shop", "crm"][: 1 + person.number % 2], "email"
        person.delicate = True
    if person.number > PEOPLE:
        person.systems, person.habit = [], dice.word("once twice")


def spell_name(person: Person, dice: Dice, turn: int) -> tuple[str, str]:
    """First and last name as the person's turn-th record has them; the first record is right."""
    first, last, fuzzy = person.first, person.last, person.link == "fuzzy"
    if turn == 0 or (not fuzzy and dice.chance(0.5)):
        return first, last
    way = dice.word("nickname plain typo" + ("" if fuzzy else " upper lower swapped initial"))
    spot = dice.integer(1, len(last) - 2)
    return {
        "nickname": (NICKNAMES.get(first, plain(first)), last),
        "plain": (plain(first), plain(last)),
        "typo": (first, last[:spot] + last[spot + 1] + last[spot] + last[spot + 2 :]),
        "upper": (first.upper(), last.upper()), "lower": (first.lower(), last.lower()),
        "swapped": (last, first), "initial": (f"{first[0]}.", last)}[way]


def write_phone(person: Person, dice: Dice, number: int, national: bool) -> str:
    """The number in one of the ways people write it; national only beside a country."""
    code, trunk, start, lengths = COUNTRIES[person.code].dial.split("/")
    digits, groups = f"{start}{number:03d}", []
    for length in [*map(int, lengths.split()), 9]:
        groups.append(digits[:length])
        digits = digits[length:]
    area, rest = groups[0], groups[1:]
    bracketed = f"({trunk}){' '.join(groups)}" if trunk else f"({area}) {'-'.join(rest)}"
    ways = [f"+{code}{''.join(groups)}", f"+{code} {' '.join(groups)}",
            f"+{code}-{'-'.join(groups)}", f"+{code} {bracketed}",
            f"+1.{'.'.join(groups)}" if code == "1" else f"00{code} {''.join(groups)}"]
    if national:
        ways += [f"({trunk}{area}) {'-'.join(rest)}", f"{trunk}{'.'.join(groups)}",
                 f"{trunk}{''.join(groups)}", f"{trunk}{area}/{' '.join(rest)}"]
    return dice.pick(ways)


def make_contacts(demo: Demo, dice: Dice) -> None:
    """One row per person and system, in the order in which they came."""
    plans = []
    for person in demo.people:
        for turn, system in enumerate(person.systems):
            created = dice.moment(person.start + timedelta(int(dice.wait(90.0)) if turn else 0))
            plans.append((created, person.number, turn, system))
        if len(person.systems) > 1:
            demo.planted[f"linked_by_{person.link}"] += 1
    for serial, (created, number, turn, system) in enumerate(sorted(plans), start=1001):
        person = demo.people[number - 1]
        contact, (first, last) = f"{system[0].upper()}{serial}", spell_name(person, dice, turn)
        row = demo.add("raw_contacts", source_system=system, source_contact_id=contact,
                       first_name=first, last_name=last, created_at=created)
        write_address(person, row, dice, turn)
        write_profile(person, row, dice)
        touched = created + timedelta(dice.wait(60.0)) if dice.chance(0.6) else created
        row["updated_at"] = text(min(touched, LAST_SECOND)) if dice.chance(0.95) else ""
        person.records[system], person.first_seen[system] = row, created
        demo.owner[system, contact] = person


def write_address(person: Person, row: Row, dice: Dice, turn: int) -> None:
    """Address, e-mail and phone, so that the records hang together as `person.link` says."""
    country, link, system = COUNTRIES[person.code], person.link, row["source_system"]
    row["country"] = dice.weighted(
        {country.code: 70, country.english: 12, country.three: 7, country.local: 8, "": 4})
    if system != "app" or person.delicate:
        row["city"], row["region"], row["postal_code"] = person.place.split("/")
        row["address_line"] = person.street
    other = local_part(f"{person.first[0]}{person.last}{person.number}{'.b' * (turn - 1)}")
    other = f"{other}@example.{dice.word('org net')}"
    email, number, has_phone = person.email, person.phone_number, dice.chance(0.5)
    if link == "fuzzy" and turn:
        email = other
    elif link in ("phone", "loyalty") and turn:
        email = other if dice.chance(0.6) else ""
    elif link == "chain" and turn == 2:
        email = other
    if link == "chain":
        has_phone = turn > 0
    elif link in ("loyalty", "fuzzy"):
        number += 500 * (turn > 0)
        has_phone = has_phone and turn < 2
    elif link == "phone" or person.delicate:
        has_phone = True
    styles = {email: 86, email.upper(): 4, email.title(): 6, f" {email} ": 4}
    row["email"] = dice.weighted(styles) if email else ""
    row["phone"] = write_phone(person, dice, number, bool(row["country"])) if has_phone else ""


def write_profile(person: Person, row: Row, dice: Dice) -> None:
    """What the person told that system: most to the CRM."""
    system, country = row["source_system"], COUNTRIES[person.code]
    column = ("crm", "shop", "app").index(system)
    sure = person.delicate or person.number in BEAUTY_LOVERS
    if sure or dice.chance((0.85, 0.6, 0.6)[column]):
        row["birth_date"] = str(person.born)
    genders = {"f": ("female", "F", "f"), "m": ("male", "M", "m"), "x": ("non-binary", "X", "d")}
    if sure or dice.chance((0.9, 0.5, 0.6)[column]):
        row["gender"] = genders[person.gender][column]
    row["language"] = f"{country.language}-{person.code}" if system == "app" else country.language
    row["acquisition_source"] = dice.weighted(dict(
        organic_search=30, paid_search=18, paid_social=20, referral=14, newsletter=12, event=6))
    if system == "crm":
        row["education"] = dice.word("secondary vocational bachelor master doctorate")
        row["income_band"] = dice.word("under_25k 25k_50k 50k_75k 75k_100k over_100k")
        row["job_title"] = dice.pick(("Teacher", "Nurse", "Engineer", "Designer", "Owner", ""))
        row["company"] = dice.pick(("Northwind Traders", "Blue Harbour", "Atelier Lumen", "", ""))
        return
    row["signed_up_at"] = row["created_at"] if dice.chance(0.9) else ""
    row["timezone"] = country.timezone if system == "app" or dice.chance(0.4) else ""
    if system == "app":
        hobbies = ("cooking", "gardening", "travel", "reading", "fitness", "crafts", "music")
        row["interests"] = "|".join(hobby for hobby in hobbies if dice.chance(0.3))
        row["lifestyle"] = dice.pick(("urban", "family", "outdoor", "homebody", "minimalist", ""))


def make_identifiers(demo: Demo, dice: Dice) -> None:
    """External ids; a loyalty number or CRM id stands in each record that it links."""
    for person in demo.people:
        linked = person.link == "loyalty"
        with_handle = dice.chance(0.15) and not person.delicate
        with_crm_id = dice.chance(0.4) and linked and "crm" in person.records
        with_card = (linked and not with_crm_id) or (dice.chance(0.12) and not person.delicate)
        for system, row in person.records.items():
            handle = f"@{plain(person.first).lower()}.{person.number}"
            ids = {
                "social_handle": handle if with_handle else "",
                "crm_id": person.records["crm"]["source_contact_id"] if with_crm_id else "",
                "loyalty_number": f"L-{104000 + person.number * 7}" if with_card else "",
                "device_id": f"{int(dice.random() * 16**10):010x}" if system == "app" else ""}
            for kind, value in ids.items():
                if value:
                    demo.add("raw_contact_identifiers", row, identifier_type=kind,
                             identifier_value=value, seen_at=person.first_seen[system])


def make_reference_rows(demo: Demo, dice: Dice) -> None:
    """Products, campaigns and monthly exchange rates (EUR per unit of the currency)."""
    for part in ASSORTMENT.splitlines():
        category, names = part.split(": ")
        for name in names.split(", "):
            title, price = name.rsplit(" ", 1)
            number = len(demo.tables["raw_products"]) + 1
            demo.add("raw_products", source_product_id=f"PR{number:03d}", product_name=title,
                     category=category, price=price)
    for number, line in enumerate(CAMPAIGNS.splitlines(), start=1):
        name, channel, goal, time_of_year, offer, day, cost = line.split("|")
        started = datetime.combine(date.fromisoformat(day), time(9))
        demo.add("raw_campaigns", campaign_id=f"CMP{number:02d}", campaign_name=name,
                 channel=channel, goal=goal, season=time_of_year, offer=offer, started_at=started,
                 ended_at=started + timedelta(6), cost=f"{cost}.00",
                 currency="GBP" if name == "Spring Skin" else "EUR")
    for month in range(6, 30):
        for currency, level in (("USD", 0.92), ("GBP", 1.18)):
            rate = level + 0.03 * math.sin(month / 4) + 0.01 * (dice.random() - 0.5)
            demo.add("raw_exchange_rates", currency=currency,
                     rate_date=date(2024 + month // 12, month % 12 + 1, 1),
                     rate_to_reporting_currency=f"{rate:.4f}")


def make_consents(demo: Demo, dice: Dice) -> None:
    """Permission per record and channel, some withdrawn later; tags and bought-in attributes."""
    for (system, contact), person in demo.owner.items():
        row, created = person.records[system], person.first_seen[system]
        channels = {"email": 0.85 if row["email"] else 0.0, "sms": 0.45 if row["phone"] else 0.0,
                    "push": 0.6 if system == "app" else 0.0}
        for channel, share in channels.items():
            if not share or dice.chance(0.15):
                continue
            states, later = [("withdrawn", created)], created + timedelta(dice.wait(200.0))
            if dice.chance(share):
                states = [("granted", created)]
                demo.opted_in[channel, contact] = created
                if dice.chance(0.08) and later < LAST_SECOND:
                    states.append(("withdrawn", later))
                    del demo.opted_in[channel, contact]
            source = dice.word("signup_form checkout preference_center double_opt_in")
            for status, when in states:
                demo.add("raw_consents", row, channel=channel, consent_status=status,
                         occurred_at=when, consent_source=source)
        later = min(created + timedelta(dice.wait(120.0)), LAST_SECOND)
        removed = later + timedelta(dice.wait(60.0))
        if dice.chance(0.18):
            demo.add("raw_contact_tags", row, tagged_at=later,
                     tagged_by=dice.word("sales support import"),
                     tag=dice.word("vip influencer wholesale event_guest support_case"),
                     removed_at=removed if removed < LAST_SECOND and dice.chance(0.3) else "")
        if dice.chance(0.2):
            name = dice.word("in_market_for household_size home_owner")
            value = dice.word({"in_market_for": "furniture car travel skin_care",
                               "household_size": "1 2 3 4 5", "home_owner": "yes no"}[name])
            third = dice.chance(0.6)
            by_email = third and "@" in row["email"]
            address = row["email"].strip().lower() if by_email else ""
            # A seller of data tells the hash of an address as often as the address.
            is_hashed = by_email and len(demo.tables["raw_contact_attributes"]) % 2 == 0
            demo.add("raw_contact_attributes", None if by_email else row,
                     provider="acme_data" if third else "partner_travel",
                     party="third" if third else "second", attribute_name=name,
                     attribute_value=value, observed_at=later,
                     email="" if is_hashed else address,
                     email_sha256=sha256(address.encode()).hexdigest() if is_hashed else "")


def make_messages(demo: Demo, dice: Dice) -> None:
    """What the mailer reports about each campaign; some who click buy within two days."""
    gone: set[str] = set()
    for campaign in demo.tables["raw_campaigns"]:
        channel, started = campaign["channel"], datetime.fromisoformat(campaign["started_at"])
        system = "app" if channel == "push" else "shop"
        about = dict(channel=channel, campaign_id=campaign["campaign_id"])
        for (kind, contact), granted in demo.opted_in.items():
            person = demo.owner.get((system, contact))
            if kind != channel or not person or granted > started or contact in gone:
                continue
            if person.stop < started.date() - timedelta(200) or not dice.chance(0.55):
                continue
            row, when = person.records[system], started + timedelta(seconds=dice.integer(0, 3600))
            demo.event(system, "send", when, row, **about)
            if dice.chance(0.025):
                gone.add(contact)
                demo.event(system, "bounce", when + timedelta(seconds=9), row, **about)
                continue
            demo.event(system, "delivered", when + timedelta(seconds=4), row, **about)
            if not dice.chance(0.42):
                continue
            when += timedelta(hours=dice.wait(7.0))
            demo.event(system, "open", when, row, **about)
            if dice.chance(0.3):
                when += timedelta(seconds=dice.integer(5, 90))
                demo.event(system, "click", when, row, **about)
                visit(demo, dice, person, when, 0.5, campaign_id=campaign["campaign_id"])
                if person.habit == "often" and person.is_alive(when) and dice.chance(0.35):
                    demo.nudges.append((when + timedelta(hours=dice.integer(1, 40)), person.number))
            ending = dice.weighted({"": 925, "unsubscribe": 30, "spam": 22, "reply": 23})
            when += timedelta(minutes=dice.integer(1, 9))
            if ending:
                demo.event(system, ending, when, row, **about)
            if ending in ("unsubscribe", "spam"):
                gone.add(contact)
                demo.add("raw_consents", row, channel=channel, consent_status="withdrawn",
                         occurred_at=when, consent_source="mailer")


def make_experiments(demo: Demo, dice: Dice) -> None:
    """Two tests; only the treatment of free_shipping_banner makes people buy within 14 days."""
    for name, first_day, lift in (("subject_line_emoji", date(2026, 1, 15), 0.0),
                                  ("free_shipping_banner", date(2026, 4, 1), 0.4)):
        for person in demo.people:
            when = dice.moment(first_day + timedelta(dice.integer(0, 45)))
            row = person.record_at(dice, when, shop=3, app=2)
            if not row or not person.is_alive(when):
                continue
            variant = dice.word("control treatment")
            demo.add("raw_experiment_assignments", row, experiment_name=name, variant=variant,
                     assigned_at=when)
            if variant == "treatment" and dice.chance(lift):
                later = when + timedelta(hours=dice.integer(1, 13 * 24))
                demo.nudges.append((later, person.number))


def purchase_moments(person: Person, dice: Dice) -> Iterable[datetime]:
    """When the person buys of their own accord."""
    day = person.start + timedelta(1)
    if person.habit == "never":
        return
    yield dice.moment(day + timedelta(int(dice.wait(20.0)) if person.habit != "often" else 0))
    if person.habit == "twice":
        yield dice.moment(day + timedelta(dice.integer(30, 330)))
    elif person.habit == "often":
        returns = person.number in RETURNERS
        while day < (LAST_DAY - timedelta(190) if returns else person.stop):
            day += timedelta(1)
            if dice.chance(person.daily_rate * season(day)):
                yield dice.moment(day)
        if returns:
            yield dice.moment(LAST_DAY - timedelta(dice.integer(1, 60)))


def make_orders(demo: Demo, dice: Dice) -> None:
    """Orders with their lines, in the order of time; one in six online orders has its visit."""
    plans = list(demo.nudges)
    for person in demo.people:
        plans += [(when, person.number) for when in purchase_moments(person, dice)]
    products = {product["source_product_id"]: product for product in demo.tables["raw_products"]}
    for serial, (when, number) in enumerate(sorted(plans), start=10001):
        if when > LAST_SECOND:
            continue
        person = demo.people[number - 1]
        row = person.record_at(dice, when, shop=62, app=30, crm=6)
        system, currency = row["source_system"] if row else "shop", COUNTRIES[person.code].currency
        key = dict(source_system=system, source_order_id=f"{system[0].upper()}O{serial}")
        order = demo.add("raw_orders", **key, ordered_at=when, currency=currency,
                         sales_channel={"shop": "web", "app": "app", "crm": "store"}[system])
        liked = [i for i, product in products.items() if product["category"] == person.taste]
        total = 0
        for line in range(1, dice.weighted({1: 34, 2: 28, 3: 20, 4: 11, 5: 7}) + 1):
            product = dice.pick(liked if dice.chance(0.55) else list(products))
            quantity = dice.weighted({1: 78, 2: 16, 3: 6})
            price = int(products[product]["price"].replace(".", "")) * PRICE_LEVELS[currency] // 100
            total += price * quantity
            demo.add("raw_order_items", **key, line_number=line, source_product_id=product,
                     quantity=quantity, unit_price=money(price))
        code = dice.weighted({"": 78, "WELCOME10": 8, "BLACK20": 5, "SUMMER15": 9})
        discount = total * int(code[-2:]) // 100 if code else 0
        order |= {"promotion_code": code, "discount_total": money(discount)}
        identify_buyer(demo, dice, person, row, order)
        settle(demo, dice, order, when, total - discount)
        if system != "crm" and row and dice.chance(0.18):
            visit(demo, dice, person, when, 1.0, system=system)


def identify_buyer(demo: Demo, dice: Dice, person: Person, row: Row | None, order: Row) -> None:
    """The contact's key; for a guest an e-mail, a phone, or nothing."""
    if row and not dice.chance(0.04):
        order["source_contact_id"] = row["source_contact_id"]
        return
    kind, way, number = "stranger", "email", 900 + person.number - PEOPLE
    if person.number <= PEOPLE:
        kind, number = "known", person.phone_number
        on_record = person.records[person.systems[0]]["phone"] and not person.delicate
        way = "phone" if on_record and dice.chance(0.4) else "email"
        person.delicate = True
    else:
        way = ("email", "email", "phone", "nothing")[person.number % 4]
    order["email"] = person.email if way == "email" else ""
    order["phone"] = write_phone(person, dice, number, national=False) if way == "phone" else ""
    demo.planted[f"guest_{kind}_{way}"] += 1


def settle(demo: Demo, dice: Dice, order: Row, when: datetime, cents: int) -> None:
    """Total, status, refund; for half of the refunded orders the version before it, too."""
    fate = dice.weighted({"good": 915, "spoilt": 38, "partially_refunded": 28, "refunded": 19})
    status = {"good": dice.word(GOOD), "spoilt": dice.word(SPOILT)}.get(fate, fate)
    part = cents * dice.integer(10, 60) // 100
    refund = {"refunded": cents, "partially_refunded": part}.get(fate, 0)
    updated = min(when + timedelta(hours=dice.integer(1, 90)), LAST_SECOND)
    order |= {"order_status": status, "order_total": money(cents), "refund_total": money(refund),
              "updated_at": text(updated)}
    if fate != "good":
        demo.planted[f"order_{fate}"] += 1
    if refund and dice.chance(0.5):
        before = {"order_status": "paid", "refund_total": "0.00", "updated_at": text(when)}
        demo.tables["raw_orders"].insert(-1, order | before)
        demo.planted["order_older_version"] += 1


def visit(demo: Demo, dice: Dice, person: Person, when: datetime, depth: float,
          system: str = "", campaign_id: str = "") -> None:
    """One session that starts then; with depth 1 it ends then, with the checkout of an order."""
    row = person.records[system] if system else person.record_at(dice, when, shop=3, app=2)
    system = row["source_system"] if row else "shop"
    in_app = system == "app"
    steps = ["page"] + ["list"] * dice.chance(0.3) + ["noise"] * dice.chance(0.04)
    buying, looking = ("product", "cart", "checkout"), ("product", "product", "cart", "uncart")
    for step in buying if depth == 1.0 else looking:
        if not dice.chance(0.3 if step == "uncart" else depth):
            break
        steps.append(step)
    if depth < 1.0 and dice.chance(0.2):
        steps.append(dice.word("checkout article pricing guide sample social"))
    known = row is not None and (in_app or dice.chance(0.4))
    if known and dice.chance(0.5):
        steps.insert(1, "login")
    gaps = [dice.integer(8, 200) for _ in steps]
    when -= timedelta(seconds=sum(gaps) + 20 if depth == 1.0 else 0)
    if system not in person.devices or dice.chance(0.06):
        person.devices[system] = f"{system[0]}{int(dice.random() * 16**7):07x}"
    mobile = in_app or dice.chance(0.45)
    about = dict(
        anonymous_id=person.devices[system], channel="app" if in_app else "web",
        device_type="mobile" if mobile else "desktop",
        operating_system=dice.word("Android iOS" if mobile else "Windows macOS"),
        app_version=f"5.{(when.date() - FIRST_DAY).days // 90}" if in_app else "")
    product = dice.pick(demo.tables["raw_products"])
    for step, gap in zip(steps, gaps, strict=True):
        when += timedelta(seconds=gap)
        known_by_now = known and (in_app or "login" not in steps[steps.index(step) + 1 :])
        more: dict[str, object] = dict(about)
        if in_app:
            late = dice.integer(1, 9) if dice.chance(0.97) else dice.integer(3600, 400000)
            more["received_at"] = min(when + timedelta(seconds=late), LAST_SECOND)
        elif step in ("page", "list"):
            more["page_path"] = f"/{product['category']}"
        if step == "page":
            more["campaign_id"] = campaign_id
            source = dice.pick(("google", "instagram", "newsletter", "", "", "", ""))
            more["properties"] = f'{{"utm_source":"{source}"}}' if source else ""
        elif step in ("product", "cart", "uncart"):
            more["source_product_id"] = product["source_product_id"]
            more["event_value"] = product["price"] if step == "cart" else ""
        demo.event(system, SPELLINGS[system][step], when, row if known_by_now else None, **more)


def make_visits(demo: Demo, dice: Dice) -> None:
    """Visits without an order, sign-ups, subscriptions, what sales people log, and passers-by."""
    for person in demo.people[:PEOPLE]:
        for _ in range(dice.integer(0, 3)):
            day = person.start + timedelta(dice.integer(0, (person.stop - person.start).days))
            visit(demo, dice, person, dice.moment(day), 0.6)
        for system, row in person.records.items():
            when = person.first_seen[system] + timedelta(seconds=30)
            channel = {"crm": "phone", "shop": "web", "app": "app"}[system]
            name = SPELLINGS[system]["join"] if system != "crm" else dice.pick(
                ("Call Logged", "Quote Requested", "Store Visit"))
            if dice.chance(0.6):
                demo.event(system, name, when, row,
                           channel="store" if name == "Store Visit" else channel)
            if system == "app" and dice.chance(0.2):
                demo.event(system, "Subscription Started", when + timedelta(20), row, channel="app",
                           event_value="4.99")
                if dice.chance(0.3):
                    demo.event(system, "Subscription Cancelled", when + timedelta(95), row,
                               channel="app")
    for _ in range(PASSERS_BY):
        day = FIRST_DAY + timedelta(dice.integer(0, DAY_COUNT - 1))
        visit(demo, dice, Person(0), dice.moment(day), 0.45)
    events = demo.tables["raw_events"]
    events.sort(key=lambda row: row["occurred_at"])
    for number, row in enumerate(events, start=1):
        row["event_id"] = f"E{number:05d}"


class Defect(NamedTuple):
    """One way of being wrong: each value goes into that column of one row that `fits`.

    `extra`: into a copy under a key of its own, so that the original stays whole.
    Without a column there are as many rows as values, and `plant_row` says what happens to them."""

    name: str
    table: str
    column: str = ""
    values: Sequence[str] = ()
    fits: Callable[[Demo, Row], bool] = lambda demo, row: True
    extra: bool = False


def owner_of(demo: Demo, row: Row) -> Person:
    """The person behind a row; one who must not be touched when nobody is known."""
    key = (row["source_system"], row["source_contact_id"])
    return demo.owner.get(key, Person(0, delicate=True))


def lone(demo: Demo, row: Row) -> bool:
    """The only record of its person: to spoil its e-mail or phone breaks no link."""
    return len(owner_of(demo, row).records) == 1 and not owner_of(demo, row).delicate


def sturdy(demo: Demo, row: Row) -> bool:
    """Not told apart by this very value, and with a phone that can be read without the country."""
    return not owner_of(demo, row).delicate and row["phone"][:1] in ("", "+")


def twin(demo: Demo, row: Row) -> bool:
    """One of several records that share an e-mail."""
    return owner_of(demo, row).link == "email" and not owner_of(demo, row).delicate


def extra(name: str, table: str, column: str, *values: str) -> Defect:
    """A defect that is planted in an additional row."""
    return Defect(name, table, column, values, extra=True)


UNREADABLE = ("31/02/2025", "yesterday", "2025-13-01")
OFFSETS = ("2026-03-14T09:26:53Z", "2026-03-15T10:11:12+02:00", "2025-11-28 23:30:00-05:00")
DEFECTS = (
    Defect("email_unusable", "contacts", "email", ("anna.example.com", "a@@example.com", "n/a", "-",
           "jo hn@example.com", "lena@example.com.", "@example.com", "maria@"), lone),
    Defect("email_placeholder", "contacts", "email", ("noreply@example.com", "test@test.com") * 2,
           lone),
    Defect("phone_unusable", "contacts", "phone", ("call me", "+49 30 ABCDEF", "123", "0000000000",
           "+493023125000123456789", "0000000000", "+1 212 555"), lone),
    Defect("birth_date_impossible", "contacts", "birth_date", ("2031-05-05", "1890-01-01",
           "31/02/1985", "yesterday"), sturdy),
    Defect("contact_date_unreadable", "contacts", "signed_up_at", UNREADABLE, sturdy),
    Defect("contact_date_offset", "contacts", "updated_at", OFFSETS, sturdy),
    Defect("contact_date_future", "contacts", "signed_up_at", ("2031-01-01 00:00:00",) * 2, sturdy),
    Defect("country_unknown", "contacts", "country", ("Atlantis", "XX", "Narnia"), sturdy),
    Defect("gender_odd", "contacts", "gender", ("Frau", "W", "unicorn", "?"), sturdy),
    Defect("language_odd", "contacts", "language", ("German", "klingon", "EN_us", "xx"), sturdy),
    Defect("timezone_unknown", "contacts", "timezone", ("Mars/Olympus", "CEST", "UTC+1"), sturdy),
    Defect("name_emoji", "contacts", "first_name", ("Zoë 🌸", "🦊", "Max 👨‍👩‍👧"), lone),
    Defect("name_right_to_left", "contacts", "last_name", ("مريم الهاشمي", "כהן"), lone),
    Defect("text_with_quotes", "contacts", "company", ('Böhm "Die Ecke", GmbH', "Two\nLines, Ltd",
           "O'Hara; Sons | Co", "=1+1"), sturdy),
    extra("contact_key_missing", "contacts", "source_contact_id", "", ""),
    extra("contact_created_unreadable", "contacts", "created_at", *UNREADABLE, ""),
    extra("contact_created_future", "contacts", "created_at", *["2031-02-03 04:05:06"] * 2),
    Defect("contact_repeated", "contacts", values=[""] * 5),
    Defect("contact_older_version", "contacts", values=[""] * 14, fits=sturdy),
    Defect("contact_erased", "contacts", values=[""] * 5, fits=lone),
    Defect("contact_erased_in_one_system", "contacts", values=[""] * 3, fits=twin),
    extra("identifier_missing", "contact_identifiers", "identifier_value", "", " "),
    Defect("identifier_repeated", "contact_identifiers", values=[""] * 3),
    extra("order_key_missing", "orders", "source_order_id", "", ""),
    extra("order_date_unreadable", "orders", "ordered_at", *UNREADABLE, ""),
    extra("order_date_offset", "orders", "ordered_at", *OFFSETS),
    extra("order_date_within_skew", "orders", "ordered_at", "2026-07-01 06:30:00"),
    extra("order_date_future", "orders", "ordered_at", "2031-01-01 12:00:00"),
    extra("order_total_negative", "orders", "order_total", "-19.90", "-5.00"),
    extra("order_total_zero", "orders", "order_total", "0.00", "0"),
    extra("order_total_unreadable", "orders", "order_total", "n/a", "12,50", ""),
    extra("order_currency_without_rate", "orders", "currency", "CHF", "CHF"),
    extra("order_currency_unreadable", "orders", "currency", "€€", "euros?"),
    extra("order_status_unmapped", "orders", "order_status", "teleported", "in_the_post"),
    extra("order_status_missing", "orders", "order_status", "", ""),
    extra("order_contact_unknown", "orders", "source_contact_id", "S9998", "S9999"),
    Defect("order_repeated", "orders", values=[""] * 6),
    extra("item_order_unknown", "order_items", "source_order_id", "SO99998", "SO99999"),
    extra("item_product_unknown", "order_items", "source_product_id", "PR998", "PR999"),
    extra("item_quantity_wrong", "order_items", "quantity", "0", "-1", "two", "", "0"),
    Defect("item_repeated", "order_items", values=[""] * 4),
    extra("product_key_missing", "products", "source_product_id", ""),
    extra("product_category_odd", "products", "category", "Garden", " toys "),
    extra("event_key_missing", "events", "event_id", "", "", ""),
    extra("event_date_unreadable", "events", "occurred_at", *UNREADABLE, ""),
    extra("event_date_offset", "events", "occurred_at", *OFFSETS),
    extra("event_date_within_skew", "events", "occurred_at", "2026-07-01 00:20:00",
          "2026-07-01 11:00:00"),
    extra("event_date_future", "events", "occurred_at", "2031-01-01 00:00:00",
          "2099-12-31 23:59:59"),
    extra("event_name_unmapped", "events", "event_name", "web_vitals", "Widget Spun", "🎉"),
    extra("event_contact_unknown", "events", "source_contact_id", "S9997", "A9999"),
    Defect("event_json_broken", "events", "properties", ('{"utm_source": ', "not json", "{'a': 1}",
           "[1, 2", '{"a": "b"c"}', '{"note": "line\nbreak"}') * 2),
    Defect("event_value_unreadable", "events", "event_value", ("free", "1.2.3")),
    Defect("event_repeated", "events", values=[""] * 12),
    extra("campaign_key_missing", "campaigns", "campaign_id", ""),
    extra("campaign_cost_unreadable", "campaigns", "cost", "tbd"),
    extra("consent_status_odd", "consents", "consent_status", "GRANTED", "maybe", ""),
    extra("consent_date_unreadable", "consents", "occurred_at", *UNREADABLE),
    extra("consent_contact_unknown", "consents", "source_contact_id", "C9999"),
    Defect("consent_repeated", "consents", values=[""] * 3),
    extra("tag_missing", "contact_tags", "tag", ""),
    extra("tag_date_unreadable", "contact_tags", "tagged_at", "yesterday"),
    extra("attribute_email_unknown", "contact_attributes", "email", "who@example.net"),
    extra("attribute_date_unreadable", "contact_attributes", "observed_at", "yesterday", ""),
    extra("assignment_variant_missing", "experiment_assignments", "variant", ""),
    Defect("assignment_repeated", "experiment_assignments", values=[""] * 2),
    Defect("assignment_in_both_variants", "experiment_assignments", values=[""] * 2),
    extra("rate_unreadable", "exchange_rates", "rate_to_reporting_currency", "?", "0", "-0.9"),
)
KEYS = dict(contacts="source_contact_id", orders="source_order_id", events="event_id",
            order_items="line_number", products="source_product_id", campaigns="campaign_id")


def plant_defects(demo: Demo, dice: Dice) -> None:
    """Spoil rows as DEFECTS says, no row twice, and count what was planted."""
    sound = {table: list(rows) for table, rows in demo.tables.items()}
    for defect in DEFECTS:
        free, rows = sound[f"raw_{defect.table}"], demo.tables[f"raw_{defect.table}"]
        for value in defect.values:
            row = dice.pick(free)
            while not defect.fits(demo, row):
                row = dice.pick(free)
            free[:] = [other for other in free if other is not row]
            if defect.extra:
                row, key = dict(row), KEYS.get(defect.table)
                if key:
                    row[key] = "99" if key == "line_number" else f"{row[key][:1]}X{len(rows) + 1}"
                rows.append(row)
            if defect.column:
                row[defect.column] = value
            else:
                plant_row(dice, defect.name, rows, row)
            demo.planted[defect.name] += 1


def plant_row(dice: Dice, name: str, rows: list[Row], row: Row) -> None:
    """The defects that are more than one bad value."""
    if name.endswith("_repeated"):
        rows.append(dict(row))
    elif name == "contact_older_version":
        row["updated_at"] = row["updated_at"] or row["created_at"]
        before = datetime.fromisoformat(row["updated_at"]) - timedelta(dice.integer(1, 30))
        rows.insert(rows.index(row), row | {"updated_at": text(before), "city": "Altstadt"})
    elif name.startswith("contact_erased"):
        asked = datetime.fromisoformat(row["created_at"]) + timedelta(dice.integer(1, 60))
        row["deleted_at"] = text(min(asked, LAST_SECOND))
    elif name == "assignment_in_both_variants":
        rows.append(row | {"variant": {"control": "treatment"}.get(row["variant"], "control")})


def make_examples(demo: Demo, dice: Dice) -> None:
    """A few who never bought fill a cart in the last days and look at the price: hot leads."""
    products = [row["source_product_id"] for row in demo.tables["raw_products"][:9]]
    idle = [person for person in demo.people[:PEOPLE] if person.habit == "never"
            and "shop" in person.records and not person.records["shop"]["deleted_at"]]
    for person in idle[:4]:
        row, when = person.records["shop"], dice.moment(LAST_DAY - timedelta(dice.integer(1, 4)))
        start = len(demo.tables["raw_events"])
        demo.event("shop", SPELLINGS["shop"]["pricing"], when, row, channel="web")
        for product in dice.word("0123 1234 2345 3456 4567"):
            when += timedelta(seconds=dice.integer(20, 90))
            demo.event("shop", SPELLINGS["shop"]["cart"], when, row, channel="web",
                       source_product_id=products[int(product)])
        for number, event in enumerate(demo.tables["raw_events"][start:], start=start + 1):
            event["event_id"] = f"ES{number}"
        demo.planted["eager_cart_filler"] += 1


def build() -> Demo:
    """The whole demo in memory."""
    demo = Demo()
    for make in (make_people, make_contacts, make_identifiers, make_reference_rows, make_consents,
                 make_messages, make_experiments, make_orders, make_visits, plant_defects,
                 make_examples):
        make(demo, Dice(make.__name__))
    return demo


def to_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as a CSV file in UTF-8 with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def files(demo: Demo) -> dict[Path, bytes]:
    """Every file with its content."""
    made = {HERE / f"{name}.csv": to_csv(COLUMNS[name], rows) for name, rows in demo.tables.items()}
    names = ("source_system", "source_contact_id", "person_id")
    truth = [dict(zip(names, (*key, f"P{person.number:03d}"), strict=True))
             for key, person in demo.owner.items()]
    return made | {TRUTH: to_csv(names, truth)}


def main() -> int:
    """Write or check the files; 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description="Write the demo's raw data.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if files differ")
    check = parser.parse_args().check
    stale = [(p, b) for p, b in files(build()).items() if not p.exists() or p.read_bytes() != b]
    for path, content in stale:
        print(f"{'differs' if check else 'wrote'}: {path.relative_to(HERE.parents[1])}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
