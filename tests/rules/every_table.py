"""Asks a test of all rules of a table at once: there are thousands of rules."""

from collections import defaultdict

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule


def of_every_table(catalogue: Catalogue) -> pytest.MarkDecorator:
    """Marks a test of ``rules`` to run once for every table; it names the rules that fail."""
    by_table: dict[str, list[QualityRule]] = defaultdict(list)
    for rule in catalogue.rules:
        by_table[rule.table].append(rule)
    return pytest.mark.parametrize(
        "rules", [pytest.param(rules, id=table) for table, rules in by_table.items()]
    )
