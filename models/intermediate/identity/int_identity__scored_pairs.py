"""Pairs of records that may be one person in spite of typing errors, scored by Splink.

A Fellegi-Sunter model: every comparison below has levels, and the data itself says how often a level occurs between
two records of one person (m) and of two people (u). No figure here comes from a data set.
"""

import logging
import warnings
from collections import defaultdict
from math import log2

import pandas as pd

SEED = 20261122
# Splink reports every step of the estimation; dbt's log is for what went wrong.
LOG_LEVEL = logging.ERROR
# Below this many records nothing can be estimated, and nothing is matched.
FEWEST_RECORDS = 100
# A column that fewer records fill (share of all) tells too little to be estimated.
FEWEST_FILLED = 0.01
# A key that more records share finds no pairs: it is a default or a placeholder, and pairs grow with its square.
LARGEST_BLOCK = 100
# No person has more records; a larger cluster is a chain of errors.
LARGEST_CLUSTER = 50
# Fewer pairs that are one person beyond doubt teach nothing about the others.
FEWEST_CERTAIN_PAIRS = 10
# Where more of all pairs look like one person, the columns hold defaults.
LARGEST_SHARE = 0.5
# Below it a pair does not count among the candidates.
LEAST_PROBABILITY = 0.001

# -- What is compared ------------------------------------------------------------------
# Accents, case and punctuation are no differences.
RECORDS = """
    select
        record_id,
        nullif(regexp_replace(strip_accents(lower(first_name)), '[^\\w]+', '', 'g'), '') as first_name,
        nullif(regexp_replace(strip_accents(lower(last_name)), '[^\\w]+', '', 'g'), '') as last_name,
        name_group,
        cast(cast(birth_date as date) as varchar) as birth_date,
        email,
        nullif(split_part(email, '@', 1), '') as email_name,
        regexp_replace(split_part(email, '@', 1), '[^0-9]+', '', 'g') as email_number,
        phone,
        nullif(regexp_replace(strip_accents(lower(address_line)), '[^\\w]+', ' ', 'g'), '') as address_line,
        regexp_replace(address_line, '[^0-9]+', ' ', 'g') as house_number,
        nullif(regexp_replace(lower(postal_code), '[^\\w]+', '', 'g'), '') as postal_code,
        nullif(regexp_replace(strip_accents(lower(city)), '[^\\w]+', '', 'g'), '') as city
    from contacts
"""
COLUMNS = (
    *("first_name", "last_name", "birth_date", "email"),
    *("phone", "address_line", "postal_code", "city"),
)
# What a nickname or a spelling of a first name stands for (first_name_variants); no column of its own.
NAME_GROUP = "name_group"

# -- Blocking: two records are compared when they share one of these keys --------------------
KEYS = {
    "email": "email",
    "email_name": "email_name",
    "phone": "phone",
    "names": "least(first_name, last_name) || ' ' || greatest(first_name, last_name)",
    "last_name_and_birth": "last_name || birth_date",
    "first_name_and_birth": "first_name || birth_date",
    "birth_and_city": "birth_date || city",
    "birth_and_postal_code": "birth_date || postal_code",
    "last_name_and_postal_code": "last_name || postal_code",
    "first_name_and_postal_code": "first_name || postal_code",
    "last_name_and_city": "last_name || left(first_name, 1) || city",
    "address": "address_line || coalesce(postal_code, city)",
    "beginnings_and_birth_year": "left(first_name, 2) || left(last_name, 2) || left(birth_date, 4)",
    "beginnings_and_birthday": "left(first_name, 2) || left(last_name, 2) || right(birth_date, 5)",
}

