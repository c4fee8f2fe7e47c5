"""The recipe for a new rule in ``seed/rules/README.md`` works as it stands."""

import re
import shutil
from pathlib import Path

from app.catalogue.loader import load_catalogue
from app.rules.compiled_rule import compile_rule
from app.rules.rule_case import case_faults

SEED = Path(__file__).parents[2] / "seed"
RECIPE = (SEED / "rules" / "README.md").read_text("utf-8")


def test_whoever_follows_the_five_steps_has_a_rule(tmp_path: Path) -> None:
    for name in ("catalogue", "rules"):
        shutil.copytree(SEED / name, tmp_path / name)
    shutil.copy(SEED / "departments.yaml", tmp_path)
    (record,) = re.findall(r"```yaml\n(.*?)```", RECIPE, re.DOTALL)
    file = tmp_path / "rules" / "03_conditions.yaml"
    file.write_text(file.read_text("utf-8") + record, "utf-8")

    catalogue = load_catalogue(tmp_path / "catalogue")

    added = next(r for r in catalogue.rules if r.identifier == "QR.LIBRARY_COLLECTION.*.15")
    assert list(case_faults(compile_rule(added, catalogue), catalogue)) == []


def test_the_recipe_has_five_steps() -> None:
    assert re.findall(r"^(\d)\. ", RECIPE, re.MULTILINE) == list("12345")
