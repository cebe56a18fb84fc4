#!/usr/bin/env python3
"""Write the demo's landing data: the twelve `raw_*.csv` files beside this script.

Source: invented here, from one fixed seed. No person, company or address is real. E-mail domains are
reserved for examples (or carry the word `fictional`), phone numbers come from ranges kept for drama or
left unassigned where a country has one. Units: money in the row's own currency, timestamps in UTC.

`python seeds/raw/generate.py` rewrites the files, to the byte the same each time; with `--check` it
writes nothing and exits 1 if the files on disk differ. It also writes `tests/fixtures/true_people.csv`:
which source record is which person, for every record that staging should keep.

A shop, its app and its CRM, two years up to LAST_DAY: about 400 people in about 650 records. About one
row in twenty is wrong on purpose. DEFECTS names every kind of wrong row, and plants it:
- identity: one person in several systems under different spellings, linked by e-mail, phone or an
  external id, in chains (A-B by e-mail, B-C by phone) or only by resemblance; households that share a
  phone; placeholder addresses; erased contacts;
- rows: exact repeats, older versions, missing keys, references to nothing, guest checkouts;
- values: unusable e-mails, phones, dates, amounts, countries, currencies, time zones, JSON;
  timestamps with offsets; dates in the future; emoji, right-to-left names, quotes and line breaks.
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
from pathlib import Path
from typing import TypeVar

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
Key = tuple[str, str]

COLUMNS: dict[str, list[str]] = {
    "raw_contacts": """source_system source_contact_id email phone first_name last_name birth_date
        gender education income_band job_title company address_line postal_code city region country
        language timezone interests lifestyle acquisition_source signed_up_at created_at updated_at
        deleted_at""".split(),
    "raw_contact_identifiers": """source_system source_contact_id identifier_type identifier_value
        seen_at""".split(),
    "raw_orders": """source_system source_order_id source_contact_id email phone ordered_at
        order_status currency order_total discount_total refund_total promotion_code sales_channel
        updated_at""".split(),
    "raw_order_items": """source_system source_order_id line_number source_product_id quantity
        unit_price""".split(),
    "raw_products": "source_product_id product_name category price".split(),
    "raw_events": """source_system event_id source_contact_id anonymous_id event_name occurred_at
        received_at channel device_type operating_system app_version page_path campaign_id
        source_product_id event_value properties""".split(),
    "raw_campaigns": """campaign_id campaign_name channel goal season offer started_at ended_at cost
        currency""".split(),
    "raw_consents": """source_system source_contact_id channel consent_status occurred_at
        consent_source""".split(),
    "raw_contact_tags": """source_system source_contact_id tag tagged_at removed_at
        tagged_by""".split(),
    "raw_contact_attributes": """provider party email source_system source_contact_id attribute_name
        attribute_value observed_at""".split(),
    "raw_experiment_assignments": """experiment_name source_system source_contact_id variant
        assigned_at""".split(),
    "raw_exchange_rates": "currency rate_date rate_to_reporting_currency".split(),
}

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
    "it": """Giulia Francesca Chiara Alessandra Noemi Beatrice Marta;
        Giuseppe Alessandro Marco Niccolò Davide Matteo Lorenzo;
        Rossi Bianchi D'Angelo Ferrari Ricci Conti Gallo Marino""",
    "nl": """Sanne Femke Lotte Annelies Maaike Eline;
        Johannes Pieter Daan Willem Sjoerd Bram;
        de_Vries van_den_Berg Bakker Visser Smit Mulder Dekker""",
    "pl": """Małgorzata Agnieszka Zofia Katarzyna;
        Paweł Stanisław Łukasz Michał;
        Kowalska Nowak Wójcik Zieliński Dąbrowski""",
}
NICKNAMES = dict(
    pair.split("=")
    for pair in """Katharina=Kathi Johanna=Hanna Franziska=Franzi Alexander=Alex Thomas=Tom
    Maximilian=Max Sebastian=Basti Tobias=Tobi Elizabeth=Liz Margaret=Maggie Jennifer=Jenny Rebecca=Becky
    Victoria=Vicky Samantha=Sam William=Bill Robert=Bob Michael=Mike James=Jim Daniel=Dan Benjamin=Ben
    Christopher=Chris Nicholas=Nick Andrew=Andy Joshua=Josh Francisco=Paco José=Pepe Pilar=Pili
    Francesca=Franca Giuseppe=Beppe Alessandro=Sandro Johannes=Hans Willem=Wim Małgorzata=Gosia
    Katarzyna=Kasia""".split()
)


