"""`pcc-desk reconcile`: two exports of a day compared without a store."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from pcc_desk.cli import desk, guarded, main
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.simulator.seeded.making import agreeing_day
from pcc_desk.simulator.seeded.own_seeds import OWN_SEEDS
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded
from pcc_desk.simulator.seeded.writing import write_day

POS = """Order ID,Order Time,Package ID,Total Inventory Sold,Net Sales,Patient Number
4471,2026-03-11 14:12:00,1A4050100000111000000417,3.5,$52.00,MI-P-1
4472,2026-03-11 14:20:00,1A4050100000111000000933,2,$25.00,MI-P-2
"""
STATE = """ReceiptNumber,SalesDateTime,PackageLabel,QuantitySold,TotalPrice,PatientLicenseNumber
90217,2026-03-11T14:12:05,1A4050100000111000000417,3.5,52.00,MI-P-1
90218,2026-03-11T14:20:02,1A4050100000111000000933,2.0,25.00,MI-P-2
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(desk, ["reconcile", *arguments], catch_exceptions=False)


def compare(folder: Path, pos: str = POS, state: str = STATE, *more: str, day: str = "2026-03-11") -> Result:
    (folder / "pos.csv").write_text(pos)
    (folder / "state.csv").write_text(state)
    files = ("--pos", str(folder / "pos.csv"), "--state", str(folder / "state.csv"))
    return run(*files, "--zone", "America/Detroit", "--day", day, *more)


