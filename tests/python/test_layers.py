"""Who may read whom, and where personal data may stand (design, sections 2 and 5)."""

from __future__ import annotations

import re
import sys
from typing import Any

import architecture
from project import ROOT

sys.path.insert(0, str(ROOT / "examples" / "publish"))
from for_bi import is_for_bi, relations_for_bi

models = architecture.models

PERSONAL = {"email", "phone", "phone_e164", "first_name", "last_name", "address_line"}
PERSONAL |= {"postal_code", "birth_date", "firstname", "lastname", "raw_values", "raw_value"}

COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
# A file such as past.duckdb names no engine.
ENGINE = re.compile(
    r"\b(?:target|adapter)\s*(?:\.\s*type\b|\[|\.get\b)"
    r"|(?<![.\w])(?:duckdb|postgres\w*|spark|snowflake|bigquery|redshift|databricks|trino)\b",
    re.IGNORECASE,
)

# The one test that holds the keys of all audiences.
AUDIENCES_TEST = "test.crm_segmentation.audiences_are_sound"
# That of all internal models.
INTERNAL_KEYS_TEST = "test.crm_segmentation.internal_keys_are_unique"

# Systems, areas and domains in their order: a model reads its own place and what stands before it.
SYSTEMS = sorted(path.name for path in (ROOT / "models/connectors").iterdir())
ORDER = {
    place: rank
    for rank, places in enumerate(
        (
            *(("raw",), ("reference",)),
            # One system reads no other.
            tuple(f"connectors/{system}" for system in SYSTEMS if system != "union"),
            ("connectors/union",),
            ("staging",),
            *((f"staging/{area}",) for area in architecture.AREAS),
            *((domain,) for domain in architecture.DOMAINS),
        )
    )
    for place in places
}
# The domains that read staging; all others read what these have made of it.
READ_STAGING = {"activity", "commerce", "identity", "quality", "contacts", "orders", "behaviour"}
READ_STAGING |= {"consents", "traits", "campaigns", "experiments"}
# Domains without a public table: they prepare what came in before anybody knows whose it is.
PREPARING = {"activity", "commerce"}
# Internal models that other domains read, with the reason why none of their public models does.
READ_BY_OTHERS = {
    "int_identity__erased_visitors": "Whoever reads events leaves out those of erased people.",
    "int_identity__assignments": "The contact of every record; contact_records has usable ones.",
    "int_identity__link_ends": "contact_record_links tells them in words, with the contacts.",
    "int_identity__erased_identifiers": "Rejected rows must not show what an erased person told.",
    "int_identity__erased_keys": "What a guest left finds no erased person.",
    "int_identity__erased_records": "Rejected rows must not show what an erased person told.",
    "int_identity__erasure_reviews": "A record under review is taken for no source of a contact.",
    "int_identity__identifiers": "Keys are hashes, which nobody outside has a use for.",
    "int_identity__judged_identifiers": "rejected_values says why an identifier counts not.",
    "int_identity__ledger": "Merges, separations and holdouts need former ids with their days.",
    "int_identity__past_identifiers": "A guest's order finds who once had the address.",
    "int_identity__records": "Keys are hashes, which nobody outside has a use for.",
    "int_quality__input_errors": "contact_records waits for it: errors stop the run there.",
    "int_contacts__identifier_owners": "Orders and attributes find their contact by keys.",
    "int_contacts__known_records": "Finds the contact of a record that no longer arrives.",
    "int_contacts__separations": "Segments end the spells of a contact that was two people.",
    "int_contacts__source_records": "A dead address is judged by every record that shows it.",
    "int_audiences__reachability": "The plan of a season waits for no tombstone.",
    "int_orders__changed_contacts": "Says for whom a table of purchases is to be built again.",
    "int_behaviour__visitors": "Finds the contact of a visitor; events and sessions hold too much.",
    "int_behaviour__carts": "A trait, and an occasion to write.",
    "int_consents__dead_keys": "Addresses of contacts, as hashes, that messages come back from.",
    "int_consents__message_histories": "A trait, and what the frequency caps are judged by.",
    "int_consents__rejected_noes": "Addresses, as hashes, about which a rejected row said no.",
    "int_consents__shared_keys": "Addresses of several contacts, as hashes.",
    "int_consents__permissions": "A trait, and a signal of leads.",
    "int_lifecycle__subscriptions": "A trait, and an occasion to write.",
    "int_seasons__contact_calendars": "Traits come before segments, the plan of a season after.",
    "int_seasons__days": "Traits come before segments, the plan of a season after.",
    "int_seasons__occurrences": "Traits come before segments, the plan of a season after.",
    "int_segments__former_contact_ids": "Holdouts know contacts by the ids of the day.",
    "int_segments__membership_spells": "Holdouts and experiments know contacts by ids of the day.",
    "int_campaigns__events": "Campaigns and experiments count the same goals.",
}
# What every table that is rebuilt for changes asks how far it was built.
READ_BY_ALL = {"model.crm_segmentation.base_raw__builds"}
# Where a model of each kind stands, by the beginning of its name.
LAYER_OF = {"landed_": "connectors", "connected_": "connectors", "base_": "staging"}
LAYER_OF |= {"stg_": "staging", "int_": "intermediate"}
# Tables that a full refresh keeps: under another name an upgrade would begin without them.
MEMORIES_BY_FORMER_NAMES = {
    "int_contacts__bounced_keys",
    "int_contacts__sessions",
    "int_contacts__undated_noes",
    "int_contacts__visitor_owners",
}