@dataclass(frozen=True)
class Country:
    """Share of the people, spellings (ISO 3166-1 alpha-3, English, local), dialling plan, places.

    `dial` is country code / trunk prefix / first subscriber digits / lengths of the written groups;
    three or more digits follow. `places` are city/region/postal code."""

    weight: int
    spellings: tuple[str, str, str]
    language: str
    timezone: str
    currency: str
    names: str
    dial: str
    places: str


COUNTRIES = {
    "DE": Country(120, ("DEU", "Germany", "Deutschland"), "de", "Europe/Berlin", "EUR", "de",
                  "49/0/3023125/2 3", "Berlin/Berlin/10115;Hamburg/Hamburg/20095;Köln/NRW/50667;"
                  "München/Bayern/80331;Leipzig/Sachsen/04109"),
    "GB": Country(70, ("GBR", "United Kingdom", "UK"), "en", "Europe/London", "GBP", "en",
                  "44/0/2079460/2 4", "London/England/SW1A 1AA;Leeds/England/LS1 4AP;"
                  "Edinburgh/Scotland/EH1 1YZ;Cardiff/Wales/CF10 1EP"),
    "US": Country(64, ("USA", "United States", "United States of America"), "en",
                  "America/New_York", "USD", "en", "1//2125554/3 3", "New York/NY/10001;"
                  "Boston/MA/02108;Chicago/IL/60601;Portland/OR/97201"),
    "FR": Country(40, ("FRA", "France", "France"), "fr", "Europe/Paris", "EUR", "fr",
                  "33/0/199000/1 2 2 2", "Paris/Île-de-France/75001;Lyon/Auvergne-Rhône-Alpes/69001;"
                  "Nantes/Pays de la Loire/44000"),
    "ES": Country(32, ("ESP", "Spain", "España"), "es", "Europe/Madrid", "EUR", "es",
                  "34//600000/3 3", "Madrid/Madrid/28001;Sevilla/Andalucía/41001"),
    "IT": Country(28, ("ITA", "Italy", "Italia"), "it", "Europe/Rome", "EUR", "it",
                  "39//3200000/3 3", "Milano/Lombardia/20121;Roma/Lazio/00184"),
    "NL": Country(24, ("NLD", "Netherlands", "Nederland"), "nl", "Europe/Amsterdam", "EUR", "nl",
                  "31/0/610000/1 4", "Utrecht/Utrecht/3511 AA;Rotterdam/Zuid-Holland/3011 AD"),
    "AT": Country(8, ("AUT", "Austria", "Österreich"), "de", "Europe/Vienna", "EUR", "de",
                  "43/0/6600000/3 3", "Wien/Wien/1010;Graz/Steiermark/8010"),
    "PL": Country(6, ("POL", "Poland", "Polska"), "pl", "Europe/Warsaw", "EUR", "pl",
                  "48//600000/3 3", "Kraków/Małopolskie/31-042"),
    "CH": Country(4, ("CHE", "Switzerland", "Schweiz"), "de", "Europe/Zurich", "EUR", "de",
                  "41/0/780000/2 3", "Zürich/Zürich/8001"),
    "CA": Country(4, ("CAN", "Canada", "Canada"), "en", "America/Toronto", "USD", "en",
                  "1//4165554/3 3", "Toronto/ON/M5H 2N2"),
}  # fmt: skip
ASSORTMENT = """beauty: Rose Hand Cream 12.90, Clay Mask 18.50, Argan Shampoo 14.00, Lip Balm Set 9.90,
Night Serum 34.00, Bath Salts 11.50, Bamboo Brush 7.90; home: Linen Cushion 24.90, Wool Throw 59.00,
Oak Frame 19.90, Candle Trio 22.00, Desk Lamp 48.00, Storage Basket 29.50, Wall Clock 39.00; kitchen:
Chef Knife 64.00, Stoneware Bowl 16.90, Coffee Dripper 27.00, Cast Iron Pan 72.00, Tea Tin 8.90,
Apron 21.50, Spice Mill 33.00; garden: Herb Planter 18.90, Pruning Shears 31.00, Watering Can 26.50,
Seed Box 14.90, Rain Gauge 12.00, Garden Gloves 9.50; toys: Wooden Train 42.00, Shape Puzzle 17.50,
Kite 23.00, Doll House 89.00, Marble Run 55.00, Plush Fox 19.00; books: Slow Bread 25.00,
Balcony Gardens 22.90, City Walks 16.00, Skin Care Basics 19.90, Night Trains 12.90, Paper Birds 14.50,
The Small Kitchen 28.00"""
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
GOOD = "paid paid completed Shipped fulfilled delivered".split()
SPOILT = "cancelled cancelled canceled pending voided failed test on_hold".split()
RATES = {"EUR": 100, "USD": 110, "GBP": 85}  # price in the currency, per cent of the price in EUR
WEB = dict(page="page_view", list="view_item_list", product="view_item", cart="add_to_cart",
           uncart="remove_from_cart", checkout="begin_checkout", login="login", join="sign_up",
           article="read_article", pricing="view_pricing", guide="download_guide",
           sample="request_sample", social="social_share", noise="scroll")  # fmt: skip
