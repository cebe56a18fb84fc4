"""The loader of examples/own_data brings files into the raw contract, or says what is wrong."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import run_model

OWN_DATA = Path(__file__).resolve().parents[2] / "examples" / "own_data"

CONTACTS = "id,mail,since\n007,anna@example.com,2025-01-02\n008,,2025-03-04\n"
ORDERS = "order_no,customer,date,total\nA1,007,2025-02-03 10:00:00,12.50\nA2,008,2025-04-05,8\n"

RAW_CONTACTS = """
    raw_contacts: |
        select 'shop' as source_system, id as source_contact_id, mail as email, since as created_at
        from contacts
"""
RAW_ORDERS = """
    raw_orders: |
        select
            'shop' as source_system, order_no as source_order_id, total as order_total,
            customer as source_contact_id, date as ordered_at
        from orders
"""
RAW_EVENTS = """
    raw_events: {empty: true}
"""
FILES = "files: {contacts: contacts.csv, orders: orders.csv}\n"
MAPPING = f"{FILES}tables:{RAW_CONTACTS}{RAW_ORDERS}{RAW_EVENTS}"


def import_loader() -> ModuleType:
    """The loader, by its path: examples/ is no package."""
    spec = importlib.util.spec_from_file_location("own_data_load", OWN_DATA / "load.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


loader = import_loader()
CONTRACT = loader.read_contract()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the two files and a mapping; the path of the mapping comes back."""

    def write_files(mapping: str = MAPPING, **files: str) -> Path:
        for name, text in {"contacts": CONTACTS, "orders": ORDERS, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        path = tmp_path / "mapping.yml"
        path.write_text(mapping, encoding="utf-8")
        return path

    return write_files


def run(mapping: Path, *arguments: str) -> int:
    """Load into own.duckdb beside the mapping, as the command line does."""
    database = mapping.parent / "own.duckdb"
    return loader.main([str(mapping), "--database", str(database), *arguments])


def rows(database: Path, query: str) -> list[tuple[str | None, ...]]:
    """What a query finds in a database, as text."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(query).fetchall()
    return [tuple(None if value is None else str(value) for value in row) for row in found]


def test_two_csv_files_become_the_raw_tables(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write()
    assert run(mapping) == 0
    database = mapping.parent / "own.duckdb"
    assert rows(database, "from raw.raw_contacts") == [
        ("shop", "007", "anna@example.com", "2025-01-02"),
        ("shop", "008", None, "2025-03-04"),
    ]
    assert rows(database, "select source_order_id, order_total from raw.raw_orders") == [
        ("A1", "12.50"),
        ("A2", "8"),
    ]
    printed = capsys.readouterr().out.splitlines()
    assert [line.split() for line in printed[1:4]] == [
        ["raw_contacts", "2", "1", "of", "24:", "email"],
        ["raw_orders", "2", "1", "of", "11:", "source_contact_id"],
        ["raw_events", "0", "0", "of", "13"],
    ]


def test_an_empty_table_has_every_column_of_the_contract(write: Callable[..., Path]) -> None:
    mapping = write()
    assert run(mapping) == 0
    columns = rows(
        mapping.parent / "own.duckdb",
        "select column_name from information_schema.columns"
        " where table_schema = 'raw' and table_name = 'raw_events' order by ordinal_position",
    )
    assert [name for (name,) in columns] == list(loader.read_contract()["raw_events"].columns)


def test_the_printed_command_carries_the_variables(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write(f"{MAPPING}\nvars: {{as_of_date: 2025-12-31, reporting_currency: EUR}}\n")
    assert run(mapping) == 0
    command = shlex.split(capsys.readouterr().out.splitlines()[-1])
    assert command[0] == f"CRM_DUCKDB_PATH={mapping.parent / 'own.duckdb'}"
    assert command[1:4] == ["dbt", "build", "--vars"]
    variables = json.loads(command[4])
    assert variables == {
        "demo_data": False,
        "raw_tables": ["raw_contacts", "raw_orders", "raw_events"],
        "empty_raw_tables": ["raw_events"],
        "as_of_date": "2025-12-31",
        "reporting_currency": "EUR",
    }
    assert loader.main([str(mapping), "--print-vars"]) == 0
    assert json.loads(capsys.readouterr().out) == variables


def test_the_order_of_the_lines_in_a_file_does_not_matter(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write()
    database = mapping.parent / "own.duckdb"
    assert run(mapping) == 0
    first = rows(database, "from raw.raw_orders")
    printed = capsys.readouterr().out
    header, *lines = ORDERS.splitlines()
    write(orders="\n".join([header, *reversed(lines)]) + "\n")
    assert run(mapping) == 0
    assert rows(database, "from raw.raw_orders") == first
    assert capsys.readouterr().out == printed


def test_a_file_argument_replaces_the_path_of_the_mapping(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    mapping = write(MAPPING.replace("contacts: contacts.csv", "contacts: null"))
    elsewhere = tmp_path / "it's [new].parquet"
    duckdb.sql("select '9' as id, null as mail, date '2025-05-06' as since").write_parquet(
        str(elsewhere)
    )
    assert run(mapping, "--file", f"contacts={elsewhere}") == 0
    assert rows(tmp_path / "own.duckdb", "from raw.raw_contacts") == [
        ("shop", "9", None, "2025-05-06")
    ]


def test_a_pattern_reads_all_its_files(write: Callable[..., Path], tmp_path: Path) -> None:
    mapping = write(MAPPING.replace("orders.csv", "orders*.csv"))
    more = ORDERS.replace("A1", "B1").replace("A2", "B2")
    (tmp_path / "orders_2026.csv").write_text(more, encoding="utf-8")
    assert run(mapping) == 0
    found = rows(tmp_path / "own.duckdb", "select source_order_id from raw.raw_orders")
    assert found == [("A1",), ("A2",), ("B1",), ("B2",)]


def test_a_file_may_name_its_delimiter_and_encoding(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    options = "{path: contacts.csv, delimiter: '|', encoding: latin-1}"
    mapping = write(MAPPING.replace("contacts: contacts.csv", f"contacts: {options}"))
    (tmp_path / "contacts.csv").write_bytes(
        "id|mail|since\n1|jürgen@example.com|2025\n".encode("latin-1")
    )
    assert run(mapping) == 0
    assert rows(tmp_path / "own.duckdb", "select email from raw.raw_contacts") == [
        ("jürgen@example.com",)
    ]


def test_what_excel_saves_on_windows_is_read_with_its_euro_sign(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    options = "{path: contacts.csv, delimiter: ';', encoding: windows-1252}"
    mapping = write(MAPPING.replace("contacts: contacts.csv", f"contacts: {options}"))
    text = 'id;mail;since\r\n1;"Müller; 5 € œuvre";2025\r\n'
    (tmp_path / "contacts.csv").write_bytes(text.encode("windows-1252"))
    assert run(mapping) == 0
    assert rows(tmp_path / "own.duckdb", "select email from raw.raw_contacts") == [
        ("Müller; 5 € œuvre",)
    ]


@given(
    st.lists(st.sampled_from(["\n", "\r\n"]), min_size=4, max_size=4),
    st.sampled_from(["utf-8", "utf-16", "latin-1"]),
    st.integers(0, 2),
)
@settings(max_examples=12, deadline=None)
def test_a_file_is_read_however_its_lines_end(ends: list[str], encoding: str, skip: int) -> None:
    """One program writes the names, another the rows; and titles may stand above them."""
    lines = ["id,mail,since", '1,"a\nb@example.com",2025', "2,é@example.com,2025", "3,,2025"]
    text = "Customers\n" * skip + "".join(map("".join, zip(lines, ends, strict=True)))
    options = f"{{path: contacts.csv, encoding: {encoding}, skip: {skip}}}"
    with tempfile.TemporaryDirectory() as folder:
        mapping = Path(folder, "mapping.yml")
        content = MAPPING.replace("contacts: contacts.csv", f"contacts: {options}")
        mapping.write_text(content, encoding="utf-8")
        Path(folder, "contacts.csv").write_bytes(text.encode(encoding))
        Path(folder, "orders.csv").write_text(ORDERS, encoding="utf-8")

        assert run(mapping) == 0
        found = rows(Path(folder, "own.duckdb"), "select email from raw.raw_contacts order by 1")
    assert [value for (value,) in found] == ["a\nb@example.com", "é@example.com", None]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2,a@b.de,2025,more", "line 3 of contacts.csv has 4 values, where the names above are 3."),
        ("Total: 1", "line 3 of contacts.csv has 1 value, where the names above are 3."),
        ('2,"said "hi"",2025', "line 3 of contacts.csv cannot be read as CSV."),
    ],
)
def test_a_line_that_is_no_row_is_named(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    assert run(write(contacts=f"id,mail,since\n1,x@b.de,2025\n{row}\n")) == 2
    printed = capsys.readouterr().err

    assert said in printed
    assert "a@b.de" not in printed


def test_a_title_above_the_names_is_explained(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(contacts=f"All customers\n\n{CONTACTS}")) == 2

    assert "Give files.contacts a `skip`, the number of lines above" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "select", "said"),
    [
        ("encoding: latin-1", "since", "File is not latin-1 encoded. Correct `encoding`"),
        (
            "encoding: windows-1252",
            "strptime(since, '%d.%m.%y')",
            "strptime with '%d.%m.%y' cannot read a value of the form `aaa`, where",
        ),
    ],
)
def test_a_file_that_cannot_be_loaded_says_what_to_change(
    write: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: str,
    select: str,
    said: str,
) -> None:
    mapping = MAPPING.replace(
        "contacts: contacts.csv", f"contacts: {{path: contacts.csv, {options}}}"
    )
    path = write(mapping.replace("since as created_at", f"{select} as created_at"))
    (tmp_path / "contacts.csv").write_bytes("id,mail,since\n1,5 €,yes\n".encode("windows-1252"))
    assert run(path) == 2
    assert said in capsys.readouterr().err


def test_tables_can_share_a_step(write: Callable[..., Path]) -> None:
    step = "steps:\n    known: select id, mail, since from contacts where mail is not null\n"
    mapping = write(step + MAPPING.replace("from contacts", "from known"))
    assert run(mapping) == 0
    assert rows(
        mapping.parent / "own.duckdb", "select source_contact_id from raw.raw_contacts"
    ) == [("007",)]


def test_a_moment_with_a_time_zone_is_stored_in_utc(write: Callable[..., Path]) -> None:
    zoned = "timestamptz '2025-01-02 03:00:00+02' as created_at"
    mapping = write(MAPPING.replace("since as created_at", zoned))
    assert run(mapping) == 0
    assert rows(
        mapping.parent / "own.duckdb", "select created_at from raw.raw_contacts limit 1"
    ) == [("2025-01-02 01:00:00",)]


def test_a_number_or_a_day_keeps_its_type_and_all_else_is_text(write: Callable[..., Path]) -> None:
    typed = "cast(total as double) as order_total, null as email, 3 as phone, null as updated_at"
    mapping = write(
        MAPPING.replace("total as order_total", typed).replace(
            "date as ordered_at", "cast(date as date) as ordered_at"
        )
    )
    assert run(mapping) == 0
    types = rows(
        mapping.parent / "own.duckdb",
        "select column_name, data_type from information_schema.columns"
        " where table_name = 'raw_orders' and column_name not like 'source%'",
    )
    assert dict(types) == {
        "email": "VARCHAR",
        "phone": "VARCHAR",
        "ordered_at": "DATE",
        "order_total": "DOUBLE",
        "updated_at": "VARCHAR",
    }


def test_values_that_staging_will_set_aside_are_noted(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write(orders="order_no,customer,date,total\nA1,007,31/02/2025,1\n,008,2025-04-05,2\n")
    assert run(mapping) == 0
    printed = capsys.readouterr().out
    assert "note: raw_orders.source_order_id is required and empty in 1 of 2 rows, which" in printed
    assert (
        "note: raw_orders.ordered_at is no timestamp in 1 of 2 rows, so their rows are" in printed
    )
    assert "The commonest form is `99/99/9999`" in printed
    assert "31/02/2025" not in printed


@pytest.mark.parametrize(
    ("dates", "totals", "said"),
    [
        (
            ["31/12/2025", "01/02/2025"],
            ["1", "2"],
            "write `strptime(..., '%d/%m/%Y') as ordered_at`",
        ),
        (
            ["12/31/2025", "01/02/2025"],
            ["1", "2"],
            "write `strptime(..., '%m/%d/%Y') as ordered_at`",
        ),
        (["01/02/2025", "03/04/2025"], ["1", "2"], "or '%m/%d/%Y' where the month comes first"),
        (["31.12.25 14:05", "1.2.25 9:00"], ["1", "2"], "strptime(..., '%d.%m.%y %H:%M')"),
        (["31.12.2025", "2025-12-31"], ["1", "2"], "coalesce(cast(try_strptime(..., ['%d.%m.%Y'])"),
        (
            ["Dienstag", "gestern"],
            ["1", "2"],
            "is `aaaaaaaa`, where 9 is a digit and a is a letter",
        ),
        (["2025-01-01"] * 2, ['"1.234,50 €"', '"9,00 €"'], "replace(replace(regexp_replace(..., '"),
        (["2025-01-01"] * 2, ['"$1,234.50"', '"$9.00"'], "'g'), ',', '') as order_total` in"),
        (["2025-01-01"] * 2, ["gratis", "n/a"], "see Recipes for values in examples/own_data"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_with_its_form_and_what_reads_it(
    write: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    dates: list[str],
    totals: list[str],
    said: str,
) -> None:
    lines = [f"A{n},007,{d},{t}" for n, (d, t) in enumerate(zip(dates, totals, strict=True))]
    mapping = write(orders="\n".join(["order_no,customer,date,total", *lines]) + "\n")
    assert run(mapping) == 0
    printed = capsys.readouterr().out
    assert said in printed
    assert not any(f" {value}" in printed for value in ("Dienstag", "31.12", "1.234"))


def test_what_the_note_says_to_write_reads_the_values(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    orders = 'order_no,customer,date,total\nA1,007,31.12.2025 14:05,"1.234,50 €"\n'
    assert run(write(orders=orders)) == 0
    told = re.findall("write `(.+?) as (\\w+)`", capsys.readouterr().out)
    mapping = MAPPING
    for expression, column in told:
        source = {"ordered_at": "date", "order_total": "total"}[column]
        mapping = mapping.replace(
            f"{source} as {column}", f"{expression.replace('...', source)} as {column}"
        )
    written = write(mapping, orders=orders)
    assert run(written) == 0
    assert "note:" not in capsys.readouterr().out
    found = rows(
        written.parent / "own.duckdb", "select ordered_at, order_total from raw.raw_orders"
    )
    assert found == [("2025-12-31 14:05:00", "1234.50")]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        pytest.param(
            MAPPING.replace("raw_contacts:", "raw_contact:"),
            ["tables.raw_contact: the contract has no such table", "Did you mean raw_contacts"],
            id="unknown_table",
        ),
        pytest.param(
            f"{FILES}tables:{RAW_CONTACTS}{RAW_ORDERS}",
            ["the required table raw_events is missing", "`raw_events: {empty: true}`"],
            id="missing_required_table",
        ),
        pytest.param(
            MAPPING.replace("total as order_total,", ""),
            ["tables.raw_orders: the required column order_total is missing", "as order_total"],
            id="missing_required_column",
        ),
        pytest.param(
            MAPPING.replace("as email", "as e_mail"),
            ["tables.raw_contacts: the contract has no column e_mail", "Did you mean email?"],
            id="unknown_column",
        ),
        pytest.param(
            MAPPING.replace("mail as email", "mail as email, id as email"),
            ["tables.raw_contacts: the column email stands twice"],
            id="column_twice",
        ),
        pytest.param(
            MAPPING.replace("from contacts", "from contact"),
            ["tables.raw_contacts: the select is not valid", "contact does not exist"],
            id="unknown_file_in_select",
        ),
        pytest.param(
            MAPPING.replace("mail as email", "e_mail as email"),
            ["tables.raw_contacts: the select", "contacts has the columns: id, mail, since"],
            id="unknown_column_of_a_file",
        ),
        pytest.param(
            MAPPING.replace("from contacts", "frm contacts"),
            ["tables.raw_contacts: the select is not valid", "syntax error"],
            id="syntax_error",
        ),
        pytest.param(
            MAPPING.replace("from contacts", "from contacts; drop table x"),
            ["tables.raw_contacts: write one select and nothing else"],
            id="two_statements",
        ),
        pytest.param(
            MAPPING.replace("from contacts", "from contacts where cast(id as date) is null"),
            ["tables.raw_contacts cannot be loaded", "Nothing was changed"],
            id="fails_while_loading",
        ),
        pytest.param(
            MAPPING.replace("id as source_contact_id", "id::double as source_contact_id"),
            ["source_contact_id is a DOUBLE", "cast(... as bigint) as source_contact_id"],
            id="key_as_double",
        ),
        pytest.param(
            MAPPING.replace("mail as email", "[mail] as interests"),
            ["interests is a VARCHAR[]", "array_to_string"],
            id="nested_value",
        ),
        pytest.param(
            MAPPING.replace("raw_events: {empty: true}", "raw_events: {empty: yes please}"),
            ["tables.raw_events must be a SQL select, or `empty: true`"],
            id="neither_select_nor_empty",
        ),
        pytest.param(
            MAPPING.replace("contacts: contacts.csv", "contacts: nowhere.csv"),
            ["files.contacts: there is no file", "nowhere.csv", "--file contacts=PATH"],
            id="missing_file",
        ),
        pytest.param(
            MAPPING.replace("contacts: contacts.csv", "contacts: null"),
            ["files.contacts has no path", "Add --file contacts=PATH"],
            id="file_without_path",
        ),
        pytest.param(
            MAPPING.replace("contacts: contacts.csv", "contacts: mapping.yml"),
            ["files.contacts", "neither Parquet nor CSV", ".parquet"],
            id="unknown_ending",
        ),
        pytest.param(
            MAPPING.replace("contacts.csv", "{path: contacts.csv, delimeter: ';'}"),
            ["files.contacts: unknown key `delimeter`", "Did you mean delimiter?"],
            id="unknown_file_option",
        ),
        pytest.param(
            MAPPING.replace("contacts.csv", "{path: contacts.csv, delimiter: '||'}"),
            ["files.contacts: delimiter must be one character"],
            id="long_delimiter",
        ),
        pytest.param(
            MAPPING.replace("contacts.csv", "{path: contacts.csv, encoding: klingon}"),
            ["files.contacts", "unknown encoding klingon", "latin-1"],
            id="unknown_encoding",
        ),
        pytest.param(
            MAPPING.replace("contacts.csv", "{path: contacts.csv, skip: two}"),
            ["files.contacts: skip must be the number of lines"],
            id="skip_in_words",
        ),
        pytest.param(
            MAPPING.replace("contacts: contacts.csv", "raw_contacts: contacts.csv"),
            ["`raw_contacts` is the name of a raw table"],
            id="file_named_as_a_raw_table",
        ),
        pytest.param(
            f"{MAPPING}\nsteps: {{orders: select 1 as one}}\n",
            ["`orders` names a file and a step"],
            id="step_named_as_a_file",
        ),
        pytest.param(
            f"{MAPPING}\nsteps: {{known: select nothing from contacts}}\n",
            ["steps.known: the select is not valid", "nothing"],
            id="step_not_valid",
        ),
        pytest.param(
            f"{MAPPING}\nvar: {{as_of_date: 2025-01-01}}\n",
            ["unknown key `var`", "Did you mean vars?"],
            id="unknown_key",
        ),
        pytest.param(
            f"{MAPPING}\nvars: {{as_of_day: 2025-01-01}}\n",
            ["vars.as_of_day: dbt_project.yml has no such variable", "as_of_date"],
            id="unknown_variable",
        ),
        pytest.param(
            f"{MAPPING}\nvars: {{raw_tables: [raw_orders]}}\n",
            ["vars.raw_tables is set by the loader"],
            id="variable_of_the_loader",
        ),
        pytest.param(
            f"{MAPPING}{RAW_EVENTS}",
            ["mapping.yml, line ", "raw_events stands here twice"],
            id="table_twice",
        ),
        pytest.param("tables: [", ["mapping.yml, line 1", "not valid YAML"], id="broken_yaml"),
        pytest.param("just text", ["expected a YAML mapping"], id="no_mapping"),
    ],
)
def test_a_wrong_mapping_is_explained(
    write: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    mapping: str,
    expected: list[str],
) -> None:
    path = write(mapping)
    assert run(path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert all(line.startswith(("error: ", "  ")) for line in printed.err.splitlines())
    for part in expected:
        assert part in printed.err
    assert not (path.parent / "own.duckdb").exists()


def test_a_file_with_another_delimiter_is_explained(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(contacts=CONTACTS.replace(",", ";"))) == 2
    printed = capsys.readouterr().err
    assert "contacts has the columns: id;mail;since" in printed
    assert "Give files.contacts its `delimiter`." in printed


def test_all_problems_of_a_mapping_are_named_at_once(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write(
        MAPPING.replace("as email", "as mail_address").replace("date as ordered_at", "date")
    )
    assert run(mapping) == 2
    printed = capsys.readouterr().err
    assert "no column mail_address" in printed
    assert "required column ordered_at is missing" in printed
    assert "no column date" in printed


def test_wrong_names_in_all_sections_are_named_at_once(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write(f"{MAPPING.replace('raw_events', 'raw_event')}\nvars: {{as_of: 2025-01-01}}\n")
    assert run(mapping, "--file", "order=x.csv") == 2
    printed = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in printed] == ["error"] * 4
    for part in ("--file order=x.csv", "tables.raw_event:", "raw_events is missing", "vars.as_of:"):
        assert sum(part in line for line in printed) == 1


def test_an_unreadable_file_is_explained(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.parquet").write_text("this is no Parquet file")
    mapping = write(MAPPING.replace("contacts.csv", "broken.parquet"))
    assert run(mapping) == 2
    printed = capsys.readouterr().err
    assert f"files.contacts: {tmp_path / 'broken.parquet'} cannot be read" in printed


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        pytest.param("", "contacts.csv is empty", id="empty"),
        pytest.param("id,mail,ID\n", "has the columns: id_1, mail, ID_2", id="name_twice"),
        pytest.param("id,ID,Id_1\n", "names the column Id_1 and others", id="numbered_twice"),
        pytest.param(f"{CONTACTS}009,x,2025-01-01,more\n", "has 4 values", id="a_field_too_many"),
        pytest.param(f"{CONTACTS}009\n", "has 1 value,", id="a_field_too_few"),
        pytest.param(f'{CONTACTS}"009,x,2025-01-01\n', "cannot be", id="open_quote"),
    ],
)
def test_a_broken_csv_loses_no_row_in_silence(
    write: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    contacts: str,
    expected: str,
) -> None:
    assert run(write(contacts=contacts)) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argument", "expected"),
    [("contacts", "write it as name=path"), ("contact=x.csv", "Did you mean contacts?")],
)
def test_a_wrong_file_argument_is_explained(
    write: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    argument: str,
    expected: str,
) -> None:
    assert run(write(), "--file", argument) == 2
    assert expected in capsys.readouterr().err


def test_a_missing_mapping_or_database_is_explained(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nowhere.yml") == 2
    assert "there is no such file" in capsys.readouterr().err
    mapping = str(write())
    assert loader.main([mapping]) == 2
    assert "--database is missing" in capsys.readouterr().err
    assert loader.main([mapping, "--database", str(tmp_path / "no" / "own.duckdb")]) == 2
    assert "a folder that exists" in capsys.readouterr().err
    assert loader.main([mapping, "--database", str(tmp_path / "contacts.csv")]) == 2
    assert "this file is no DuckDB database" in capsys.readouterr().err
    assert (tmp_path / "contacts.csv").read_text(encoding="utf-8") == CONTACTS


def test_a_failed_load_changes_nothing(write: Callable[..., Path]) -> None:
    mapping = write()
    database = mapping.parent / "own.duckdb"
    assert run(mapping) == 0
    late_failure = "from orders where cast(order_no as date) is null"
    write(MAPPING.replace("from orders", late_failure), contacts="id,mail,since\n")
    assert run(mapping) == 2
    assert rows(database, "select count(*) from raw.raw_contacts") == [("2",)]


SPOILT = {
    "a cast": ("id::integer", "007,anna@planted.example,2025-01-02\nPlanted,b@c.de,2025-01-02\n"),
    "a day": ("since::date", "007,anna@planted.example,Planted day\n"),
    "a line with a cell too many": ("id", "007,anna@planted.example,2025-01-02,Planted\n"),
    "a quote that never ends": ("id", '007,"anna@planted.example,2025-01-02\nPlanted'),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_an_error_names_nobody(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str], spoilt: str
) -> None:
    column, rows = SPOILT[spoilt]
    selected = MAPPING.replace("id as source_contact_id", f"{column} as source_contact_id")
    mapping = write(selected, contacts=CONTACTS.splitlines()[0] + "\n" + rows)

    assert run(mapping) == 2
    printed = "".join(capsys.readouterr()).lower()
    assert "cannot be" in printed
    assert "planted" not in printed


def test_the_minimal_example_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "minimal.duckdb"
    assert loader.main([str(OWN_DATA / "minimal.yml"), "--database", str(database)]) == 0
    assert "note:" not in capsys.readouterr().out
    assert rows(database, "select count(*) from raw.raw_orders") == [("6",)]


ONLINE_RETAIL = """\
invoice_no,stock_code,description,quantity,invoice_ts,unit_price,customer_id,country
1,A,APPLE,2,2011-01-01 10:00,1.50,11,France
1,A,APPLE,2,2011-01-01 10:00,1.50,11,France
1,B, PEAR,1,2011-01-01 10:01,0.25,11,France
1,B, PEAR,-1,2011-01-01 10:01,0.25,11,France
C2,A,APPLE,-1,2011-01-03 09:00,1.50,11,EIRE
3,A,lost,-5,2011-01-04 09:00,0,,United Kingdom
A4,D,,1,2011-01-05 09:00,9.99,,United Kingdom
"""


def test_the_rules_of_online_retail_hold_on_a_few_lines(tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(ONLINE_RETAIL, encoding="utf-8")
    database = tmp_path / "retail.duckdb"
    mapping = str(OWN_DATA / "online_retail.yml")
    arguments = [mapping, "--file", f"online_retail={file}", "--database", str(database)]
    assert loader.main(arguments) == 0
    assert rows(
        database,
        "select source_order_id, source_contact_id, ordered_at, order_status, order_total"
        " from raw.raw_orders",
    ) == [
        ("1", "11", "2011-01-01 10:00:00", "completed", "3.25"),
        ("3", None, "2011-01-04 09:00:00", "voided", "0.00"),
        ("A4", None, "2011-01-05 09:00:00", "voided", "9.99"),
        ("C2", "11", "2011-01-03 09:00:00", "cancelled", "-1.50"),
    ]
    assert rows(
        database, "select source_contact_id, country, created_at from raw.raw_contacts"
    ) == [("11", "EIRE", "2011-01-01 10:00:00")]
    assert rows(
        database,
        "select line_number, source_product_id, quantity from raw.raw_order_items"
        " where source_order_id = '1'",
    ) == [("1", "A", "2"), ("1", "A", "2"), ("2", "B", "-1"), ("3", "B", "1")]
    assert rows(database, "from raw.raw_products") == [
        ("A", "APPLE", "1.50"),
        ("B", "PEAR", "0.25"),
        ("D", "D", "9.99"),
    ]


# As tools write moments, and as they spoil them.
MOMENTS = (
    *("2026-01-05", "2026-01-05 10:00", "2026-01-05T10:00:00", "2026-01-05t10:00:00z"),
    *("2026-01-05T10:00:00Z", "2026-01-05 10:00:00 UTC", "2026-01-05T10:00:00+0100"),
    *("2026-01-05 10:00:00 +0100", "2026-01-05 10:00:00+01", "2026-01-05T10:00:00.123456789-05:30"),
    *("05/01/2026", "2026-02-30", "2026-01-05 24:00:00", "2026-01-05 10", "2026-01-05 10:00 CET"),
    *("1767607200", "20260105", "2026-01-05T10:00:00,5Z", "3026-01-05", "2026-01-05 10:00:00+1500"),
)


def test_the_loader_and_staging_read_the_same_moments(
    write: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    compiled: Callable[[str], str],
) -> None:
    columns = list(loader.read_contract()["raw_contacts"].columns)
    frame = pd.DataFrame(None, index=range(len(MOMENTS)), columns=columns, dtype="string")
    frame = frame.assign(source_system="shop", source_contact_id=MOMENTS, created_at=MOMENTS)
    found = run_model(compiled("base_people__contacts"), {"raw_contacts": frame})
    unreadable = found[found["created_at"].isna()]["source_contact_id"]
    assert 5 < len(unreadable) < len(MOMENTS) - 5

    for moment in MOMENTS:
        assert run(write(contacts=f'id,mail,since\n007,,"{moment}"\n')) == 0
        told = "raw_contacts.created_at is no timestamp in 1 of 1 row" in capsys.readouterr().out
        assert told == (moment in set(unreadable)), moment


def recipes() -> list[tuple[str, str, str]]:
    """What stands in a file, what is written in the select, what arrives: from the README."""
    readme = (OWN_DATA / "README.md").read_text(encoding="utf-8")
    lines = readme.partition("| in the file ")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]
    return [(value, select, arrived) for value, select, arrived, *_ in cells]


@pytest.mark.parametrize(("value", "select", "arrived"), recipes())
def test_the_recipes_of_the_readme_give_what_they_say(
    write: Callable[..., Path], value: str, select: str, arrived: str
) -> None:
    column = select.rpartition(" as ")[2]
    of_others = {"consent_status": "raw_consents"}
    of_others |= {"first_name": "raw_contacts", "last_name": "raw_contacts"}
    table = of_others.get(column, "raw_orders")
    needed = {
        "raw_contacts": {"source_contact_id": "7", "created_at": "2026-01-05"},
        "raw_orders": {"source_order_id": "A1", "ordered_at": "2026-01-05", "order_total": "1"},
        "raw_consents": {"source_contact_id": "7", "channel": "email", "occurred_at": "2026-01-05"},
    }[table]
    selected = [f"'{text}' as {name}" for name, text in needed.items() if name != column]
    one = f"select 'shop' as source_system, {', '.join(selected)}, {select} from own"
    files = FILES.replace("}", ", own: own.csv}")
    others = {"raw_contacts": RAW_CONTACTS, "raw_orders": RAW_ORDERS, "raw_events": RAW_EVENTS}
    tables = "".join(text for name, text in others.items() if name != table)
    path = write(f"{files}tables:{tables}\n    {table}: |\n        {one}\n", own=f'x\n"{value}"\n')

    assert run(path) == 0
    found = rows(path.parent / "own.duckdb", f"select {column} from raw.{table}")
    assert found == [(arrived,)]


def test_a_problem_names_its_line(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = write(
        "files:\n  contacts: {path: contacts.csv, delimeter: x}\n  Orders: [orders.csv]\n"
        "steps:\n  lines:\ntables:\n  raw_contact: {empty: true}\n  raw_orders: {empty: 1}\n"
        "vars:\n  as_of_dat: 2026-01-31\n"
    )
    assert run(mapping) == 2
    places = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    lines = [place.removeprefix(f"{mapping}, line ") for place in places]
    # Two required tables are missing, which the section tables is blamed for.
    assert lines == ["2", "3", "3", "5", "6", "6", "7", "8", "10"]


NAMES = st.sampled_from([*"ab", "files", "steps", "tables", "vars", "raw_contacts", "raw_orders"])
NAMES |= st.sampled_from(["path", "empty", "encoding", "as_of_date", "demo_data"]) | st.integers(
    0, 2
)
ENTRIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.dates(),
    lambda entries: st.lists(entries, max_size=2) | st.dictionaries(NAMES, entries, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(content=st.dictionaries(NAMES, ENTRIES, max_size=4))
def test_whatever_a_mapping_holds_is_read_or_explained(content: dict[object, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        problems, tables = [], set()
        try:
            tables = set(loader.read_mapping(path, CONTRACT, ["as_of_date", "demo_data"]).tables)
        except loader.LoadError as error:
            problems = error.problems
        required = {name for name, table in CONTRACT.items() if table.required}
        assert problems or required <= tables
        for problem in problems:
            assert problem.startswith(str(path))
            assert problem.endswith((".", "?", "`"))
