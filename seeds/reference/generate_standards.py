"""Write the reference seeds that come from published standards.

    python seeds/reference/generate_standards.py           write the files
    python seeds/reference/generate_standards.py --check   exit 1 when a file on disk differs

Sources, all as packaged on PyPI, so that the same versions always give the same bytes:

- ISO 3166-1 (countries) and ISO 639 (languages): `pycountry`
- names in English and in the country's main language: Unicode CLDR, through `babel`
- ITU-T E.164 calling codes and national numbering plans: `phonenumbers`
- IANA time zones: `tzdata`

Everything else in this folder is written by hand.
"""

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import product
from pathlib import Path
from re import _parser

import phonenumbers
import pycountry
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from phonenumbers import PhoneMetadata

FOLDER = Path(__file__).parent
ENGLISH = Locale("en")

# E.164 allows 15 digits, the calling code included, and 3 for the calling code.
LONGEST_E164 = 15
LONGEST_CALLING_CODE = 3
DIGITS = "0123456789"
# Kosovo has no ISO code yet; XK is what CLDR, the EU and the ITU's data use.
KOSOVO = ("XK", "XKX")
# Where several international prefixes are in use, the best known comes first.
USUAL_INTERNATIONAL_PREFIXES = ("00", "001", "011")

PHONE_FIELDS = (
    "calling_code",
    "trunk_prefix",
    "international_prefix",
    "number_lengths",
    "number_shapes",
    "own_code_lengths",
)
# Voice mailboxes are left out: nobody gives one as a phone number.
KINDS_OF_NUMBERS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
)
# Belarus dials 8, and then 0 before an area code.
TRUNK_PREFIXES = {"BY": "80"}
# Its toll-free numbers begin with 8, which cannot be told from the 8 that is dialled first.
DIGITS_IN_THE_WAY = {375: "8"}

Row = dict[str, str]
# The first three digits of a number, and how many digits it has.
Shape = tuple[str, int]
NOTHING: Shape = ("", 0)


def plain(name: str) -> str:
    """Give a CLDR name the way people type it: `St. Lucia` -> `Saint Lucia`."""
    name = re.sub(r" SAR China$| \([^)]*\)$", "", name)
    name = re.sub(r"\bSt\.? ", "Saint ", name)
    return name.replace("\u2019", "'").replace(" & ", " and ")


def local_country_name(country_code: str) -> str:
    """Name a country in its most spoken official language (CLDR territory info)."""
    official = get_official_languages(country_code, de_facto=True)
    for language in official:
        try:
            locale = Locale.parse(f"{language}_{country_code}")
        except (UnknownLocaleError, ValueError):
            continue
        if country_code in locale.territories:
            return plain(locale.territories[country_code])
    return plain(ENGLISH.territories[country_code])


def joined(before: set[Shape], after: set[Shape]) -> set[Shape]:
    """Return the shapes of everything in `before` followed by everything in `after`."""
    whole = {shape for shape in before if len(shape[0]) == LONGEST_CALLING_CODE}
    lengths = {length for _, length in after}
    return {(first, length + more) for first, length in whole for more in lengths} | {
        ((first + then)[:LONGEST_CALLING_CODE], length + more)
        for first, length in before - whole
        for then, more in after
    }


def shapes(pattern: Iterable) -> set[Shape]:
    """Return the shapes of everything that a parsed number pattern matches.

    Knows only what phonenumbers' patterns of national numbers consist of.
    """
    found: set[Shape] = {NOTHING}
    for operator, argument in pattern:
        part: set[Shape] = set()
        match str(operator):
            case "LITERAL":
                part = {(chr(argument), 1)}
            case "IN":
                for kind, value in argument:
                    if str(kind) == "RANGE":
                        part |= {(chr(code), 1) for code in range(value[0], value[1] + 1)}
                    else:
                        digits = DIGITS if str(kind) == "CATEGORY" else chr(value)
                        part |= {(digit, 1) for digit in digits}
            case "BRANCH":
                part = set().union(*(shapes(branch) for branch in argument[1]))
            case "SUBPATTERN":
                part = shapes(argument[-1])
            case "MAX_REPEAT":
                least, most, repeated = argument
                once = shapes(repeated)
                several = {NOTHING}
                for times in range(most + 1):
                    part |= several if times >= least else set()
                    several = joined(several, once)
            case _:
                raise ValueError(f"unexpected {operator} in a number pattern")
        found = joined(found, part)
    return found


def known_numbers(calling_code: int) -> set[Shape]:
    """Return the shapes of all national numbers under a calling code that people can have.

    Lengths count only where the code's main country has them too: that is what phonenumbers calls
    a possible number. Toll-free numbers that begin with 00 cannot be called from abroad.
    """
    regions = phonenumbers.region_codes_for_country_code(calling_code)
    main = PhoneMetadata.metadata_for_region(regions[0])
    longest = LONGEST_E164 - len(str(calling_code))
    possible = {length for length in main.general_desc.possible_length if length <= longest}
    found: set[Shape] = set()
    for region, kind in product(regions, KINDS_OF_NUMBERS):
        numbers = getattr(PhoneMetadata.metadata_for_region(region), kind)
        if numbers and numbers.national_number_pattern:
            found |= shapes(_parser.parse(numbers.national_number_pattern))
    return {
        (first, length)
        for first, length in found
        if length in possible and not first.startswith("00")
    }