APP = dict(page="Screen Viewed", list="Product List Viewed", product="Product Viewed",
           cart="Product Added", uncart="Product Removed", checkout="Checkout Started",
           login="Signed In", join="Signed Up", article="Article Opened", pricing="Price Alert Set",
           guide="Guide Saved", sample="Sample Requested", social="Post Liked",
           noise="App Backgrounded")  # fmt: skip


class Dice:
    """Random choices built on `random.random()` alone: its sequence is the same in every Python."""

    def __init__(self, name: str) -> None:
        """Each part of the data has its own dice, so that a change in one leaves the others be."""
        self.random = random.Random(f"crm_segmentation {name}").random

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        return things[int(self.random() * len(things))]

    def weighted(self, weights: dict[T, float]) -> T:
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
        """A second of that day, nearly always between 7 and 22 o'clock."""
        hour = self.integer(7, 21) if self.chance(0.97) else self.integer(0, 23)
        return datetime.combine(day, time(hour, self.integer(0, 59), self.integer(0, 59)))


@dataclass
class Person:
    """A true person, or (without records) a stranger who buys as a guest."""

    number: int
    code: str
    gender: str
    first: str
    last: str
    born: date
    place: str
    street: str
    email: str
    taste: str
    start: date
    habit: str = "never"
    daily_rate: float = 0.0
    stop: date = LAST_DAY
    link: str = "alone"
    systems: list[str] = field(default_factory=list)
    phone_number: int = 0
    delicate: bool = False
    records: dict[str, Row] = field(default_factory=dict)
    first_seen: dict[str, datetime] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    @property
    def country(self) -> Country:
        return COUNTRIES[self.code]

    def is_alive(self, moment: datetime) -> bool:
        """Known already, and still a visitor of the shop."""
        return self.start <= moment.date() <= self.stop and self.number not in RETURNERS

    def record_at(self, dice: Dice, moment: datetime, **weights: float) -> Row | None:
        """One of the person's records that existed then, by weight of the system; None: a guest."""
        known = {s: w for s, w in weights.items() if self.first_seen.get(s, moment) < moment}
        return self.records[dice.weighted(known)] if known else None


