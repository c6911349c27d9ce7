import csv
import io

from evenfall.platform.tables import csv_text


def test_table_can_be_read_back() -> None:
    text = csv_text(("name", "why"), [("Ada, of London", 'said "yes"\nand meant it')])
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "why"],
        ["Ada, of London", 'said "yes"\nand meant it'],
    ]


def test_no_cell_is_a_formula() -> None:
    assert "'=1+1" in csv_text(("name",), [("=1+1",)])