# -- Comparisons: the first level that holds is the pair's; a missing value says nothing ------------
SWAPPED = (
    "(first_name_l = last_name_r and last_name_l = first_name_r and first_name_l != last_name_l)"
)
SAME_PHONE = "phone_l = phone_r"
SAME_ADDRESS = (
    "(house_number_l = house_number_r and jaro_winkler_similarity(address_line_l, address_line_r) >= 0.92"
    " and (postal_code_l = postal_code_r or city_l = city_r))"
)
# Not another number: ann.lee17 and ann.lee71 are two people.
ALMOST_SAME_EMAIL = "(email_number_l = email_number_r and email_name_l != email_name_r and levenshtein(email_l, email_r) <= 2)"
COMPARISONS = {
    "first_name": {
        "missing": "first_name_l is null or first_name_r is null",
        "same": "first_name_l = first_name_r",
        "swapped": SWAPPED,
        "typing error": "name_group_l = name_group_r or jaro_winkler_similarity(first_name_l, first_name_r) >= 0.9"
        " or levenshtein(first_name_l, first_name_r) <= 1",
        "similar": "starts_with(first_name_l, first_name_r) or starts_with(first_name_r, first_name_l)"
        " or jaro_winkler_similarity(first_name_l, first_name_r) >= 0.8",
    },
    "last_name": {
        # The swap is counted once, with the first name.
        "missing": f"last_name_l is null or last_name_r is null or {SWAPPED}",
        "same": "last_name_l = last_name_r",
        "typing error": "jaro_winkler_similarity(last_name_l, last_name_r) >= 0.9"
        " or levenshtein(last_name_l, last_name_r) <= 1",
        "similar": "jaro_winkler_similarity(last_name_l, last_name_r) >= 0.8",
    },
    "birth_date": {
        "missing": "birth_date_l is null or birth_date_r is null",
        "same": "birth_date_l = birth_date_r",
        "typing error": "hamming(birth_date_l, birth_date_r) <= 1 or (left(birth_date_l, 4) = left(birth_date_r, 4)"
        " and birth_date_l[6:7] = birth_date_r[9:10] and birth_date_r[6:7] = birth_date_l[9:10])",
        "similar": "hamming(birth_date_l, birth_date_r) <= 2 or left(birth_date_l, 7) = left(birth_date_r, 7)"
        " or right(birth_date_l, 5) = right(birth_date_r, 5)",
    },
    "email": {
        # Two addresses that are made of the last name say little that the name has not said.
        "missing": f"email_l is null or email_r is null or (email_l != email_r and not {ALMOST_SAME_EMAIL}"
        " and (email_name_l != email_name_r or email_number_l = '')"
        " and email_name_l like '%' || last_name_l || '%' and email_name_r like '%' || last_name_r || '%')",
        "same": "email_l = email_r",
        "typing error": ALMOST_SAME_EMAIL,
        "same name": "email_name_l = email_name_r",
        "similar": "jaro_winkler_similarity(email_name_l, email_name_r) >= 0.9",
    },
    # One comparison: a household shares all of this, so each part would count the same fact again.
    "household": {
        "missing": "(phone_l is null or phone_r is null) and (postal_code_l is null or postal_code_r is null)"
        " and (city_l is null or city_r is null)",
        "same phone and address": f"{SAME_PHONE} and {SAME_ADDRESS}",
        "same phone": SAME_PHONE,
        "same address": SAME_ADDRESS,
        "same postal code": "postal_code_l = postal_code_r",
        "same city": "city_l = city_r",
        "similar city": "jaro_winkler_similarity(city_l, city_r) >= 0.88",
    },
}
# Agreeing on a frequent value says less than agreeing on a rare one.
RARITY = {
    ("first_name", "same"): "first_name",
    ("last_name", "same"): "last_name",
    ("birth_date", "same"): "birth_date",
    ("household", "same postal code"): "postal_code",
    ("household", "same city"): "city",
}
# Who differs in both is another person, and joins no cluster of the first.
DECISIVE = ("birth_date", "first_name")
# A name alone joins nobody: one of these has to agree as well.
CORROBORATION = {
    "birth_date": ("same",),
    "email": ("same", "typing error", "same name", "similar"),
    "household": ("same phone and address", "same phone", "same address"),
}
# Namesakes of one town: it counts only where birth dates were compared, whatever they said, and where no two
# addresses say that the records live apart.
PLACES = ("same postal code", "same city", "similar city")

