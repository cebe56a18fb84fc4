"""Look-alikes: evidence by hand, no leakage, as good as a logistic regression."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from project import RELATION, ROOT, failures, run_dbt

FAMILIES = pd.read_csv(ROOT / "seeds/reference/trait_families.csv")
SEGMENT = "high_value_customers"
LEARNT = ["bin_weights", "trait_choices", "contacts", "sampled_evidence", "trait_overlaps"]

Sql = Callable[[str], str]


def materialise(connection: duckdb.DuckDBPyConnection, sql: Sql, *models: str) -> None:
    """Build models, each after those that it reads."""
    for model in models:
        code = RELATION.sub(r'"\1"', sql(model))
        connection.sql(f"create or replace table {model} as {code}")


def learn_and_score(
    sql: Sql, traits: pd.DataFrame, memberships: pd.DataFrame, held_out: pd.Series | None = None
) -> dict[str, pd.DataFrame]:
    """Scores of all contacts, learnt from those that are not held out.

    Args:
        sql: Gives the compiled SQL of a model.
        traits: contact_traits, in any order of columns.
        memberships: segment_name and contact_id.
        held_out: Ids of contacts whose membership nothing is learnt from. Their values help to
            draw the borders of the bins, which no membership goes into.

    Returns:
        The tables scores, weights, bins, allowed (traits) and trait_values.
    """
    held_out = pd.Series([], dtype=str) if held_out is None else held_out
    learnt_from = traits[~traits["contact_id"].isin(held_out)]
    with duckdb.connect() as connection:
        connection.register("all_traits", traits)
        connection.register("learnt_traits", learnt_from)
        connection.register("families", FAMILIES)
        connection.register("members", memberships)
        connection.sql("create table trait_families as from families")
        connection.sql("create table segment_memberships as from members")
        connection.sql("create table contact_traits as from all_traits")
        materialise(connection, sql, "int_lookalikes__traits", "int_lookalikes__value_counts")
        materialise(connection, sql, "int_lookalikes__bins")
        connection.sql("create or replace table contact_traits as from learnt_traits")
        materialise(connection, sql, "int_lookalikes__value_counts")
        materialise(connection, sql, *(f"int_lookalikes__{model}" for model in LEARNT))
        materialise(connection, sql, "lookalike_trait_weights")
        connection.sql("create or replace table contact_traits as from all_traits")
        materialise(connection, sql, "int_lookalikes__contacts", "int_lookalikes__contact_evidence")
        materialise(connection, sql, "contact_lookalike_scores")
        trait_values = " union all ".join(
            f"select contact_id, '{trait}=' || coalesce(cast({trait} as varchar), '')"
            " as trait_value from contact_traits where not is_erased"
            for trait in FAMILIES["trait"].unique()
            if trait != "is_erased"
        )
        tables = {
            "scores": "contact_lookalike_scores order by segment_name, contact_id",
            "weights": "lookalike_trait_weights order by segment_name, trait, bin",
            "bins": "int_lookalikes__bins",
            "allowed": "int_lookalikes__traits",
            "trait_values": f"({trait_values})",
        }
        return {name: connection.sql(f"from {table}").df() for name, table in tables.items()}


def all_columns(traits: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Made-up traits with every other column of contact_traits, null."""
    missing = like.columns.difference(traits.columns)
    nothing = pd.DataFrame({c: pd.Series(None, index=traits.index, dtype=object) for c in missing})
    whole = pd.concat([traits, nothing], axis=1)
    whole["is_erased"] = False
    return whole


