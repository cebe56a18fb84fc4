"""Brings a company's files into the raw tables of a DuckDB file, as a mapping says."""