@dataclass
class Demo:
    """Everything made so far: rows by table, how many defects of each name, and working lists."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    planted: Counter[str] = field(default_factory=Counter)
    people: list[Person] = field(default_factory=list)
    owner: dict[Key, Person] = field(default_factory=dict)
    opted_in: dict[Key, datetime] = field(default_factory=dict)
    nudges: list[tuple[datetime, Person]] = field(default_factory=list)

    def add(self, table: str, **values: object) -> Row:
        """Append a row; columns that are not named stay empty."""
        row = dict.fromkeys(COLUMNS[table], "") | {k: text(v) for k, v in values.items()}
        self.tables[table].append(row)
        return row

    def event(self, system: str, name: str, when: datetime, row: Row | None, **values: object) -> None:
        """Append an event of that record (None: nobody known), unless it lies after the last day."""
        if when <= LAST_SECOND:
            contact = row["source_contact_id"] if row else ""
            self.add("raw_events", source_system=system, source_contact_id=contact,
                     event_name=name, occurred_at=when, **values)  # fmt: skip


def text(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def plain(name: str) -> str:
    """The name without accents, as people type it on a foreign keyboard."""
    parts = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l").replace("Ł", "L"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def season(day: date) -> float:
    """How much more people buy on that day than on a usual one."""
    november = date(day.year, 11, 1)
    black_friday = november + timedelta((3 - november.weekday()) % 7 + 22)
    if -4 <= (day - black_friday).days <= 3:
        return 5.0
    if day.month == 12:
        return 2.8 if day.day <= 21 else 0.6
    return {1: 0.7, 7: 0.8, 8: 0.8}.get(day.month, 1.0)


def make_people(dice: Dice) -> list[Person]:
    """The true people; strangers come last, with numbers above PEOPLE and no records."""
    people: list[Person] = []
    taken: Counter[str] = Counter()
    for number in range(1, PEOPLE + STRANGERS + 1):
        code = dice.weighted({code: c.weight for code, c in COUNTRIES.items()})
        gender = "f" if number in BEAUTY_LOVERS else dice.weighted({"f": 54, "m": 44, "x": 2})
        women, men, last_names = (pool.split() for pool in NAMES[COUNTRIES[code].names].split(";"))
        first = dice.pick(women if gender == "f" or (gender == "x" and number % 2) else men)
        last = dice.pick(last_names).replace("_", " ")
        local = plain(f"{first}.{last}").lower().replace(" ", "").replace("'", "")
        taken[local] += 1
        local += str(number) if taken[local] > 1 else ""
        domain = dice.weighted({"example.com": 42, "example.org": 24, "example.net": 24, "gmail.com": 10})
        years = dice.integer(31, 38) if number in BEAUTY_LOVERS else 18 + int(56 * dice.random() ** 1.4)
        start = FIRST_DAY + timedelta(dice.integer(0, 45 if dice.chance(0.3) else DAY_COUNT - 4))
        tastes = dict(beauty=24, home=20, kitchen=18, garden=14, toys=12, books=12)
        person = Person(
            number, code, gender, first, last,
            born=LAST_DAY - timedelta(int(years * 365.25) + dice.integer(1, 360)),
            place=dice.pick(COUNTRIES[code].places.split(";")),
            street=f"{dice.integer(1, 140)} {dice.pick('Mill Station Garden Church Lake'.split())} Road",
            email=f"fictional.{local}@{domain}" if domain == "gmail.com" else f"{local}@{domain}",
            taste="beauty" if number in BEAUTY_LOVERS else dice.weighted(tastes),
            start=start, phone_number=number)  # fmt: skip
        choose_habit(person, dice)
        choose_records(person, dice)
        people.append(person)
    for one, other in HOUSEHOLDS:
        first_one, second = people[one - 1], people[other - 1]
        for name in ("code", "last", "place", "street", "phone_number"):
            setattr(second, name, getattr(first_one, name))
    return people


def choose_habit(person: Person, dice: Dice) -> None:
    """How often the person buys, and until when."""
    habits = {"never": 33, "once": 15, "twice": 8, "often": 44}
    person.habit = dice.weighted(habits)
    mean_gap = 9 + 95 * dice.random() ** 1.6  # days between two purchases
    if person.number in NEWCOMERS:
        person.habit, person.start = "once", LAST_DAY - timedelta(dice.integer(2, 24))
    if person.number in RETURNERS or person.number in BEAUTY_LOVERS:
        person.habit, mean_gap = "often", min(mean_gap, 40.0)
        person.start = FIRST_DAY + timedelta(dice.integer(20, 300))
    person.daily_rate = 1.0 / mean_gap
    if person.habit == "often" and person.number not in RETURNERS and person.number not in BEAUTY_LOVERS:
        days = dice.wait(330.0) if dice.chance(0.72) else DAY_COUNT
        person.stop = min(LAST_DAY, person.start + timedelta(days=int(days)))


def choose_records(person: Person, dice: Dice) -> None:
    """The systems that know the person, the one that orders first, and what links the records."""
    count = dice.weighted({1: 52, 2: 33, 3: 15})
    links = {"email": 65, "phone": 14, "loyalty": 10, "fuzzy": 12}
    if count == 3:
        links = {"email": 40, "chain": 34, "loyalty": 16, "fuzzy": 10}
    seller = "shop" if dice.chance(0.75) else "app"
    if person.habit == "never" and dice.chance(0.4):
        seller = "crm"
    others = [s for s in ("crm", "shop", "app") if s != seller]
    if dice.chance(0.4):
        others.reverse()
    person.systems = [seller, *others][:count]
    if count > 1:
        person.link = dice.weighted(links)
    if any(person.number in pair for pair in HOUSEHOLDS):
        person.systems, person.link = ["shop", "crm"][: 1 + person.number % 2], "email"
    person.delicate = person.link == "fuzzy" or any(person.number in p for p in HOUSEHOLDS)
    if person.number > PEOPLE:
        person.systems, person.habit = [], dice.pick(("once", "twice"))


def spell_name(person: Person, dice: Dice, turn: int) -> tuple[str, str]:
    """First and last name as the person's turn-th record has them; the first record is right."""
    first, last = person.first, person.last
    way = "right" if turn == 0 or (person.link != "fuzzy" and dice.chance(0.5)) else ""
    way = way or dice.pick("nickname nickname plain typo typo upper lower swapped initial".split())
    if person.link == "fuzzy" and way in ("swapped", "initial"):
        way = "typo"
    if way == "nickname":
        return NICKNAMES.get(first, plain(first)), last
    if way == "typo":
        spot = dice.integer(1, len(last) - 2)
        return first, last[:spot] + last[spot + 1] + last[spot] + last[spot + 2 :]
    ways = {"plain": (plain(first), plain(last)), "upper": (first.upper(), last.upper()),
            "lower": (first.lower(), last.lower()), "swapped": (last, first),
            "initial": (f"{first[0]}.", last)}  # fmt: skip
    return ways.get(way, (first, last))


