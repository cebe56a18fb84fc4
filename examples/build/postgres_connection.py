"""The PostgreSQL that profiles.yml reaches, for scripts that ask it without dbt."""

from __future__ import annotations

import os
from typing import Any

# Each setting with the variable of the environment and what holds where it is not set.
SETTINGS = {
    "host": ("CRM_POSTGRES_HOST", "127.0.0.1"),
    "port": ("CRM_POSTGRES_PORT", "5432"),
    "user": ("CRM_POSTGRES_USER", "postgres"),
    "password": ("DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD", ""),
    "dbname": ("CRM_POSTGRES_DATABASE", "crm"),
}


def connect_to_postgres() -> Any:  # noqa: ANN401
    """A connection of psycopg2, which only the environment of PostgreSQL has."""
    import psycopg2

    return psycopg2.connect(**{key: os.environ.get(*told) for key, told in SETTINGS.items()})