def answer(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_two_files_that_agree_end_with_0(tmp_path: Path) -> None:
    result = compare(tmp_path, POS, STATE, "--json")
    told = answer(result)
    assert result.exit_code == 0
    assert list(told) == [
        "day", "zone", "compared", "not_compared", "not_looked_at", "matched", "findings", "totals",
    ]  # fmt: skip
    assert (told["compared"], told["matched"], told["findings"]) == (True, 2, [])
    assert told["totals"]["sales_before_tax"] == told["totals"]["receipts_before_tax"] == "77.00"


def test_what_no_rules_tell_of_is_told_as_not_looked_at(tmp_path: Path) -> None:
    assert answer(compare(tmp_path, POS, STATE, "--json"))["not_looked_at"] == ["hours", "packages", "cards", "limits"]
    assert "Not looked at, since no rules tell of it: hours, packages, cards, limits." in compare(tmp_path).stdout
    rules = tmp_path / "rules.toml"
    rules.write_text('[hours]\nopens = "08:00"\ncloses = "21:00"\n')
    told = answer(compare(tmp_path, POS, STATE, "--json", "--rules", str(rules)))
    assert told["not_looked_at"] == ["packages", "cards", "limits"]


def test_quantities_are_compared_to_the_last_figure_that_is_told(tmp_path: Path) -> None:
    pos, state = POS.replace(",3.5,", ",28.3495,"), STATE.replace(",3.5,", ",28.3495,")
    assert compare(tmp_path, pos, state).exit_code == 0
    (found,) = answer(compare(tmp_path, pos, STATE.replace(",3.5,", ",28.349,"), "--json"))["findings"]
    assert (found["class"], found["sale"]["lines"][0]["quantity"]) == ("QTY", "28.3495")
    receipts = {
        "ReceiptNumber": "90217",
        "Id": 1,
        "SalesDateTime": "2026-03-11T14:12:05",
        "Transactions": [{"PackageLabel": "1A4050100000111000000417", "QuantitySold": 28.3495, "TotalPrice": 52.0}],
    }
    pos = "\n".join(pos.splitlines()[:2]) + "\n"
    assert compare(tmp_path, pos, json.dumps([receipts])).exit_code == 0


def test_a_difference_ends_with_1_and_is_told_with_both_sides(tmp_path: Path) -> None:
    result = compare(tmp_path, POS, STATE.replace("3.5,52.00", "7,52.00"), "--json")
    (found,) = answer(result)["findings"]
    assert result.exit_code == 1
    assert found["class"] == "QTY"
    assert found["severity"] == "medium"
    assert found["sale"]["number"] == "4471"
    assert found["receipt"]["number"] == "90217"
    assert found["receipt"]["lines"][0]["quantity"] == "7"
    assert found["what"] == "1A40…0417: 3.5 sold, 7 reported"
    assert found["never"].startswith("Never adjust the package")


def test_numbers_of_people_are_shown_by_their_ends_only(tmp_path: Path) -> None:
    result = compare(tmp_path, POS.replace("MI-P-1", "MI-P-0041-7723"), STATE, "--json")
    assert "00417723" not in result.stdout
    assert "…7723" in result.stdout


def test_a_person_reads_what_is_wrong_why_and_what_to_do(tmp_path: Path) -> None:
    result = compare(tmp_path, POS, STATE.splitlines()[0] + "\n" + STATE.splitlines()[1] + "\n")
    assert result.exit_code == 1
    assert "MISSING_IN_STATE  high  sale 4472 · no receipt" in result.stdout
    assert "  Fix    Post it again from the point of sale's log" in result.stdout
    assert "1 matched · 1 to look at" in result.stdout


def test_a_person_reads_what_one_cause_brought_about_as_one(tmp_path: Path) -> None:
    head, first = POS.splitlines()[:2]
    gap = [first.replace("4471", f"448{n}").replace("14:12", f"15:1{n}") for n in range(4)]
    result = compare(
        tmp_path, "\n".join([head, first, *gap, ""]), STATE.splitlines()[0] + "\n" + STATE.splitlines()[1] + "\n"
    )
    assert (result.stdout.count("  Fix "), result.stdout.count("  Also   sale 448")) == (1, 3)
    assert "With others: nothing is there from" in result.stdout


@pytest.mark.parametrize(
    ("pos", "state", "side", "why"),
    [
        ("", STATE, "POS", "it is empty"),
        ("<html><body>502</body></html>\n", STATE, "POS", "no row of titles is among its first 20 rows"),
        (POS[:-20], STATE, "POS", "row 3 has 3 columns"),
        (POS.replace("1A4050100000111000000417", "1.23E+15"), STATE, "POS", "damaged by a spreadsheet"),
        (POS.replace("1A4050100000111000000417", "?"), STATE, "POS", "“?” stands in the place of the tag"),
        (POS, STATE.replace("1A4050100000111000000417", "?"), "state", "“?” stands in the place of the tag"),
        (POS, STATE.replace("QuantitySold", "Sold of it"), "state", "no column is known for how much of the package"),
        (
            POS,
            '[{"Id": 1, "SalesDateTime": "2026-03-11T14:12:05", "Transactions": []}]',
            "state",
            "without their lines",
        ),
        (POS, "[{", "state", "cut or no JSON"),
    ],
)
def test_a_side_that_cannot_be_read_is_not_compared_and_ends_with_2(
    tmp_path: Path, pos: str, state: str, side: str, why: str
) -> None:
    result = compare(tmp_path, pos, state, "--json")
    told = answer(result)
    assert result.exit_code == 2
    assert (told["compared"], told["matched"], told["findings"]) == (False, 0, [])
    assert [each["side"] for each in told["not_compared"]] == [side]
    assert why in told["not_compared"][0]["why"]


def test_a_file_that_is_not_there_is_not_compared(tmp_path: Path) -> None:
    result = run(
        "--pos", str(tmp_path / "no.csv"), "--state", str(tmp_path / "no.json"), "--zone", "America/Detroit",
        "--day", "2026-03-11",
    )  # fmt: skip
    assert result.exit_code == 2
    assert "NOT COMPARED" in result.stdout
    assert "no.csv cannot be read (No such file or directory)" in result.stdout


def test_receipts_of_metrcs_interface_are_read_as_they_come(tmp_path: Path) -> None:
    receipt = {
        "Id": 90217,
        "SalesDateTime": "2026-03-11T14:12:05.000",
        "SalesCustomerType": "Patient",
        "PatientLicenseNumber": "MI-P-1",
        "Transactions": [{"PackageLabel": "1A4050100000111000000417", "QuantitySold": 3.5, "TotalPrice": 52.0}],
        "ArchivedDate": None,
        "RecordedDateTime": "2026-03-11T18:12:09+00:00",
    }
    second = {**receipt, "Id": 90218, "SalesDateTime": "2026-03-11T14:20:02.000", "PatientLicenseNumber": "MI-P-2"}
    second["Transactions"] = [{"PackageLabel": "1A4050100000111000000933", "QuantitySold": 2.0, "TotalPrice": 25.0}]
    assert compare(tmp_path, POS, json.dumps({"Data": [receipt, second], "TotalPages": 1})).exit_code == 0
    late = [{**receipt, "RecordedDateTime": "2026-03-12T18:12:09+00:00"}, second]
    assert [each["class"] for each in answer(compare(tmp_path, POS, json.dumps(late), "--json"))["findings"]] == [
        "LATE"
    ]


def test_a_receipt_of_metrcs_interface_is_called_by_the_number_that_a_person_finds_it_by(tmp_path: Path) -> None:
    receipts = [
        {
            "Id": number,
            "ReceiptNumber": f"0000{number}",
            "SalesDateTime": "2026-03-11T14:12:05.000",
            "PatientLicenseNumber": "MI-P-1",
            "Transactions": [{"PackageLabel": "1A4050100000111000000417", "QuantitySold": 3.5, "TotalPrice": 52.0}],
        }
        for number in (90217, 90218)
    ]
    pos = "\n".join(POS.splitlines()[:2]) + "\n"
    (found,) = answer(compare(tmp_path, pos, json.dumps(receipts), "--json"))["findings"]
    assert (found["class"], found["receipt"]["number"], found["receipt"]["id"]) == ("DUPLICATE", "000090218", "90218")
    assert "the later one, 000090218" in found["fix"]
    assert "receipt 000090218" in compare(tmp_path, pos, json.dumps(receipts)).stdout


def test_sales_of_dutchies_interface_are_read_as_they_come(tmp_path: Path) -> None:
    sale = {
        "transactionId": 4471,
        "transactionDate": "2026-03-11T18:12:00Z",
        "transactionDateLocalTime": "2026-03-11T14:12:00",
        "transactionType": "Retail",
        "isVoid": False,
        "isReturn": False,
        "items": [
            {
                "transactionItemId": 1,
                "quantity": 3.5,
                "totalPrice": 52.0,
                "totalDiscount": 0.0,
                "packageId": "1A4050100000111000000417",
            }
        ],
    }
    (tmp_path / "pos.json").write_text(json.dumps([sale]))
    (tmp_path / "state.csv").write_text("".join(f"{line}\n" for line in STATE.splitlines()[:2]))
    files = ("--pos", str(tmp_path / "pos.json"), "--state", str(tmp_path / "state.csv"))
    told = answer(run(*files, "--zone", "America/Detroit", "--day", "2026-03-11", "--json"))
    assert (told["not_compared"], told["matched"], told["findings"]) == ([], 1, [])


def test_what_the_desk_handed_out_is_the_third_side(tmp_path: Path) -> None:
    desk_file = tmp_path / "desk.csv"
    desk_file.write_text(
        "Sale ID,Sold At,Package ID,Quantity,Net Sales,Patient Number\n"
        "PCC-1,2026-03-11 14:11:00,1A4050100000111000000417,3.5,52.00,MI-P-1\n"
        "PCC-2,2026-03-11 16:00:00,1A4050100000111000000417,1,15.00,MI-P-9\n"
    )
    (found,) = answer(compare(tmp_path, POS, STATE, "--desk", str(desk_file), "--json"))["findings"]
    assert found["class"] == "MISSING_IN_STATE"
    assert (found["sale"], found["desk"]["number"]) == (None, "PCC-2")


def test_a_file_of_the_desk_that_holds_other_days_only_is_not_compared(tmp_path: Path) -> None:
    """A quiet day of the desk is one on which it handed nothing out: that is no reason."""
    own = tmp_path / "desk.csv"
    own.write_text(POS.replace("2026-03-11", "2026-03-10"))
    result = compare(tmp_path, POS, STATE, "--desk", str(own), "--json")
    assert (result.exit_code, answer(result)["matched"]) == (2, 0)
    (silent,) = answer(result)["not_compared"]
    assert (silent["side"], "nothing of 2026-03-11" in silent["why"]) == ("desk", True)
    own.write_text(POS.splitlines()[0] + "\n")
    assert compare(tmp_path, POS, STATE, "--desk", str(own)).exit_code == 0


def test_a_file_of_the_desk_that_is_one_page_of_several_is_not_compared(tmp_path: Path) -> None:
    own = tmp_path / "desk.json"
    own.write_text('{"total": 120, "orders": []}')
    result = compare(tmp_path, POS, STATE, "--desk", str(own), "--json")
    assert (result.exit_code, answer(result)["matched"]) == (2, 0)
    (silent,) = answer(result)["not_compared"]
    assert (silent["side"], "it holds 0 of 120 orders" in silent["why"]) == ("desk", True)


def test_rules_say_what_is_tolerated_and_when_may_be_sold(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[tolerance]\nprice_cents = 500\n[hours]\nopens = "08:00"\ncloses = "14:15"\n')
    state = STATE.replace("52.00", "50.00")
    found = answer(compare(tmp_path, POS, state, "--rules", str(rules), "--json"))
    assert [each["class"] for each in found["findings"]] == ["HOURS"]
    assert found["totals"]["terms"]["price_cents_a_line"] == 500
    assert [each["class"] for each in answer(compare(tmp_path, POS, state, "--json"))["findings"]] == ["PRICE"]


def test_a_whole_day_in_which_may_be_sold_ends_at_24(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[hours]\nopens = "00:00"\ncloses = "24:00"\n')
    assert answer(compare(tmp_path, POS, STATE, "--rules", str(rules), "--json"))["findings"] == []
    rules.write_text('[hours]\nwednesday = ["00:00", "24:00"]\n')
    assert answer(compare(tmp_path, POS, STATE, "--rules", str(rules), "--json"))["findings"] == []


def test_of_a_weekday_of_which_the_rules_tell_no_hours_nothing_is_said(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    for hours, found in (('friday = ["09:00", "21:00"]', 0), ('sunday = "closed"', 0), ('wednesday = "closed"', 2)):
        rules.write_text(f"[hours]\n{hours}\n")
        told = answer(compare(tmp_path, POS, STATE, "--rules", str(rules), "--json"))["findings"]
        assert [each["class"] for each in told] == ["HOURS"] * found


def test_rules_may_begin_with_a_byte_order_mark_and_no_other_alphabet_is_guessed(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("least_cents = 0\n", encoding="utf-8-sig")
    assert compare(tmp_path, POS, STATE, "--rules", str(rules)).exit_code == 0
    rules.write_text("least_cents = 0\n", encoding="utf-16")
    with pytest.raises(Exception, match=r"rules.toml is not written in UTF-8; save it so\."):
        compare(tmp_path, POS, STATE, "--rules", str(rules))


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("[tolerance]\nprize_cents = 5\n", "there is no rule “tolerance.prize_cents”"),
        ("[tolerance]\nprice_cents = -5\n", "it cannot be below zero"),
        ('[hours]\nopens = "25:00"\ncloses = "21:00"\n', "hours.opens"),
        (
            '[hours]\nopens = "00:00"\ncloses = "00:00"\n',
            'hours: they end as they begin; the whole day is written "00:00"',
        ),
        ('[hours]\nfriday = ["09:00", "09:00"]\n', "hours.friday: they end as they begin"),
        ("tolerance = 5\n", "tolerance is written [tolerance]"),
        ("[posting]\nwindow_hours = 99999999999999\n", "posting.window_hours: it is too large."),
        ('[tolerance]\nquantity = "nan"\n', "Type digits, such as 3.5."),
        ("[", "is no TOML"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_the_place(tmp_path: Path, rules: str, why: str) -> None:
    (tmp_path / "rules.toml").write_text(rules)
    (tmp_path / "pos.csv").write_text(POS)
    files = ("--pos", str(tmp_path / "pos.csv"), "--state", str(tmp_path / "pos.csv"))
    given = (*files, "--zone", "America/Detroit", "--day", "2026-03-11", "--rules", str(tmp_path / "rules.toml"))
    with pytest.raises(Exception, match="--rules") as refused:
        run(*given)
    assert why in str(refused.value)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("kind", SEEDS)
def test_every_class_is_found_in_files_too(tmp_path: Path, kind: FindingClass, as_json: bool) -> None:
    made = seeded(agreeing_day(date(2026, 3, 11), ZoneInfo("America/Detroit"), 20, 3), [kind])
    pos, state, rules, key = write_day(made, tmp_path, as_json=as_json)
    files = ("--pos", str(pos), "--state", str(state), "--rules", str(rules))
    told = answer(run(*files, "--zone", "America/Detroit", "--day", "2026-03-11", "--json"))
    wanted = json.loads(key.read_text())["differences"]
    assert [each["class"] for each in told["findings"]] == [each["class"] for each in wanted] == [kind.value]
    assert (told["findings"][0]["sale"] or {}).get("number") == wanted[0]["sale"]


def test_an_invented_day_is_written_with_its_key(tmp_path: Path) -> None:
    made = CliRunner().invoke(desk, ["simulate", "day", str(tmp_path), "--sales", "80", "--every", "1"])
    assert made.exit_code == 0, made.output
    files = ("--pos", str(tmp_path / "pos.csv"), "--state", str(tmp_path / "state.csv"))
    rules = ("--rules", str(tmp_path / "rules.toml"))
    told = answer(run(*files, *rules, "--zone", "America/Detroit", "--day", "2026-03-11", "--json"))
    key = json.loads((tmp_path / "key.json").read_text())["differences"]
    assert sorted(each["class"] for each in told["findings"]) == sorted(each["class"] for each in key)
    assert len(key) == 27


def numbers(found: dict[str, Any]) -> tuple[str, ...]:
    """Return what a finding of an answer, or an entry of a key, is about."""
    sides = ((found[side] or {}).get("number") if isinstance(found[side], dict) else found[side] for side in SIDES)
    return (found["class"], *(each or "" for each in sides))


SIDES = ("sale", "receipt", "desk")


@pytest.mark.parametrize("seed", range(6))
def test_what_the_desk_handed_out_has_its_own_differences_in_the_key(tmp_path: Path, seed: int) -> None:
    made = ("--sales", "120", "--every", "2", "--seed", str(seed))
    assert CliRunner().invoke(desk, ["simulate", "day", str(tmp_path), *made]).exit_code == 0
    files = [part for name in ("pos", "state") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    files += ["--rules", str(tmp_path / "rules.toml"), "--zone", "America/Detroit", "--day", "2026-03-11", "--json"]
    key = json.loads((tmp_path / "key.json").read_text())
    told = answer(run(*files, "--desk", str(tmp_path / "desk.csv")))
    found = sorted(numbers(each)[:-1] for each in told["findings"])
    without = sorted(numbers(each)[:-1] for each in key["differences"])
    assert found == sorted([*without, *(numbers(each)[:-1] for each in key["with_desk"])])
    assert {numbers(each) for each in told["findings"]} >= {numbers(each) for each in key["with_desk"]}
    assert sorted(numbers(each)[:-1] for each in answer(run(*files))["findings"]) == without
    assert told["totals"]["dispensed"] == key["dispensed"]


@pytest.mark.parametrize("kind", OWN_SEEDS)
def test_a_class_of_the_desk_s_own_is_put_in_by_its_name(tmp_path: Path, kind: FindingClass) -> None:
    made = ("--sales", "9", "--desk-class", kind.value)
    assert CliRunner().invoke(desk, ["simulate", "day", str(tmp_path), *made]).exit_code == 0
    files = [part for name in ("pos", "state", "desk") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    files += ["--rules", str(tmp_path / "rules.toml"), "--zone", "America/Detroit", "--day", "2026-03-11", "--json"]
    (found,) = answer(run(*files))["findings"]
    assert (found["class"], found["desk"] is not None) == (kind.value, True)


def test_more_differences_than_sales_are_refused_with_how_many_it_takes(tmp_path: Path) -> None:
    made = CliRunner().invoke(desk, ["simulate", "day", str(tmp_path), "--sales", "30", "--every", "1"])
    assert made.exit_code == 2
    assert "give --sales 36 or more" in made.output


def test_the_page_names_every_field_class_and_rule(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reconcile-json.md").read_text(encoding="utf-8")
    told = answer(compare(tmp_path, POS, STATE.replace("3.5,52.00", "7,52.00"), "--json"))
    (found,) = told["findings"]
    fields = [*told, *found, *found["sale"], *found["receipt"], *found["sale"]["lines"][0], *told["totals"]]
    assert [each for each in fields if f"`{each}`" not in page] == []
    assert [each.value for each in FindingClass if f"`{each.value}`" not in page] == []
    rules = tmp_path / "rules.toml"
    rules.write_text(page.split("```toml\n")[1].split("```")[0])
    compare(tmp_path, POS, STATE, "--rules", str(rules))


@pytest.mark.parametrize("only_titles", [False, True])
def test_a_day_of_which_neither_side_holds_anything_is_not_compared(tmp_path: Path, *, only_titles: bool) -> None:
    pos, state = (each.split("\n")[0] + "\n" if only_titles else each for each in (POS, STATE))
    result = compare(tmp_path, pos, state, day="2026-03-14")
    assert result.exit_code == 2
    assert "pos.csv holds nothing of 2026-03-14" in result.stdout
    assert "agree" not in result.stdout


@pytest.mark.parametrize("more", [("--zone", "Nowhere"), ("--day", "tomorrow"), ("--rules", "no.toml")])
def test_an_option_that_cannot_be_used_is_no_difference(
    tmp_path: Path, more: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = guarded(lambda: compare(tmp_path, POS, STATE, *more))
    assert (status, more[0] in capsys.readouterr().err) == (2, True)


def test_a_page_of_the_receipts_is_not_taken_for_all_of_them(tmp_path: Path) -> None:
    receipt = {
        "Id": 90217,
        "SalesDateTime": "2026-03-11T14:12:05.000",
        "Transactions": [{"PackageLabel": "1A4050100000111000000417", "QuantitySold": 3.5, "TotalPrice": 52.0}],
    }
    for envelope, why in (
        ({"TotalPages": 2, "CurrentPage": 1}, "one of 2 pages"),
        ({"TotalPages": 2, "TotalRecords": 2}, "holds 1 of 2 receipts"),
        ({"TotalPages": 2, "Total": 2}, "holds 1 of 2 receipts"),
    ):
        result = compare(tmp_path, POS, json.dumps({"Data": [receipt], **envelope}))
        assert (result.exit_code, why in result.stdout) == (2, True), result.stdout
    whole = {"Data": [receipt], "TotalPages": 2, "TotalRecords": 1}
    assert compare(tmp_path, POS.split("4472", maxsplit=1)[0], json.dumps(whole)).exit_code == 0


def test_receipts_nested_too_deeply_are_refused_and_no_accident(tmp_path: Path) -> None:
    result = compare(tmp_path, POS, "[" * 200_000)
    assert (result.exit_code, "it is cut or no JSON" in result.stdout) == (2, True)


@pytest.mark.parametrize("stops", [KeyboardInterrupt(), OSError(5, "Input/output error"), RuntimeError()])
def test_what_keeps_it_from_its_answer_is_never_told_as_something_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops: BaseException
) -> None:
    def stop(*given: object, **known: object) -> None:
        raise stops

    monkeypatch.setattr("pcc_desk.commands.reconcile.compare_files", stop)
    files = ["--pos", str(tmp_path / "pos.csv"), "--state", str(tmp_path / "state.csv")]
    assert main(["reconcile", *files, "--zone", "America/Detroit", "--day", "2026-03-11"]) == 2
