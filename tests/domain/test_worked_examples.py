"""Every worked example of the reference through the rule files, by the calendar dates it gives."""

import ast
import operator
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.basket import weighed
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Limit, OutageRule, Rules, Term
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.windows import Transaction
from pcc_desk.shipped import data_folder
from tests.domain.shops import FINER, Bought, finer, in_basis, left, measures, now, standing, used

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (data_folder() / "jurisdictions" / "worked-examples.toml").read_text("utf-8"), parse_float=Decimal
)["vector"]
OF_RULES = [each for each in VECTORS if each.get("checks") and "limit" not in each]
OF_ARITHMETIC = [each for each in VECTORS if each.get("arithmetic")]


def name(vector: Mapping[str, Any]) -> str:
    return str(vector["id"])


def bought(line: Mapping[str, Any]) -> Bought:
    return Bought(
        line["on"].isoformat(), line["cat"], line["q"], line.get("product", "some product"), line.get("thc_pct")
    )


@pytest.mark.parametrize("vector", OF_RULES, ids=name)
def test_the_rule_files_give_what_the_regulator_or_the_shop_gives_as_an_example(vector: dict[str, Any]) -> None:
    anchor = vector.get("anchor")
    for check in vector["checks"]:
        day: date = check["on"]
        lines = [bought(each) for each in vector["purchases"] if each["on"] <= day]
        where = standing(vector["jurisdiction"], day.isoformat(), lines, anchor=anchor and anchor.isoformat())
        assert where.rules.ruleset == vector.get("ruleset", where.rules.ruleset)
        if "used" in check:
            assert used(where, check["limit"]) == Fraction(check["used"])
        if "left" in check:
            assert left(where, check["limit"]) == Fraction(check["left"])
        for quantity in check.get("left_as", ()):
            assert now(where, quantity["cat"], quantity["basis"]) == Fraction(quantity["qty"])


def test_three_units_of_three_products_are_six_days_and_of_one_product_four() -> None:
    """Ohio's example has two halves; the file writes out the first."""
    (vector,) = [each for each in VECTORS if each["id"] == "oh-whole-day-rounding"]
    lines = [Bought("2019-12-02", "flower", {"net_g": "2.83"}, product, "20") for product in "ABC"]
    assert "of three product IDs are six" in vector["text"]
    assert used(standing("OH", "2019-12-02", lines), "oh-90") == 6


def test_new_jerseys_mixed_basket_is_exactly_the_adults_ounce() -> None:
    """Adult use is no rule of the files: the limit stands in the example, and its lines are one basket."""
    (vector,) = [each for each in VECTORS if "limit" in each]
    said = vector["limit"]
    assert said["window"] == {"kind": "transaction"}
    ounce_mg = Fraction(28_000)
    smallest = {"net_oz": ounce_mg}
    limit = Limit(
        id=said["id"],
        amount=Fraction(said["amount"]),
        unit="oz",
        window=Transaction(),
        terms=tuple(
            Term(
                tuple(each["cat"]),
                Basis(each["basis"]),
                Fraction(each["per"]) * smallest.get(each["basis"], Fraction(1000)),
            )
            for each in said["terms"]
        ),
        unknown=frozenset(),
        excluded=frozenset(),
    )
    outage = OutageRule(sales_allowed=False, why="")
    rules = finer(Rules("NJ", "New Jersey", "adult", date(2024, 1, 1), (), (limit,), outage, ounce_mg))
    (check,) = vector["checks"]
    where = evaluate(rules, (), None, None, check["on"])
    basket = [
        Scalable(each["cat"], each["cat"], measures(rules, each["q"]), Fraction(1)) for each in vector["purchases"]
    ]
    found = weighed(where, basket)
    assert isinstance(found, list)
    ((_, after),) = found
    assert after == Fraction(check["left"])
    assert Fraction(said["amount"]) - after == Fraction(check["used"])
    assert in_basis(where, "net_oz", ounce_mg * FINER) == 1


OPERATIONS: dict[type[ast.operator], Any] = {ast.Mult: operator.mul, ast.Add: operator.add, ast.Sub: operator.sub}


def exactly(node: ast.expr, text: str) -> Fraction:
    """Return a sum or product of decimal numbers, exactly."""
    if isinstance(node, ast.BinOp):
        found: Fraction = OPERATIONS[type(node.op)](exactly(node.left, text), exactly(node.right, text))
        return found
    return Fraction(Decimal(ast.get_source_segment(text, node) or ""))


@pytest.mark.parametrize("vector", OF_ARITHMETIC, ids=name)
def test_the_sums_that_a_source_states_are_right(vector: dict[str, Any]) -> None:
    for stated in vector["arithmetic"]:
        tree = ast.parse(stated["expr"], mode="eval")
        assert exactly(tree.body, stated["expr"]) == Fraction(Decimal(stated["equals"]))


def test_no_worked_example_is_left_out() -> None:
    told = {name(each) for each in (*OF_RULES, *OF_ARITHMETIC)} | {"nj-adult-mix"}
    silent = {name(each) for each in VECTORS} - told
    assert silent == {"nm-return-day-conflict"}
    assert len(VECTORS) == 19
