"""Who may read whom, and where personal data may stand (design, sections 2 and 5)."""

from __future__ import annotations

import re
import sys
from typing import Any

from project import ROOT

sys.path.insert(0, str(ROOT / "examples" / "publish"))
from for_bi import is_for_bi, relations_for_bi

PERSONAL = {"email", "phone", "phone_e164", "first_name", "last_name", "address_line"}
PERSONAL |= {"postal_code", "birth_date", "firstname", "lastname", "raw_values", "raw_value"}

COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
# A file such as past.duckdb names no engine.
ENGINE = re.compile(
    r"\b(?:target|adapter)\s*(?:\.\s*type\b|\[|\.get\b)"
    r"|(?<![.\w])(?:duckdb|postgres\w*|spark|snowflake|bigquery|redshift|databricks)\b",
    re.IGNORECASE,
)

# The one test that holds the keys of all audiences.
AUDIENCES_TEST = "test.crm_segmentation.audiences_are_sound"
# That of all internal models.
INTERNAL_KEYS_TEST = "test.crm_segmentation.internal_keys_are_unique"

# Each folder of models, and the folders that its models may read.
MAY_READ = {
    "connectors": {"raw", "connectors"},
    "staging": {"raw", "connectors", "reference", "staging"},
    "intermediate": {"staging", "intermediate", "reference"},
    "marts/quality": {"staging", "intermediate", "reference"},
    "marts/contacts": {"staging", "intermediate", "reference", "marts/contacts"},
    "marts/segments": {"marts/contacts", "marts/segments", "reference"},
    "marts/campaigns": {
        "staging",
        "intermediate",
        "reference",
        "marts/contacts",
        "marts/segments",
        "marts/campaigns",
    },
    "audiences": {
        "marts/contacts",
        "marts/segments",
        "marts/campaigns",
        "reference",
        "audiences",
    },
    "marts/seasons": {"marts/contacts", "marts/segments", "audiences", "marts/seasons"},
}


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every model of this project."""
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def layer(manifest: dict[str, Any], unique_id: str) -> str:
    """The folder that a node stands in, as MAY_READ names it."""
    if unique_id.startswith("source."):
        return "raw"
    folders = manifest["nodes"][unique_id]["fqn"][1:]
    return f"marts/{folders[1]}" if folders[0] == "marts" else folders[0]


def test_a_layer_reads_only_the_layers_above_it(manifest: dict[str, Any]) -> None:
    wrong = [
        f"{model['name']} ({layer(manifest, model['unique_id'])}) reads {parent}"
        for model in models(manifest)
        for parent in model["depends_on"]["nodes"]
        if layer(manifest, parent) not in MAY_READ[layer(manifest, model["unique_id"])]
    ]

    assert wrong == []


def test_every_ref_names_its_package() -> None:
    """In a host, dbt takes the host's model for a name without a package."""
    files = [*ROOT.glob("models/**/*.sql"), *ROOT.glob("models/**/*.py")]
    files += [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("tests/**/*.sql")]
    files += ROOT.glob("analyses/**/*.sql")
    unnamed = re.compile(r"""\bref\(\s*(['"])\w+\1\s*\)""")

    texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}
    assert sum(text.count("ref('crm_segmentation', ") for text in texts.values()) > 500
    assert [name for name, text in texts.items() if unnamed.search(text)] == []


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
            "default",
            "duckdb",
            "postgres",
            "redshift",
            "snowflake",
            "spark",
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