# -- Estimation ------------------------------------------------------------------------
# Pairs that are one person beyond doubt; how many there are is where the share of matches starts from.
CERTAIN = (("email", "first_name"), ("first_name", "last_name", "birth_date"))
# Each run of the estimation holds one of these equal and learns the others. Never a phone or an address: pairs that
# share one are families, and the model would learn to find those.
TRAINING = (("email",), ("birth_date",), ("first_name", "last_name"))
SAMPLED_PAIRS = 1_000_000
# At least so much of what random pairs show is chance, whatever the estimated matches would explain.
LEAST_SHARE_OF_U = 0.1
# Nothing is learnt to be impossible: no estimate is less.
LEAST_ESTIMATE = 1e-6


class TooLittleDataError(Exception):
    """The records are too few, or say too little, to learn from them who is one person."""


def model(dbt, session):  # noqa: ANN001, ANN201
    """One row per pair of records that Splink holds possible, as a data frame."""
    dbt.config(materialized="table")
    contacts = dbt.ref("crm_segmentation", "int_identity__comparable_records")
    least = dbt.config.meta_get("review_probability")
    accepted = dbt.config.meta_get("accept_probability")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        pairs = scored_pairs(contacts.order("record_id").df(), float(least), float(accepted))
    tell(str(warning.message) for warning in told if warning.category is UserWarning)
    return pairs


def tell(messages) -> None:  # noqa: ANN001
    """Put warnings into dbt's log."""
    from dbt.adapters.events.logging import AdapterLogger

    for message in messages:
        AdapterLogger("fuzzy matching").warning(message)


def scored_pairs(contacts: pd.DataFrame, least: float, accepted: float) -> pd.DataFrame:
    """Pairs with a probability of ``least`` or more, each with the level of every comparison.

    Args:
        contacts: One row per record: record_id, COLUMNS and NAME_GROUP; a column may be empty or missing.
        least: Lowest probability of a pair, from 0 to 1.
        accepted: Probability from which a pair joins two records, unless a guard holds it back.

    Warns:
        UserWarning: The data says too little. No pair is scored then, and only shared identifiers join records.

    Raises:
        RuntimeError: Splink is not installed.
    """
    import duckdb

    contacts = contacts.reindex(columns=["record_id", *COLUMNS, NAME_GROUP]).astype(object)
    contacts = contacts.where(contacts.notna(), None)

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        # With one thread sums are added in one order: same input, same parameters.
        connection.execute("set threads = 1")
        connection.register("contact_rows", contacts)
        texts = ", ".join(
            f"cast({column} as varchar) as {column}"
            for column in ("record_id", *COLUMNS, NAME_GROUP)
        )
        connection.execute(f"create table contacts as select {texts} from contact_rows")
        connection.execute(f"create table records as {RECORDS} order by record_id")
        keys = ", ".join(f"{key} as key_{name}" for name, key in KEYS.items())
        blocks = ", ".join(
            f"case when count(*) over (partition by key_{name}) <= {LARGEST_BLOCK} then key_{name} end as key_{name}"
            for name in KEYS
        )
        connection.execute(
            f"create table blocked as with keyed as (select *, {keys} from records) select * replace ({blocks})"
            " from keyed order by record_id"
        )
        try:
            pairs = possible_pairs(connection)
        except TooLittleDataError as reason:
            warnings.warn(
                f"Fuzzy matching joins nobody: {reason}. Records that share an identifier are joined all the same.",
                stacklevel=2,
            )
            pairs = no_pairs()
        pairs["held_back_by"] = guards(connection, pairs, accepted)
    texts = pairs.columns.difference(["match_probability"])
    rows = pairs[pairs["match_probability"] >= least].astype(dict.fromkeys(texts, "string"))
    return rows.sort_values(["record_id_a", "record_id_b"], ignore_index=True)


def pair_columns() -> list[str]:
    """What is known of a pair: its records, its probability, the level of every comparison."""
    return [
        "record_id_a",
        "record_id_b",
        "match_probability",
        *(f"{name}_level" for name in COMPARISONS),
    ]


def no_pairs() -> pd.DataFrame:
    """The pairs where none is possible."""
    empty = pd.DataFrame({column: pd.Series(dtype=object) for column in pair_columns()})
    return empty.astype({"match_probability": float})


