"""A no is heard in many languages, however a system dresses it; a neutral name is none."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable

import duckdb
import pandas as pd
import pytest
from project import RELATION, ROOT

# What people and systems send. Names that mean an order or logging out as well are not here.
NOES = {
    "en": [
        *["unsubscribe", "unsubscribed", "opt out", "opted out", "stop all", "do not contact"],
        *["do not call", "list unsubscribe", "globally unsubscribed", "consent revoked"],
        *["consent withdrawn", "marketing permission revoked", "spam report", "spam complaint"],
        *["marked as spam", "hard bounce", "suppressed", "blocklisted", "blacklisted", "complaint"],
        *["removed from mailing list", "gdpr revoke", "newsletter subscription cancelled", "dnc"],
        *["push disabled", "no more emails", "right to object", "dnd", "stop", "withdrawn consent"],
    ],
    "de": [
        *["Abbestellung", "abbestellt", "Newsletter abbestellt", "ausgetragen", "abgemeldet"],
        *["Einwilligung widerrufen", "Widerruf der Einwilligung", "Werbewiderspruch", "Widerruf"],
        *["nicht mehr kontaktieren", "keine Werbung", "Werbesperre", "Zustimmung verweigert"],
        *["Einwilligung zurückgezogen", "unzustellbar", "Newsletter-Abmeldung"],
    ],
    "fr": [
        *["désabonnement", "désabonné", "se désabonner", "désinscription", "arrêt", "stop pub"],
        *["retrait du consentement", "consentement révoqué", "ne plus contacter"],
    ],
    "es": [
        *["baja", "darse de baja", "cancelación de suscripción", "revocación del consentimiento"],
        *["no contactar", "lista Robinson", "desuscrito", "consentimiento retirado"],
    ],
    "it": [
        *["disiscrizione", "disiscritto", "annulla iscrizione", "revoca del consenso"],
        *["non contattare", "cancellazione dalla newsletter"],
    ],
    "pt": [
        *["cancelamento da subscrição", "cancelar inscrição", "descadastrado", "não contactar"],
        *["consentimento revogado", "sair da lista"],
    ],
    "nl": [
        *["afgemeld", "uitgeschreven", "uitschrijving", "toestemming ingetrokken", "afmelding"],
        *["niet meer mailen", "bel-me-niet"],
    ],
    "pl": [
        *["wypisany", "wypisanie z newslettera", "rezygnacja z newslettera", "cofnięcie zgody"],
        *["zgoda wycofana", "sprzeciw", "nie kontaktować"],
    ],
    "sv": ["avregistrerad", "avprenumererad", "avanmäld", "samtycke återkallat"],
    "da": ["afmeldt", "afmeldt nyhedsbrev", "frameldt", "samtykke trukket tilbage"],
    "nb": ["avmeldt", "meld meg av", "samtykke trukket"],
    "fi": ["uutiskirje peruttu", "markkinointikielto", "suostumus peruutettu"],
    "cs": ["odhlášení z odběru", "odběr zrušen", "souhlas odvolán", "nekontaktovat"],
    "hu": ["leiratkozás", "leiratkozott"],
    "ro": ["dezabonare"],
    "tr": ["abonelik iptali"],
    "ru": ["отписка", "отказ от рассылки"],
    "uk": ["відписка"],
    "ja": ["配信停止", "購読解除", "受信拒否"],
    "zh": ["退订", "取消订阅"],
    "ko": ["수신거부"],
}
ALL_NOES = [word for words in NOES.values() for word in words]
NEUTRAL = [
    *["resubscribed", "opt-in confirmed", "opted in", "subscribe", "newsletter subscribed"],
    *["stopped by the store", "stop_loss_viewed", "nonstop", "bus stop viewed", "video_stop"],
    *["Abstellraum", "Ab Bestellwert 50", "Bestellung storniert", "abgemeldet bleiben"],
    *["Widerruf Belehrung gesehen", "order_cancelled", "cart_removed", "withdrawal_requested"],
    *["logout", "session_end", "call ended", "quit", "payment_declined", "password_reset"],
    *["soft bounce", "bounce rate viewed", "consent given", "consent requested", "not contacted"],
    *["cookie_consent_declined", "location_permission_denied", "Robinson Crusoe viewed"],
    *["upgrade_subscription", "nav_registration", "remove_email", "user_not_found", "gama baja"],
    *["einwilligung erteilt", "complaint_form_viewed", "odhlášen", "tilaus peruttu"],
    "Adopted Outfit",
]
# In words of unsubscribing, and so read as a no, with a warning, until a seed says what they are.
SAFE_SIDE = ["not unsubscribed", "unsubscribe_page_viewed", "unsubscribe cancelled"]

Heard = Callable[[list[str]], set[str]]


@pytest.fixture(scope="module")
def heard(compiled: Callable[[str], str]) -> Heard:
    """Which of some names are looked at as objections although no seed has them."""
    sql = RELATION.sub(r'"\1"', compiled("base_activity__objection_names"))

    def ask(names: list[str]) -> set[str]:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            frame = pd.DataFrame({"event_name": names}, dtype="string")
            connection.register("raw_events", frame)
            connection.sql(
                "create table event_names (source_system varchar, source_event_name varchar,"
                " event_name varchar)"
            )
            return {name for (name,) in connection.sql(sql).fetchall()}

    return ask


CASES: list[Callable[[str], str]] = [str, str.upper, str.lower, str.title, str.capitalize]
SEPARATORS = [" ", "_", "-", ".", " - ", "__", "\u00a0", "\u2011", "/", ":"]
BEFORE = ["", "sms", "email", "user", "marketing", "push", "twilio", "contact", "gdpr"]
AFTER = ["", "event", "received", "v2", "requested", "newsletter", "sms", "2"]
ENDS = ["", "!", ".", " ", "\u200b", "...", "?", "\ufeff", "\n"]


def dressed(chance: random.Random) -> str:
    """A word that says no, as some system writes it."""
    parts = [chance.choice(BEFORE), chance.choice(ALL_NOES), chance.choice(AFTER)]
    words, separator = " ".join(part for part in parts if part), chance.choice(SEPARATORS)
    if chance.random() < 0.5:
        words, separator = words.title(), chance.choice(["", separator])
    else:
        words = chance.choice(CASES)(words)
    words = words.replace(" ", separator)
    # Korean syllables in their parts are no way in which a system writes.
    if not set(words) & set("수신거부"):
        words = unicodedata.normalize(chance.choice(["NFC", "NFD"]), words)
    if chance.random() < 0.5:
        place = chance.randint(0, len(words))
        words = words[:place] + chance.choice("\u200b\u00ad\u200d\u2060") + words[place:]
    return words + chance.choice(ENDS)


@pytest.mark.parametrize("seed", range(2))
def test_a_no_is_heard_however_it_is_dressed(heard: Heard, seed: int) -> None:
    chance = random.Random(seed)
    names = sorted({dressed(chance) for _ in range(4000)})
    assert set(names) - heard(names) == set()


@pytest.mark.parametrize("language", NOES)
def test_a_no_is_heard_in_every_language(heard: Heard, language: str) -> None:
    assert set(NOES[language]) - heard(NOES[language]) == set()


def test_a_neutral_name_is_no_no(heard: Heard) -> None:
    dresses = [name.replace(" ", sign) for name in NEUTRAL for sign in " _-."]
    dresses += [name.upper() for name in NEUTRAL]
    assert heard(dresses) == set()


def test_what_cannot_be_told_is_read_on_the_safe_side(heard: Heard) -> None:
    assert heard(SAFE_SIDE) == set(SAFE_SIDE)


def test_no_name_of_the_vocabulary_reads_as_a_no(heard: Heard) -> None:
    with (ROOT / "seeds/reference/event_names.csv").open(encoding="utf-8") as rows:
        known = {row["source_event_name"]: row["event_name"] for row in csv.DictReader(rows)}
    objections = {"message_bounced", "message_complained", "message_unsubscribed"}
    others = [name for name, meaning in known.items() if meaning not in objections]
    assert len(others) > 80
    assert heard(others) == set()


def test_every_name_of_an_objection_reads_as_one_by_itself(heard: Heard) -> None:
    with (ROOT / "seeds/reference/event_names.csv").open(encoding="utf-8") as rows:
        known = {row["source_event_name"]: row["event_name"] for row in csv.DictReader(rows)}
    objections = {"message_bounced", "message_complained", "message_unsubscribed"}
    names = [name for name, meaning in known.items() if meaning in objections]
    assert set(names) - heard(names) == set()