def write_phone(person: Person, dice: Dice, number: int, national: bool) -> str:
    """The phone number in one of the ways people write it; national only where the country stands by."""
    code, trunk, start, lengths = person.country.dial.split("/")
    digits, groups = f"{start}{number:03d}", []
    for length in lengths.split():
        groups.append(digits[: int(length)])
        digits = digits[int(length) :]
    groups.append(digits)
    ways = [f"+{code}{''.join(groups)}", f"+{code} {' '.join(groups)}", f"+{code}-{'-'.join(groups)}"]
    ways.append(f"+{code} ({trunk}){' '.join(groups)}" if trunk else f"+{code} ({groups[0]}) {digits}")
    if not trunk:
        ways[-1] = f"+{code} ({groups[0]}) {'-'.join(groups[1:])}"
    ways.append(f"00{code} {''.join(groups)}" if code != "1" else f"+1.{'.'.join(groups)}")
    if national:
        ways += [f"({trunk}{groups[0]}) {'-'.join(groups[1:])}", f"{trunk}{'.'.join(groups)}",
                 f"{trunk}{''.join(groups)}", f"{trunk}{groups[0]}/{' '.join(groups[1:])}"]  # fmt: skip
    return dice.pick(ways)


def make_contacts(demo: Demo, dice: Dice) -> None:
    """One row per person and system, in the order in which they came, with what each system asks."""
    plans = []
    for person in demo.people:
        for turn, system in enumerate(person.systems):
            created = dice.moment(person.start + timedelta(int(dice.wait(90.0)) if turn else 0))
            plans.append((min(created, LAST_SECOND - timedelta(1, turn)), person.number, turn, system))
    for serial, (created, number, turn, system) in enumerate(sorted(plans)):
        person = demo.people[number - 1]
        row = demo.add("raw_contacts", source_system=system, created_at=created)
        row["source_contact_id"] = f"{system[0].upper()}{1001 + serial}"
        row["first_name"], row["last_name"] = spell_name(person, dice, turn)
        write_address(person, row, dice)
        write_channels(person, row, dice, turn)
        write_profile(person, row, dice, created)
        touched = created + timedelta(dice.wait(60.0)) if dice.chance(0.6) else created
        row["updated_at"] = text(min(touched, LAST_SECOND)) if dice.chance(0.95) else ""
        person.records[system], person.first_seen[system] = row, created
        demo.owner[system, row["source_contact_id"]] = person
    demo.planted["households"] = len(HOUSEHOLDS)
    for person in demo.people:
        if len(person.records) > 1:
            demo.planted[f"linked_by_{person.link}"] += 1