def comparisons(connection) -> list[dict]:  # noqa: ANN001
    """Splink's form of COMPARISONS, without those that hardly any record fills."""
    total, *filled = connection.sql(
        f"select count(*), {', '.join(f'count({column})' for column in COLUMNS)} from blocked"
    ).fetchone()
    share = {column: count / max(total, 1) for column, count in zip(COLUMNS, filled, strict=True)}
    share["household"] = max(share["phone"], share["postal_code"], share["city"])
    return [
        {"output_column_name": name, "comparison_levels": list(comparison_levels(name, levels))}
        for name, levels in COMPARISONS.items()
        if share[name] >= FEWEST_FILLED
    ]


def comparison_levels(name: str, levels: dict[str, str]):  # noqa: ANN201
    """Splink's form of the levels of one comparison."""
    for label, condition in levels.items():
        level = {"sql_condition": condition, "label_for_charts": label}
        if label == "missing":
            level["is_null_level"] = True
        if (name, label) in RARITY:
            level["tf_adjustment_column"] = RARITY[name, label]
            level["tf_minimum_u_value"] = 0.0001
        yield level
    yield {"sql_condition": "ELSE", "label_for_charts": "different"}


def possible_pairs(connection) -> pd.DataFrame:  # noqa: ANN001
    """All pairs that share a key and are not out of the question, with probability and levels."""
    try:
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
        from splink.internals.exceptions import EMTrainingException
    except ImportError as error:
        raise RuntimeError(
            "fuzzy_matching is true, but the package splink is not installed."
            " Install it (pip install -r requirements-fuzzy.txt), or set fuzzy_matching: false."
        ) from error
    levels = {name: [*names, "different"] for name, names in COMPARISONS.items()}
    compared = comparisons(connection)
    names = {comparison["output_column_name"] for comparison in compared}
    record_count = connection.sql("select count(*) from blocked").fetchone()[0]
    if not names:
        raise TooLittleDataError(
            "hardly any record has a name, a birth date, an address or a number"
        )
    if record_count < FEWEST_RECORDS:
        raise TooLittleDataError(
            f"of {FEWEST_RECORDS} records that it needs there are {record_count}"
        )
    pair_count = record_count * (record_count - 1) / 2
    certain = certain_pairs(connection)
    if not FEWEST_CERTAIN_PAIRS <= certain <= LARGEST_SHARE * pair_count:
        raise TooLittleDataError(
            f"{certain} of {pair_count:.0f} pairs of records agree in first name and e-mail address, or in names and birth"
            f" date, where {FEWEST_CERTAIN_PAIRS} are the least and half of all the most to learn from"
        )

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=compared,
        blocking_rules_to_generate_predictions=[block_on(f"key_{name}") for name in KEYS],
        probability_two_random_records_match=certain / pair_count,
        retain_intermediate_calculation_columns=True,
        max_iterations=50,
    )
    records = DuckDBAPI(connection).register("blocked")
    linker = Linker(records, settings, log_level=LOG_LEVEL)
    training = linker.training
    training.estimate_u_using_random_sampling(
        max_pairs=SAMPLED_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    trained = 0
    for held in TRAINING:
        if names.issuperset(held):
            try:
                training.estimate_parameters_using_expectation_maximisation(block_on(*held))
                trained += 1
            except (EMTrainingException, ValueError, ArithmeticError):
                # No two records agree on it, or they all do, or an estimate ran to 0: the other runs have to do.
                continue
    if not trained:
        raise TooLittleDataError("no column that it could learn from is filled and varies enough")
    estimated = within_bounds(linker.misc.save_model_to_json())
    # First with what Splink found, then with a share of matches and a chance that fit each other.
    share = None
    for _ in range(2):
        if share:
            estimated = clean_of_matches(estimated, share)
        prior = estimated["probability_two_random_records_match"]
        pairs = predicted_pairs(Linker(records, estimated, log_level=LOG_LEVEL), levels)
        weights = personal_weights(pairs) - log2(prior / (1 - prior))
        share = share_of_matches(weights, prior, pair_count)
    pairs["match_probability"] = probabilities(weights, share).round(6)
    return pairs[pair_columns()]


def certain_pairs(connection) -> int:  # noqa: ANN001
    """How many pairs agree in all columns of one of CERTAIN, or of both; counted by group, so no pair is looked at."""

    def agreeing(columns: dict[str, None]) -> int:
        groups = f"select count(*) as n from blocked where {' and '.join(f'{c} is not null' for c in columns)} group by "
        sql = f"select coalesce(sum(n * (n - 1) // 2), 0) from ({groups} {', '.join(columns)})"
        return int(connection.sql(sql).fetchone()[0])

    one, other = CERTAIN
    both = agreeing(dict.fromkeys((*one, *other)))
    return agreeing(dict.fromkeys(one)) + agreeing(dict.fromkeys(other)) - both


def within_bounds(estimated: dict) -> dict:
    """Splink's model without impossible levels, and without an opinion on levels that it has not seen."""
    prior = estimated["probability_two_random_records_match"]
    estimated["probability_two_random_records_match"] = min(max(prior, 1e-12), LARGEST_SHARE)
    for comparison in estimated["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            m, u = (
                min(max(value, LEAST_ESTIMATE), 1.0) if isinstance(value, int | float) else None
                for value in (level.get("m_probability"), level.get("u_probability"))
            )
            u = LEAST_ESTIMATE if u is None else u
            level["m_probability"], level["u_probability"] = u if m is None else m, u
    return estimated


def predicted_pairs(linker, levels: dict[str, list[str]]) -> pd.DataFrame:  # noqa: ANN001
    """The pairs that share a key, with their match weights and the level of every comparison."""
    predictions = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    pairs = predictions.as_pandas_dataframe()
    pairs = pairs.rename(columns={"record_id_l": "record_id_a", "record_id_r": "record_id_b"})
    for name, labels in levels.items():
        # Splink counts from the last level, 0, to the first; -1 is a missing value.
        numbers = dict(enumerate(reversed(labels[1:]))) | {-1: "missing"}
        gamma = f"gamma_{name}"
        pairs[f"{name}_level"] = pairs[gamma].map(numbers) if gamma in pairs else "missing"
    return pairs.sort_values(["record_id_a", "record_id_b"], ignore_index=True)


def clean_of_matches(estimated: dict, share: float) -> dict:
    """Splink's model with the matches taken out of u.

    Splink counts all random pairs as different people. Where people have many records the matches among those pairs
    make agreement look like chance. Observed = share * m + (1 - share) * u gives u.
    """
    for comparison in estimated["comparisons"]:
        for level in comparison["comparison_levels"]:
            m, observed = level.get("m_probability"), level.get("u_probability")
            if isinstance(m, float) and isinstance(observed, float):
                chance = (observed - share * m) / (1 - share)
                least = max(observed * LEAST_SHARE_OF_U, LEAST_ESTIMATE * LEAST_SHARE_OF_U)
                level["u_probability"] = min(max(chance, least), 1.0)
    return estimated


def personal_weights(pairs: pd.DataFrame) -> pd.Series:
    """Match weights (bits) of what makes one person.

    A household shares phone, address and last name, twins the birth date too. So these count only where the first names
    agree (or, with one missing, the birth dates), and phone and address only where the birth dates do not differ.
    """
    first_name, birth_date = pairs["first_name_level"], pairs["birth_date_level"]
    unnamed = (first_name == "missing") & ~birth_date.isin(CORROBORATION["birth_date"])
    others_name = (first_name == "different") | unnamed
    one_home = pairs["household_level"].isin(CORROBORATION["household"])
    not_counted = {
        "last_name": others_name,
        "household": one_home & (others_name | (birth_date == "different")),
    }
    weights = pairs["match_weight"]
    for name, where in not_counted.items():
        weight = pairs.filter(regex=f"^mw_(tf_adj_)?{name}$").sum(axis=1).clip(lower=0)
        weights = weights - weight.where(where, 0)
    return weights


def probabilities(weights: pd.Series, share: float) -> pd.Series:
    """Probability of a match for pairs with this evidence (bits) when this share of all pairs are matches."""
    return 1 / (1 + 2.0 ** -(weights + log2(share / (1 - share))).clip(-1000, 1000))


def share_of_matches(weights: pd.Series, least: float, pair_count: float) -> float:
    """The share of matches at which expected and assumed matches are equal.

    The certain pairs are only some of the matches, so Splink's figure is the least there can be. EM over this one
    parameter rises to a single maximum.
    """
    share = least
    for _ in range(100):
        expected = min(max(probabilities(weights, share).sum() / pair_count, least), LARGEST_SHARE)
        if abs(expected / share - 1) < 1e-9:
            break
        share = expected
    return share


def guards(connection, pairs: pd.DataFrame, accepted: float) -> list[str | None]:  # noqa: ANN001
    """What keeps each pair from joining its records, if anything does.

    Pairs join from the most probable down. One that would bring two people into a cluster who differ in something
    decisive is held back, and so is one that would make a cluster larger than LARGEST_CLUSTER.
    """
    corroborated = pd.concat(
        [pairs[f"{name}_level"].isin(levels) for name, levels in CORROBORATION.items()], axis=1
    ).any(axis=1)
    one_place = pairs["household_level"].isin(PLACES) & (pairs["birth_date_level"] != "missing")
    corroborated |= one_place & ~two_addresses(connection, pairs)
    reasons: list[str | None] = [None if fact else "name alone" for fact in corroborated]
    ordered = pairs.sort_values(
        ["match_probability", "record_id_a", "record_id_b"], ascending=[False, True, True]
    )
    candidates = [
        (place, a, b)
        for place, a, b, probability in zip(
            ordered.index,
            ordered["record_id_a"],
            ordered["record_id_b"],
            ordered["match_probability"],
            strict=True,
        )
        if reasons[place] is None and probability >= accepted
    ]
    members, _ = joined(candidates, {})
    strangers = decisive_differences(connection, members)
    _, refused = joined(candidates, strangers)
    for place, reason in refused.items():
        reasons[place] = reason
    return reasons


def two_addresses(connection, pairs: pd.DataFrame) -> pd.Series:  # noqa: ANN001
    """Whether both records of a pair have an address; where they agree, the level says so."""
    with_address = connection.sql("select record_id from records where address_line is not null")
    known = {record for (record,) in with_address.fetchall()}
    return pairs["record_id_a"].isin(known) & pairs["record_id_b"].isin(known)


def joined(
    candidates: list[tuple[int, str, str]], strangers: dict[str, set[str]]
) -> tuple[list[list[str]], dict[int, str]]:
    """The clusters that the candidates form one after the other, and why others were refused."""
    cluster_of: dict[str, list[str]] = {}
    refused: dict[int, str] = {}
    for place, a, b in candidates:
        one = cluster_of.setdefault(a, [a])
        other = cluster_of.setdefault(b, [b])
        if one is other:
            continue
        if len(one) + len(other) > LARGEST_CLUSTER:
            refused[place] = "cluster size"
            continue
        conflicts = sum(
            len(strangers[record].intersection(other)) for record in one if record in strangers
        )
        if 2 * conflicts >= len(one) * len(other):
            refused[place] = "another record of the person"
            continue
        one.extend(other)
        for record in other:
            cluster_of[record] = one
    return list({id(cluster): cluster for cluster in cluster_of.values()}.values()), refused


def decisive_differences(connection, clusters: list[list[str]]) -> dict[str, set[str]]:  # noqa: ANN001
    """For each record the records of its cluster that differ from it in something decisive."""
    members = pd.DataFrame(
        [(record, number) for number, cluster in enumerate(clusters) for record in cluster],
        columns=["record_id", "cluster"],
    ).astype({"record_id": object})
    if members.empty:
        return {}
    connection.register("member_rows", members)
    sides = ", ".join(
        f"one.{column} as {column}_l, other.{column} as {column}_r"
        for column in ("first_name", "last_name", "birth_date", NAME_GROUP)
    )
    different = " and ".join(
        "coalesce(not (" + " or ".join(f"({c})" for c in COMPARISONS[name].values()) + "), false)"
        for name in DECISIVE
    )
    rows = connection.sql(
        f"""
        with members as (select records.*, member_rows.cluster from records join member_rows using (record_id)),
        pairs as (
            select one.record_id as record_id_a, other.record_id as record_id_b, {sides}
            from members as one join members as other using (cluster)
            where one.record_id != other.record_id
        )
        select record_id_a, record_id_b from pairs where {different}
        """
    ).fetchall()
    strangers: dict[str, set[str]] = defaultdict(set)
    for a, b in rows:
        strangers[a].add(b)
    return strangers
