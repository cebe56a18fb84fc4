"""The demo build as a whole."""

from __future__ import annotations

import duckdb
import hashlib
from pathlib import Path

import pandas as pd
from project import failures, run_dbt


def test_smoke(demo):
    assert len(demo("from main_contacts.orders")) > 1900