def has_obligatory_trunk_prefix(calling_code: int) -> bool:
    """Tell whether people always write the trunk prefix of a mobile number.

    In Germany they do, in Brazil they do not, in India only some do, and in Italy there is none.
    """
    region = phonenumbers.region_code_for_country_code(calling_code)
    metadata = PhoneMetadata.metadata_for_region(region)
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(region)
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    optional = any(way.national_prefix_optional_when_formatting for way in metadata.number_format)
    return written.startswith(metadata.national_prefix or "none") and not optional


@cache
def numbering_plan(calling_code: int) -> Row:
    """Return lengths and shapes of the national numbers under a calling code.

    Countries that share a calling code share these, because a number from abroad does not say
    which of them it belongs to.
    """
    code = str(calling_code)
    known = known_numbers(calling_code)
    in_the_way = DIGITS_IN_THE_WAY.get(calling_code, "none")
    numbers = {(length, first[0]) for first, length in known if first[0] not in in_the_way}
    own_code_lengths = {length for first, length in known if first.startswith(code)}
    if has_obligatory_trunk_prefix(calling_code):
        own_code_lengths = set()
    return {
        "number_lengths": listed(str(length) for length in sorted({n for n, _ in numbers})),
        "number_shapes": listed(f"{digit}:{length}" for length, digit in sorted(numbers)),
        "own_code_lengths": listed(str(length) for length in sorted(own_code_lengths)),
    }


def listed(items: Iterable[str]) -> str:
    """Write a list so that SQL can look for one item: `|9|10|`."""
    text = "|".join(items)
    return f"|{text}|" if text else ""


@cache
def prefixes_matching(pattern: str) -> list[str]:
    """List every string of up to five digits that the pattern of a prefix matches."""
    compiled = re.compile(pattern)
    every = ("".join(digits) for n in range(1, 6) for digits in product(DIGITS, repeat=n))
    return [digits for digits in every if compiled.fullmatch(digits)]


def international_prefix(metadata: PhoneMetadata) -> str:
    """Choose one international prefix that is not the beginning of a longer one.

    After the beginning of a longer one, the rest of the prefix would be read as a calling code.
    """
    possible = prefixes_matching(metadata.international_prefix)
    preferred = re.sub(r"\D", "", metadata.preferred_international_prefix or "")
    for prefix in (preferred, *USUAL_INTERNATIONAL_PREFIXES, *possible):
        longer = [other for other in possible if other != prefix and other.startswith(prefix)]
        if prefix in possible and not longer:
            return prefix
    raise ValueError(f"{metadata.id} has no international prefix that stands alone")


def phone_fields(country_code: str) -> Row:
    """Return the phone columns of a country; empty where it has no numbering plan."""
    metadata = PhoneMetadata.metadata_for_region(country_code)
    if metadata is None:
        return dict.fromkeys(PHONE_FIELDS, "")
    return {
        "calling_code": str(metadata.country_code),
        "trunk_prefix": TRUNK_PREFIXES.get(country_code, metadata.national_prefix or ""),
        "international_prefix": international_prefix(metadata),
        **numbering_plan(metadata.country_code),
    }


def countries() -> list[Row]:
    """List ISO 3166-1 and Kosovo, with CLDR names and numbering plans."""
    codes = [(country.alpha_2, country.alpha_3) for country in pycountry.countries]
    return [
        {
            "country_code": alpha_2,
            "country_code_alpha3": alpha_3,
            "country_name": plain(ENGLISH.territories[alpha_2]),
            "local_name": local_country_name(alpha_2),
            **phone_fields(alpha_2),
        }
        for alpha_2, alpha_3 in sorted([*codes, KOSOVO])
    ]


def local_language_name(language_code: str) -> str:
    """Name a language in itself, or return an empty string where CLDR does not know."""
    try:
        return Locale.parse(language_code).languages.get(language_code, "")
    except UnknownLocaleError:
        return ""


def languages() -> list[Row]:
    """List ISO 639-1, with CLDR names."""
    known = [language for language in pycountry.languages if hasattr(language, "alpha_2")]
    return [
        {
            "language_code": language.alpha_2,
            "language_code_alpha3": language.alpha_3,
            "language_name": ENGLISH.languages.get(language.alpha_2, language.name),
            "local_name": local_language_name(language.alpha_2),
        }
        for language in sorted(known, key=lambda language: language.alpha_2)
    ]


def time_zones() -> list[Row]:
    """List IANA time zones, old names (links) included."""
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    # `Factory` is the zone of a machine that nobody has set up.
    return [
        {"time_zone": name, "spelling": name.lower()} for name in sorted(names) if name != "Factory"
    ]


def as_csv(rows: Sequence[Row]) -> str:
    """Render rows as CSV text."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the seeds, or compare them with the files on disk."""
    parser = argparse.ArgumentParser(description="Write the seeds that come from standards.")
    parser.add_argument("--check", action="store_true", help="only compare, exit 1 on a difference")
    check = parser.parse_args(arguments).check

    seeds = {"countries": countries(), "languages": languages(), "time_zones": time_zones()}
    stale = []
    for name, rows in seeds.items():
        path = FOLDER / f"{name}.csv"
        wanted = as_csv(rows).encode()
        if path.exists() and path.read_bytes() == wanted:
            continue
        stale.append(path.name)
        if not check:
            path.write_bytes(wanted)
    if stale:
        print(("differs from the standards: " if check else "written: ") + ", ".join(stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
