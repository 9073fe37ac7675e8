"""Texts of strangers in tables that spreadsheets open."""

from cli.map_translate import _written
from loaders.tables import Row, Table


def test_a_text_of_a_workbook_is_no_formula_in_the_csv_made_of_it() -> None:
    table = Table("x.xlsx", "Sheet1", ("Mã", "=1+1"), 1, 1, [Row(2, ("01", "=HYPERLINK(1)")), Row(3, ("02", -5))], ())
    added: dict[int, list[list[str | int]]] = {2: [["a"]], 3: [["b"]]}
    written, _ = _written(b"", None, table, ["Mã mới"], added, ".csv", expand=False)
    assert written.decode("utf-8-sig").splitlines() == ["Mã,'=1+1,Mã mới", "01,'=HYPERLINK(1),a", "02,-5,b"]