def write_address(person: Person, row: Row, dice: Dice) -> None:
    """Country in the system's spelling; an address where things are delivered, or for the fuzzy."""
    three, english, local = person.country.spellings
    spelling = {person.code: 70, english: 12, three: 7, local: 7, "": 4}
    row["country"] = dice.weighted(spelling)
    if row["source_system"] != "app" or person.delicate:
        row["city"], row["region"], row["postal_code"] = person.place.split("/")
        row["address_line"] = person.street


def write_channels(person: Person, row: Row, dice: Dice, turn: int) -> None:
    """E-mail and phone, so that the records hang together as `person.link` says."""
    initial, last = plain(person.first[0]).lower(), plain(person.last).lower()
    last = last.replace(" ", "").replace("'", "")
    other = f"{initial}{last}{person.number}{'.b' * (turn - 1)}@example.{dice.pick(('org', 'net'))}"
    email, number = person.email, person.phone_number
    has_phone = dice.chance({"crm": 0.7, "shop": 0.6, "app": 0.35}[row["source_system"]])
    if person.link in ("phone", "loyalty", "fuzzy") and turn:
        email = other if person.link == "fuzzy" or dice.chance(0.6) else ""
    if person.link in ("loyalty", "fuzzy"):
        has_phone, number = has_phone and turn < 2, number + 500 * turn
    if person.link == "chain":
        email, has_phone = (other if turn == 2 else email), turn > 0
    if person.link == "phone" or (person.delicate and person.link != "fuzzy"):
        has_phone = True
    styles = {email: 86, email.upper(): 4, email.title(): 6, f" {email} ": 4}
    row["email"] = dice.weighted(styles) if email else ""
    row["phone"] = write_phone(person, dice, number, bool(row["country"])) if has_phone else ""


def write_profile(person: Person, row: Row, dice: Dice, created: datetime) -> None:
    """What the person told that system: much to the CRM, little to the shop."""
    system = row["source_system"]
    if person.delicate or dice.chance({"crm": 0.85, "shop": 0.6, "app": 0.6}[system]):
        row["birth_date"] = str(person.born)
    genders = {"f": ("female", "F", "f"), "m": ("male", "M", "m"), "x": ("non-binary", "X", "d")}
    if person.number in BEAUTY_LOVERS or dice.chance({"crm": 0.9, "shop": 0.5, "app": 0.6}[system]):
        row["gender"] = genders[person.gender][("crm", "shop", "app").index(system)]
    if person.number in BEAUTY_LOVERS:
        row["birth_date"] = str(person.born)
    language = person.country.language
    row["language"] = language if system != "app" else f"{language}-{person.code}"
    sources = dict(organic_search=30, paid_search=18, paid_social=20, referral=14, newsletter=12, event=6)
    row["acquisition_source"] = dice.weighted(sources)
    if system == "crm":
        row["education"] = dice.pick(("secondary", "vocational", "bachelor", "master", "doctorate", ""))
        row["income_band"] = dice.pick(("under_25k", "25k_50k", "50k_75k", "75k_100k", "over_100k", ""))
        row["job_title"] = dice.pick(("Teacher", "Nurse", "Engineer", "Designer", "Buyer", "Owner", ""))
        row["company"] = dice.pick(("Northwind Traders", "Blue Harbour", "Atelier Lumen", "", "", ""))
        return
    row["signed_up_at"] = text(created) if dice.chance(0.9) else ""
    if system == "app" or dice.chance(0.4):
        row["timezone"] = person.country.timezone
    if system == "app":
        hobbies = [h for h in "cooking gardening travel reading fitness crafts music".split()
                   if dice.chance(0.3)]  # fmt: skip
        row["interests"] = "|".join(hobbies)
        row["lifestyle"] = dice.pick(("urban", "family", "outdoor", "homebody", "minimalist", ""))


def make_identifiers(demo: Demo, dice: Dice) -> None:
    """External ids; a loyalty number or CRM id stands in each record it links."""
    for person in demo.people:
        handle = f"@{plain(person.first).lower()}.{person.number}" if dice.chance(0.15) else ""
        use_crm_id = person.link == "loyalty" and "crm" in person.records and dice.chance(0.4)
        card = person.link == "loyalty" or dice.chance(0.12)
        for system, row in person.records.items():
            ids = {"social_handle": handle if system != "shop" else ""}
            if use_crm_id:
                ids["crm_id"] = person.records["crm"]["source_contact_id"]
            elif card:
                ids["loyalty_number"] = f"L-{104000 + person.number * 7}"
            if system == "app":
                ids["device_id"] = f"{int(dice.random() * 16**10):010x}"
            for kind, value in ids.items():
                if value:
                    demo.add("raw_contact_identifiers", source_system=system,
                             source_contact_id=row["source_contact_id"], identifier_type=kind,
                             identifier_value=value, seen_at=person.first_seen[system])  # fmt: skip


