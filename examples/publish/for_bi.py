"""The relations that a BI tool may read: the list by which the project grants, from the manifest.

The same rule as the macro ``is_for_bi``. A test logs in as the role of a BI tool and finds that it
can read these relations and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PACKAGE = "crm_segmentation"


def is_for_bi(node: Mapping[str, Any]) -> bool:
    """Whether a node of dbt's manifest is a public model of this project without personal data."""
    return (
        node["resource_type"] == "model"
        and node["package_name"] == PACKAGE
        and node["access"] == "public"
        and "contains_pii" not in node["tags"]
    )


def relations_for_bi(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Schema and name of every relation that a BI tool may read, in that order.

    Args:
        manifest: dbt's ``manifest.json``.
    """
    nodes = manifest["nodes"].values()
    return sorted((node["schema"], node["alias"]) for node in nodes if is_for_bi(node))