def may_read(manifest: dict[str, Any], reader: str, read: str) -> bool:
    """Whether one node may read another."""
    here, there = architecture.place(manifest, reader), architecture.place(manifest, read)
    if here == there or read in READ_BY_ALL:
        return True
    if ORDER[there] >= ORDER[here]:
        return False
    layer, _, _ = there.partition("/")
    by_layer = {
        "raw": here not in architecture.DOMAINS,
        "reference": not here.startswith("connectors"),
        "connectors": here not in architecture.DOMAINS,
        "staging": here.startswith("staging") or here in READ_STAGING,
    }
    if layer in by_layer:
        return by_layer[layer]
    node = manifest["nodes"][read]
    return node["access"] == "public" or there in PREPARING or node["name"] in READ_BY_OTHERS


def folder(node: dict[str, Any]) -> str:
    """The folder of a model."""
    return node["original_file_path"].rpartition("/")[0]


def house(path: str) -> str:
    """A folder with what belongs to it: internal and public models of a domain, an area's base."""
    return re.sub("^models/(intermediate|marts)/", "models/", path.removesuffix("/base"))


def test_a_model_reads_its_own_domain_and_those_before_it(manifest: dict[str, Any]) -> None:
    wrong = [
        f"{model['name']} ({architecture.place(manifest, model['unique_id'])}) reads {parent}"
        for model in models(manifest)
        for parent in model["depends_on"]["nodes"]
        if not may_read(manifest, model["unique_id"], parent)
    ]

    assert wrong == []


def test_no_two_folders_read_each_other(manifest: dict[str, Any]) -> None:
    nodes = {model["unique_id"]: model for model in models(manifest)}
    pairs = {
        (folder(model), folder(nodes[parent]))
        for model in nodes.values()
        for parent in model["depends_on"]["nodes"]
        if parent in nodes
    }
    both_ways = [(one, other) for one, other in pairs if one < other and (other, one) in pairs]

    assert ("models/marts/audiences", "models/audiences/hubspot") in pairs
    assert [pair for pair in both_ways if house(pair[0]) != house(pair[1])] == []


def test_a_model_stands_where_its_name_says(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        kind = next((kind for kind in LAYER_OF if model["name"].startswith(kind)), None)
        layer, *folders = folder(model).split("/")[1:]
        if kind:
            assert layer == LAYER_OF[kind], model["name"]
            assert model["access"] == "protected", model["name"]
        else:
            assert layer in {"marts", "audiences"}, model["name"]
            assert model["access"] == "public", model["name"]
        if kind == "int_" and model["name"] not in MEMORIES_BY_FORMER_NAMES:
            assert model["name"].startswith(f"int_{folders[0]}__")
        if layer in {"intermediate", "marts"}:
            assert folders in [[domain] for domain in architecture.DOMAINS], model["name"]


def test_the_models_that_other_domains_read_are_the_listed_ones(manifest: dict[str, Any]) -> None:
    """What nobody reads from outside any more has no place in the list."""
    read = {
        manifest["nodes"][parent]["name"]
        for model in models(manifest)
        for parent in model["depends_on"]["nodes"]
        if parent in manifest["nodes"] and ".int_" in parent
        if architecture.place(manifest, parent)
        not in {*PREPARING, architecture.place(manifest, model["unique_id"])}
    }

    assert read == READ_BY_OTHERS.keys()


def test_every_ref_names_its_package() -> None:
    """In a host, dbt takes the host's model for a name without a package."""
    files = [*ROOT.glob("models/**/*.sql"), *ROOT.glob("models/**/*.py")]
    files += [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("tests/**/*.sql")]
    files += ROOT.glob("analyses/**/*.sql")
    unnamed = re.compile(r"""\bref\(\s*(['"])\w+\1\s*\)""")

    texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}
    assert sum(text.count("ref('crm_segmentation', ") for text in texts.values()) > 500
    assert [name for name, text in texts.items() if unnamed.search(text)] == []


def test_a_header_stands_below_the_settings_and_directly_above_the_query() -> None:
    """What a model guarantees is read in one place, whether the model has settings or none."""
    files = {file.stem: file.read_text("utf-8") for file in ROOT.glob("models/**/*.sql")}
    heads = {name: re.split(r"(?m)^with$", text, maxsplit=1)[0] for name, text in files.items()}
    stating = {name: head for name, head in heads.items() if "Guarantees" in head}
    header = r"(?:\A|\n\n)-- Guarantees[^\n]*\n(?:--[^\n]*\n)*(?:-- depends_on[^\n]*\n\n)?\Z"

    assert {"contact_traits", "int_contacts__sessions"} <= stating.keys()
    assert [name for name, head in stating.items() if not re.search(header, head)] == []


