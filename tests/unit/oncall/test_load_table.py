from evenfall.oncall.logic import load_table
from evenfall.oncall.logic.loads import Tally


def test_a_line_has_a_cell_under_every_head() -> None:
    line = load_table.line(3, "Ada", 0.51234, Tally(day_hours=1.25, pages=2), 41.25)
    told = dict(zip(load_table.HEAD, line, strict=True))
    assert told["share"] == 0.512
    assert told["standby_hours"] == 1.2
    assert told["pages"] == 2


def test_a_name_is_never_a_formula() -> None:
    assert load_table.line(3, "=1+1", 1, Tally(), 0)[1] == "'=1+1"
