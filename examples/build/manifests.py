"""The project as dbt has read it, to be used more than once: dbt changes the one it is given."""

from __future__ import annotations

import pickle
from dataclasses import fields

from dbt.contracts.graph.manifest import Manifest


def frozen(manifest: Manifest) -> bytes:
    """A manifest as bytes, from which each command gets one of its own.

    Pickled whole it comes back with its indexes mixed up, so they are left out and made anew.
    dbt's own deepcopy fails where there is a selectors.yml.
    """
    names = (part.name for part in fields(manifest) if not part.name.startswith("_"))
    parts = {name: getattr(manifest, name) for name in names}
    return pickle.dumps(parts, protocol=pickle.HIGHEST_PROTOCOL)


def thawed(manifest: bytes) -> Manifest:
    """A manifest of its own for one command."""
    return Manifest(**pickle.loads(manifest))