@pytest.fixture(scope="module")
def shape(demo: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The columns of contact_traits, without rows."""
    return demo("from main_contacts.contact_traits limit 0")


# -- Rules -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(compiled: Sql, shape: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """600 contacts, of whom old Germans are members; page views say nothing, one is erased."""
    rng = np.random.default_rng(5)
    size = 600
    traits = pd.DataFrame(
        {
            "contact_id": [f"{number:04}" for number in range(size)],
            "age": pd.array(rng.integers(18, 78, size), dtype="Int64"),
            "country_code": rng.choice(["DE", "AT", "FR"], size, p=[0.5, 0.495, 0.005]),
            "purchase_count": rng.integers(0, 9, size),
            "page_views_30_days": rng.integers(0, 2, size),
        }
    )
    traits.loc[rng.random(size) < 0.2, "age"] = pd.NA
    chance = (
        0.05 + 0.3 * (traits["country_code"] == "DE") + 0.3 * (traits["age"] > 60).fillna(False)
    )
    members = traits["contact_id"][rng.random(size) < chance]
    memberships = pd.DataFrame({"segment_name": SEGMENT, "contact_id": members})
    traits = all_columns(traits, shape)
    traits.loc[traits["contact_id"] == "0000", "is_erased"] = True
    memberships = memberships[memberships["contact_id"] != "0000"]
    return {"traits": traits, "memberships": memberships} | learn_and_score(
        compiled, traits, memberships
    )


def test_weights_of_evidence_are_those_worked_out_by_hand(small: dict[str, pd.DataFrame]) -> None:
    known = small["traits"][~small["traits"]["is_erased"]]
    is_member = known["contact_id"].isin(small["memberships"]["contact_id"])
    members, others = is_member.sum(), (~is_member).sum()
    weights = small["weights"].set_index(["trait", "bin"]).astype({"trait_weight": float})

    assert set(weights.loc["country_code"].index) == {"DE", "AT", "(rare)"}
    for country, rows in {
        "DE": known["country_code"] == "DE",
        "AT": known["country_code"] == "AT",
        "(rare)": known["country_code"] == "FR",
    }.items():
        inside, outside = (rows & is_member).sum(), (rows & ~is_member).sum()
        smoothed = inside + 10 * members / len(known), outside + 10 * others / len(known)
        evidence = np.log(smoothed[0] / smoothed[1] / (members / others))
        found = weights.loc[("country_code", country)]
        assert (found["contact_count"], found["member_count"]) == (inside + outside, inside)
        assert found["weight_of_evidence"] == pytest.approx(evidence, abs=1e-6)
        information = (inside / members - outside / others) * evidence
        assert found["information_value"] == pytest.approx(information, abs=2e-6)

    # A trait without a value has a bin for that; six bins of equal size share the others.
    ages = weights.loc["age"]
    assert ages.loc["(none)", "contact_count"] == known["age"].isna().sum()
    sizes = ages.drop("(none)")["contact_count"]
    assert len(sizes) == 6
    assert sizes.between(
        known["age"].notna().sum() / 6 - 15, known["age"].notna().sum() / 6 + 15
    ).all()


def test_a_score_is_the_sum_of_the_evidence_for_the_contact(small: dict[str, pd.DataFrame]) -> None:
    bins = small["trait_values"].merge(small["bins"], on="trait_value")
    evidence = (
        bins.merge(small["weights"], on=["trait", "bin"]).groupby("contact_id")["bin_score"].sum()
    )
    scores = small["scores"].set_index("contact_id")
    base = len(small["memberships"]) / (len(scores) - len(small["memberships"]))

    assert "0000" not in scores.index
    assert len(scores) == len(small["traits"]) - 1
    np.testing.assert_allclose(
        scores["lookalike_score"].astype(float), np.log(base) + evidence[scores.index], atol=1e-6
    )
    below = scores["lookalike_score"].rank(method="min") - 1
    np.testing.assert_allclose(
        scores["score_percentile"].astype(float), below / (len(scores) - 1), atol=6e-5
    )
    assert set(scores.index[scores["is_member"]]) == set(small["memberships"]["contact_id"])


def test_a_trait_that_tells_no_more_than_chance_is_shown_but_not_used(
    small: dict[str, pd.DataFrame],
) -> None:
    traits = (
        small["weights"].groupby("trait")[["trait_weight", "trait_share"]].first().astype(float)
    )

    assert set(traits.index) == {"age", "country_code", "page_views_30_days"}
    assert list(traits.loc["page_views_30_days"]) == [0, 0]
    assert (traits.loc[["age", "country_code"], "trait_weight"] > 0.5).all()
    assert traits["trait_share"].sum() == pytest.approx(1, abs=1e-3)


def test_what_two_traits_say_counts_once(compiled: Sql, small: dict[str, pd.DataFrame]) -> None:
    twice = small["traits"].assign(language_code=small["traits"]["country_code"])
    found = learn_and_score(compiled, twice, small["memberships"])
    weights = found["weights"].groupby("trait")["trait_weight"].first().astype(float)
    alone = small["weights"].groupby("trait")["trait_weight"].first().astype(float)

    assert weights["country_code"] == weights["language_code"]
    assert weights["country_code"] == pytest.approx(0.5, abs=0.05)
    assert alone["country_code"] > 0.9


def test_the_order_of_the_rows_changes_no_byte(
    compiled: Sql, small: dict[str, pd.DataFrame]
) -> None:
    shuffled = small["traits"].sample(frac=1, random_state=3)
    again = learn_and_score(compiled, shuffled, small["memberships"].sample(frac=1, random_state=4))

    for table in ("scores", "weights"):
        pd.testing.assert_frame_equal(again[table], small[table], check_exact=True)


@pytest.mark.parametrize("everybody", [False, True])
def test_of_nobody_or_everybody_nothing_is_learnt(
    compiled: Sql, small: dict[str, pd.DataFrame], everybody: bool
) -> None:
    ids = small["traits"]["contact_id"][~small["traits"]["is_erased"]]
    chosen = ids if everybody else pd.Series(["not known"])
    found = learn_and_score(
        compiled, small["traits"], pd.DataFrame({"segment_name": SEGMENT, "contact_id": chosen})
    )

    assert found["scores"].empty
    assert found["weights"].empty


# -- Leakage -----------------------------------------------------------------------------------


def test_every_trait_has_a_family_and_none_is_personal(shape: pd.DataFrame) -> None:
    personal = {"email", "phone_e164", "first_name", "last_name", "birth_date", "postal_code"}

    assert set(FAMILIES["trait"]) == set(shape.columns) - {"contact_id"}
    assert not personal & set(FAMILIES["trait"])
    assert (FAMILIES.groupby("trait")["is_usable"].nunique() == 1).all()


def test_no_trait_of_the_facts_that_define_the_segment_is_used(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    used = (
        demo("from main_segments.lookalike_trait_weights").groupby("segment_name")["trait"].agg(set)
    )
    family = FAMILIES.groupby("trait")["trait_family"].agg(set)

    # Defined by net_spend_total and by engagement_level.
    for segment, facts in {SEGMENT: "purchases", "highly_engaged": "messages"}.items():
        assert len(used[segment]) > 20
        assert [trait for trait in used[segment] if facts in family[trait]] == []
    assert "purchase_count" in used["highly_engaged"]
    assert "messages_opened_90_days" in used[SEGMENT]


def test_a_segment_that_is_none_is_named(demo_database: Path, tmp_path: Path) -> None:
    result = run_dbt(
        *("run", "-s", "int_lookalikes__traits"),
        database=demo_database,
        target=tmp_path,
        variables={"lookalike_segments": ["high_value_costumers"]},
    )

    assert not result.success
    assert "Did you mean high_value_customers" in failures(result)


# -- Beside a logistic regression --------------------------------------------------------------

DEMO_SEGMENTS = [SEGMENT, "highly_engaged", "loyal_customers", "never_purchased", "rfm_champions"]
DEMO_SEGMENTS += ["signed_up_not_subscribed", "buyers_four_times_and_more", "business_customers"]


@pytest.fixture(scope="module")
def sql(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Sql:
    """The compiled SQL of the models with several seed segments."""
    target = tmp_path_factory.mktemp("lookalikes")
    result = run_dbt(
        *("compile", "-s", "path:models/*/lookalikes"),
        database=demo_database,
        target=target,
        variables={"lookalike_segments": DEMO_SEGMENTS},
    )
    assert result.success, failures(result)
    code = {found.node.name: found.node.compiled_code for found in result.result.results}
    return code.__getitem__


def areas(found: dict[str, pd.DataFrame], segment: str, held_out: pd.Series) -> tuple[float, float]:
    """Area under the curve on held-out contacts: of the scores, and of a logistic regression.

    Both are told the same bins of the same traits; the regression gets each as a column.
    """
    linear = pytest.importorskip("sklearn.linear_model", reason="make test-value installs it")
    from sklearn.metrics import roc_auc_score

    scores = found["scores"]
    scores = scores[scores["segment_name"] == segment].set_index("contact_id").sort_index()
    allowed = found["allowed"]
    allowed = allowed.loc[allowed["segment_name"] == segment, "trait"]
    bins = found["trait_values"].merge(found["bins"], on="trait_value")
    wide = bins[bins["trait"].isin(allowed)].pivot(
        index="contact_id", columns="trait", values="bin"
    )
    columns = pd.get_dummies(wide.loc[scores.index]).astype(float)
    is_held_out = scores.index.isin(held_out)
    is_member = scores["is_member"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = linear.LogisticRegression(max_iter=2000)
        model.fit(columns[~is_held_out], is_member[~is_held_out])
    regression = model.decision_function(columns[is_held_out])
    return (
        roc_auc_score(is_member[is_held_out], scores["lookalike_score"].astype(float)[is_held_out]),
        roc_auc_score(is_member[is_held_out], regression),
    )


def windows(rng: np.random.Generator, size: int) -> tuple[dict, np.ndarray]:
    """One habit that many traits count over and over, beside traits that say something new."""
    habit = rng.gamma(1.2, 2, size)
    events = ["page_views", "product_views", "article_reads", "logins"]
    traits = {
        f"{event}_{days}_days": rng.poisson(habit * (0.2 + number * 0.3 + days / 60))
        for number, event in enumerate(events)
        for days in (7, 30, 90)
    }
    traits["age"] = rng.integers(18, 80, size)
    traits["income_band"] = rng.choice(["low", "middle", "high"], size, p=[0.5, 0.35, 0.15])
    traits["country_code"] = rng.choice(list("ABCDEFGH"), size)
    traits["may_email"] = rng.random(size) < 0.4
    traits["email_opened_90_days"] = rng.poisson(3, size)
    odds = 0.6 * np.log1p(habit) + 0.04 * (traits["age"] - 45) + 0.9 * traits["may_email"]
    odds += 1.2 * (traits["income_band"] == "high") + 0.8 * (traits["country_code"] == "A")
    return traits, odds + 0.25 * traits["email_opened_90_days"] - 4.5


def blocks(rng: np.random.Generator, size: int) -> tuple[dict, np.ndarray]:
    """Four things that four traits each measure badly, a curve and rare places."""
    hidden = rng.normal(0, 1, (size, 4))
    names = ["page_views_30_days", "product_views_30_days", "session_count", "logins_90_days"]
    names += ["email_opened_90_days", "messages_opened_90_days", "sms_opened_90_days", "open_rate"]
    names += ["social_engagements_90_days", "social_engagements_30_days", "social_handle_count"]
    names += [
        "household_size",
        "days_since_first_seen",
        "days_since_sign_up",
        "source_record_count",
    ]
    names += ["days_since_subscription_started"]
    traits = {
        name: np.round(100 * (hidden[:, number // 4] + rng.normal(0, 0.4, size))).astype(int)
        for number, name in enumerate(names)
    }
    traits["age"] = np.clip(rng.normal(45, 12, size), 18, 90).astype(int)
    traits["city"] = rng.choice([f"city {number}" for number in range(40)], size)
    odds = hidden @ np.array([1.5, -0.8, 0.6, 0.4]) + 1.2 * (np.abs(traits["age"] - 45) > 12)
    return traits, odds + 1.0 * (traits["city"] < "city 2") - 3.2


def many(rng: np.random.Generator, size: int) -> tuple[dict, np.ndarray]:
    """Two dozen independent traits that say a little each."""
    numbers = ["page_views_30_days", "session_count", "email_sent_90_days", "sms_sent_90_days"]
    numbers += ["push_sent_90_days", "age", "household_size", "days_since_first_seen"]
    numbers += ["days_since_sign_up", "days_since_last_message", "source_record_count"]
    flags = ["may_email", "may_sms", "may_push", "has_email", "has_phone", "is_business"]
    flags += ["is_home_owner", "is_signed_up", "is_subscribed"]
    traits = {name: rng.integers(0, 1000, size) for name in numbers}
    traits |= {name: rng.random(size) < 0.3 for name in flags}
    traits["gender"] = rng.choice(["female", "male"], size)
    traits["education"] = rng.choice(["school", "college", "university"], size)
    odds = sum(traits[name] / 1000 for name in numbers) * 1.1 - 6
    odds = odds + sum(traits[name] * 0.5 for name in flags)
    return traits, odds + 0.7 * (traits["education"] == "university") - 2.2


@pytest.mark.value
@pytest.mark.parametrize("world", [windows, blocks, many])
@pytest.mark.parametrize("size", [2500, 10_000])
def test_scores_are_as_good_as_a_logistic_regression(
    sql: Sql,
    shape: pd.DataFrame,
    world: Callable[[np.random.Generator, int], tuple[dict, np.ndarray]],
    size: int,
) -> None:
    rng = np.random.default_rng(size)
    traits, odds = world(rng, size)
    rows = pd.DataFrame(traits)
    rows["contact_id"] = [f"{number:06}" for number in rng.permutation(size)]
    is_member = rng.random(size) < 1 / (1 + np.exp(-odds))
    held_out = rows["contact_id"][np.arange(size) % 10 < 3]
    memberships = rows.loc[is_member, ["contact_id"]].assign(segment_name=SEGMENT)
    found = learn_and_score(sql, all_columns(rows, shape), memberships, held_out)
    ours, theirs = areas(found, SEGMENT, held_out)
    print(f"{world.__name__} {size}: {ours:.4f} {theirs:.4f} {ours / theirs:.4f}")

    assert theirs > 0.65
    assert ours >= 0.97 * theirs


@pytest.mark.value
def test_on_the_demo_too(sql: Sql, demo: Callable[[str], pd.DataFrame]) -> None:
    traits = demo("from main_contacts.contact_traits")
    memberships = demo("select segment_name, contact_id from main_segments.segment_memberships")
    memberships = memberships[memberships["segment_name"].isin(DEMO_SEGMENTS)]
    # Ids are hashes: the digit says who is held out.
    fold = traits["contact_id"].str[0].map(lambda digit: int(digit, 16) % 4)
    pairs = {segment: [] for segment in DEMO_SEGMENTS}
    for number in range(4):
        held_out = traits["contact_id"][fold == number]
        found = learn_and_score(sql, traits, memberships, held_out)
        for segment in DEMO_SEGMENTS:
            pairs[segment].append(areas(found, segment, held_out))
    means = pd.DataFrame({segment: np.mean(pairs[segment], axis=0) for segment in pairs})
    means = means.T.set_axis(["ours", "theirs"], axis=1)
    means["ratio"] = means["ours"] / means["theirs"]
    print(means.round(4).to_string())

    assert means["ratio"].mean() >= 0.97
    assert (means["ratio"] >= 0.9).all()