def make_reference_rows(demo: Demo, dice: Dice) -> None:
    """Products, campaigns and monthly exchange rates (EUR per unit of the currency)."""
    for part in ASSORTMENT.split(";"):
        category, names = part.strip().split(":")
        for name in names.replace("\n", " ").split(","):
            title, price = name.strip().rsplit(" ", 1)
            number = len(demo.tables["raw_products"]) + 1
            demo.add("raw_products", source_product_id=f"PR{number:03d}", product_name=title,
                     category=category, price=price)  # fmt: skip
    for number, line in enumerate(CAMPAIGNS.splitlines(), start=1):
        name, channel, goal, season_name, offer, day, cost = line.split("|")
        started = datetime.combine(date.fromisoformat(day), time(9))
        demo.add("raw_campaigns", campaign_id=f"CMP{number:02d}", campaign_name=name, channel=channel,
                 goal=goal, season=season_name, offer=offer, started_at=started,
                 ended_at=min(started + timedelta(days=6, hours=12), LAST_SECOND), cost=f"{cost}.00",
                 currency="GBP" if number == 4 else "EUR")  # fmt: skip
    for month in range(24):
        day = date(2024 + (6 + month) // 12, (6 + month) % 12 + 1, 1)
        for currency, level in (("USD", 0.92), ("GBP", 1.18)):
            rate = level + 0.03 * math.sin(month / 4) + 0.01 * (dice.random() - 0.5)
            demo.add("raw_exchange_rates", currency=currency, rate_date=day,
                     rate_to_reporting_currency=f"{rate:.4f}")  # fmt: skip


def make_consents(demo: Demo, dice: Dice) -> None:
    """Permission per record and channel, some withdrawn later; tags and bought-in attributes."""
    for (system, contact), person in demo.owner.items():
        row, created = person.records[system], person.first_seen[system]
        channels = {"email": 0.85 if row["email"] else 0, "sms": 0.45 if row["phone"] else 0}
        channels["push"] = 0.6 if system == "app" else 0
        for channel, share in channels.items():
            if share and dice.chance(0.85):
                granted = dice.chance(share)
                states = [("granted" if granted else "withdrawn", created)]
                if granted and dice.chance(0.08):
                    states.append(("withdrawn", created + timedelta(dice.wait(200.0))))
                elif granted:
                    demo.opted_in[channel, contact] = created
                source = dice.pick(("signup_form", "checkout", "preference_center", "double_opt_in"))
                for status, when in states:
                    if when <= LAST_SECOND:
                        demo.add("raw_consents", source_system=system, source_contact_id=contact,
                                 channel=channel, consent_status=status, occurred_at=when,
                                 consent_source=source)  # fmt: skip
        later = min(created + timedelta(dice.wait(120.0)), LAST_SECOND)
        if dice.chance(0.18):
            tag = dice.pick(("vip", "influencer", "wholesale", "event_guest", "support_case"))
            removed = later + timedelta(dice.wait(60.0))
            demo.add("raw_contact_tags", source_system=system, source_contact_id=contact, tag=tag,
                     tagged_at=later, tagged_by=dice.pick(("sales", "support", "import")),
                     removed_at=removed if removed < LAST_SECOND and dice.chance(0.3) else "")  # fmt: skip
        if dice.chance(0.2):
            name = dice.pick(("in_market_for", "household_size", "home_owner"))
            values = {"in_market_for": dice.pick(("furniture", "car", "travel", "skin_care")),
                      "household_size": dice.integer(1, 5), "home_owner": dice.pick(("yes", "no"))}
            third = dice.chance(0.6)
            by_email = third and "@" in row["email"]
            demo.add("raw_contact_attributes", provider="acme_data" if third else "partner_travel",
                     party="third" if third else "second", attribute_name=name,
                     email=row["email"].strip().lower() if by_email else "",
                     source_system="" if by_email else system, attribute_value=values[name],
                     source_contact_id="" if by_email else contact, observed_at=later)  # fmt: skip