def test_every_model_and_column_that_people_query_is_described(manifest: dict[str, Any]) -> None:
    bare = [m["name"] for m in models(manifest) if not m["description"].startswith("One row per ")]
    bare += [
        f"{model['name']}.{name}"
        for model in models(manifest)
        for name, column in model["columns"].items()
        if not column["description"]
    ]

    assert bare == []


def test_every_public_model_has_a_contract_and_its_key_tested(manifest: dict[str, Any]) -> None:
    keyed = {
        test.get("attached_node")
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and test["name"].endswith(("_are_sound", "_is_sound"))
    }
    keyed |= set(manifest["nodes"][AUDIENCES_TEST]["depends_on"]["nodes"])
    public = [m for m in models(manifest) if m["access"] == "public"]

    assert {"contacts", "orders", "audience_members"} <= {model["name"] for model in public}
    assert [m["name"] for m in public if not m["config"]["contract"]["enforced"]] == []
    assert [m["name"] for m in public if m["unique_id"] not in keyed] == []


def test_every_memory_names_the_key_that_its_test_checks(manifest: dict[str, Any]) -> None:
    """PostgreSQL makes a unique index of it, so that not even two runs at once double a row."""
    memories = {m["unique_id"]: m for m in models(manifest) if m["config"]["full_refresh"] is False}
    internal = manifest["nodes"][INTERNAL_KEYS_TEST]["raw_code"]
    tested = {
        f"model.crm_segmentation.{name}": re.findall(r"'(\w+)'", key)
        for name, key in re.findall(r"'(\w+)': \[([^\]]*)\]", internal)
    }
    for test in manifest["nodes"].values():
        if (test.get("test_metadata") or {}).get("name") == "are_sound":
            tested[test["attached_node"]] = test["test_metadata"]["kwargs"]["key"]
    for memory in memories.values():
        if memory["name"].startswith("audience_"):
            tested[memory["unique_id"]] = memory["config"]["meta"]["key"]

    assert len(memories) > 20
    assert {m["name"]: m["config"]["unique_key"] for m in memories.values()} == {
        memory["name"]: tested[name] for name, memory in memories.items()
    }


def test_personal_data_stands_only_in_the_schemas_made_for_it(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        if model["access"] != "public":
            closed = {"connectors", "staging", "intermediate"}
            assert model["config"]["schema"] in closed, model["name"]
        elif PERSONAL & set(model["columns"]):
            assert "contains_pii" in model["tags"], model["name"]
            assert model["config"]["schema"] in {"personal", "audiences"}, model["name"]


def test_no_engine_is_named_outside_its_folder(manifest: dict[str, Any]) -> None:
    """Neither by its own name nor by asking which one it is; a comment may say why."""
    found = []
    for node in [*models(manifest), *manifest["macros"].values()]:
        is_python = node.get("language") == "python"
        if (
            node["package_name"] != "crm_segmentation"
            or "macros/engine/" in node["path"]
            or is_python
        ):
            continue
        code = COMMENT.sub("", node.get("raw_code") or node.get("macro_sql"))
        found += [f"{node['name']}: {words}" for words in ENGINE.findall(code)]

    assert found == []


def test_every_macro_and_its_arguments_are_described(manifest: dict[str, Any]) -> None:
    bare = []
    for macro in manifest["macros"].values():
        is_ours = macro["package_name"] == "crm_segmentation"
        is_dispatched = macro["name"].partition("__")[0] in {
            "bigquery",
            "default",
            "duckdb",
            "postgres",
            "redshift",
            "snowflake",
            "spark",
            "trino",
        }
        is_other = macro["name"].startswith(("test_", "materialization_"))
        if is_ours and not is_dispatched and not is_other and not macro["description"]:
            bare.append(macro["name"])

    assert bare == []


def test_nothing_is_granted_beside_the_one_list(manifest: dict[str, Any]) -> None:
    """Hooks grant what is_for_bi says. Plain Spark fails where a model mentions grants itself."""
    assert [model["name"] for model in models(manifest) if model["config"]["grants"]] == []
    ours = [n for n in manifest["nodes"].values() if n["resource_type"] in {"model", "seed"}]
    for node in ours:
        hooks = [hook["sql"] for hook in node["config"]["post-hook"]]
        assert any("grant_to_readers()" in hook for hook in hooks), node["name"]


def test_a_column_marked_as_personal_keeps_its_model_from_bi(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        marks = [column["config"].get("meta") or {} for column in model["columns"].values()]
        if any(mark.get("contains_pii") for mark in marks):
            assert not is_for_bi(model), model["name"]
    assert len(relations_for_bi(manifest)) > 50
