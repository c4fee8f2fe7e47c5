"""The scheme of the appraisal: criteria, items, weights and how each is scored (第十七条)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.catalogue.fault import CatalogueError
from app.domain.appraisal import Case, ItemMode, Metric
from app.domain.department import DepartmentKind
from app.domain.scoring import BY_HAND, Band, GradeRule, GradeStep, Scoring, ScoringKind

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONGEST_NAME = 60
_SCORING_WORDS = {
    ScoringKind.DEDUCTION: {"free", "per", "cases"},
    ScoringKind.SHARE: {"from", "to", "cases"},
    ScoringKind.EACH: {"free", "per"},
    ScoringKind.BANDS: {"bands", "cases"},
    ScoringKind.GRADES: {"grades"},
    ScoringKind.POINTS: set[str](),
}


@dataclass(frozen=True)
class ItemSpec:
    """One item: ``rule`` and ``evidence`` are for people, ``scoring`` is what is computed."""

    identifier: str
    name: str
    weight: Decimal
    mode: ItemMode
    scoring: Scoring
    metric: Metric | None = None
    rule: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class CriterionSpec:
    """One clause of the article with its items."""

    identifier: str
    name: str
    weight: Decimal
    items: tuple[ItemSpec, ...]


@dataclass(frozen=True)
class GroupSpec:
    """Departments that are ranked among themselves."""

    name: str
    kinds: frozenset[DepartmentKind]


@dataclass(frozen=True)
class Scheme:
    """The whole scheme.

    ``unranked`` departments are scored and not ranked; ``veto_highest`` is the
    best grade after a veto; ``correction_days`` is the term of a return that
    names none. ``content`` is the file itself, ``digest`` its SHA-256.
    """

    title: str
    basis: str
    full_score: Decimal
    correction_days: int
    groups: tuple[GroupSpec, ...]
    unranked: frozenset[str]
    grades: tuple[GradeRule, ...]
    bonus_maximum: Decimal
    bonus_rule: str
    veto_highest: str
    veto_rule: str
    criteria: tuple[CriterionSpec, ...]
    content: str
    digest: str

    @cached_property
    def items(self) -> Mapping[str, ItemSpec]:
        """All items in their order, by identifier."""
        return {item.identifier: item for one in self.criteria for item in one.items}

    def group_of(self, kind: DepartmentKind) -> str:
        """The name of the group a kind of department is ranked in."""
        return next(group.name for group in self.groups if kind in group.kinds)


def load_scheme(path: Path) -> Scheme:
    """The scheme of a file; CatalogueError names every fault."""
    return read_scheme(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def read_scheme(content: str) -> Scheme:
    """The scheme from its text; an appraisal keeps the text it was made with."""
    try:
        data = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, see above
        scheme = _scheme(data, content)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise CatalogueError([f"appraisal scheme: {error!r}"]) from error
    if faults := _faults(scheme):
        raise CatalogueError([f"appraisal scheme: {fault}" for fault in faults])
    return scheme


def _scheme(data: Mapping[str, Any], content: str) -> Scheme:
    bonus, veto = data["adjustments"]["bonus"], data["adjustments"]["veto"]
    return Scheme(
        title=str(data["title"]),
        basis=str(data["basis"]),
        full_score=_decimal(data["full_score"]),
        correction_days=int(data["correction_days"]),
        groups=tuple(
            GroupSpec(one["name"], frozenset(map(DepartmentKind, one["kinds"])))
            for one in data["groups"]
        ),
        unranked=frozenset(data.get("unranked", ())),
        grades=tuple(
            GradeRule(one["name"], _decimal(one["minimum"]), _optional(one.get("quota")))
            for one in data["grades"]
        ),
        bonus_maximum=_decimal(bonus["maximum"]),
        bonus_rule=str(bonus["rule"]),
        veto_highest=str(veto["highest"]),
        veto_rule=str(veto["rule"]),
        criteria=tuple(map(_criterion, data["criteria"])),
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )


def _criterion(data: Mapping[str, Any]) -> CriterionSpec:
    return CriterionSpec(
        identifier=str(data["identifier"]),
        name=str(data["name"]),
        weight=_decimal(data["weight"]),
        items=tuple(_item(item) for item in data["items"]),
    )


def _item(data: Mapping[str, Any]) -> ItemSpec:
    try:
        return ItemSpec(
            identifier=str(data["identifier"]),
            name=str(data["name"]),
            weight=_decimal(data["weight"]),
            mode=ItemMode(data["mode"]),
            scoring=_scoring(data["scoring"]),
            metric=Metric(data["metric"]) if "metric" in data else None,
            rule=str(data.get("rule", "")),
            evidence=str(data.get("evidence", "")),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"item {data.get('identifier')}: {error}") from error


def _scoring(data: Mapping[str, Any]) -> Scoring:
    kind = ScoringKind(data["kind"])
    unknown = sorted(set(data) - _SCORING_WORDS[kind] - {"kind"})
    if unknown:
        raise ValueError(f"{kind} has no {', '.join(unknown)}")
    return Scoring(
        kind=kind,
        free=_decimal(data.get("free", 0)),
        per=_decimal(data.get("per", 0)),
        start=_decimal(data.get("from", 0)),
        end=_decimal(data.get("to", 1)),
        bands=tuple(
            Band(_optional(one.get("upto")), _decimal(one["share"]))
            for one in data.get("bands", ())
        ),
        grades=tuple(
            GradeStep(str(one["name"]), _decimal(one["share"])) for one in data.get("grades", ())
        ),
        cases={Case(name): _decimal(points) for name, points in data.get("cases", {}).items()},
    )


def _faults(scheme: Scheme) -> list[str]:
    """What contradicts itself, each with its place."""
    faults = []
    if sum(one.weight for one in scheme.criteria) != scheme.full_score:
        faults.append(f"the weights of the criteria do not add up to {scheme.full_score}")
    for one in scheme.criteria:
        if sum(item.weight for item in one.items) != one.weight:
            faults.append(f"the weights of {one.identifier} do not add up to {one.weight}")
    names = [item.identifier for one in scheme.criteria for item in one.items]
    names += [one.identifier for one in scheme.criteria]
    if len(names) != len(set(names)):
        faults.append("an identifier is used twice")
    kinds = [kind for group in scheme.groups for kind in group.kinds]
    if sorted(kinds) != sorted(DepartmentKind):
        faults.append("every kind of department has to be in exactly one group")
    minimums = [rule.minimum for rule in scheme.grades]
    if minimums != sorted(minimums, reverse=True) or not minimums or minimums[-1] != 0:
        faults.append("the grades have to begin with the best and end with the minimum 0")
    if scheme.grades and scheme.grades[-1].quota is not None:
        faults.append("the last grade has no quota")
    if scheme.veto_highest not in {rule.name for rule in scheme.grades}:
        faults.append(f"there is no grade {scheme.veto_highest}")
    return faults + [
        f"item {item.identifier}: {fault}"
        for item in scheme.items.values()
        for fault in _item_faults(item)
    ]


def _item_faults(item: ItemSpec) -> list[str]:
    scoring, faults = item.scoring, []
    if item.weight <= 0:
        faults.append("the weight has to be more than nothing")
    if len(item.name) > LONGEST_NAME or not item.name:
        faults.append(f"the name has to have 1 to {LONGEST_NAME} characters")
    if item.mode is ItemMode.MANUAL and (item.metric or scoring.kind not in BY_HAND):
        faults.append("what is settled by hand has no metric and the kind grades or points")
    if item.mode is not ItemMode.MANUAL and item.metric is None:
        faults.append("what is counted needs a metric")
    if scoring.kind is ScoringKind.SHARE and scoring.start == scoring.end:
        faults.append("from and to have to differ")
    if scoring.kind is ScoringKind.GRADES and not scoring.grades:
        faults.append("there are no grades to choose from")
    if scoring.kind is ScoringKind.BANDS:
        limits = [band.upto for band in scoring.bands]
        known = [limit for limit in limits if limit is not None]
        if not limits or limits[-1] is not None or known != sorted(known) or None in limits[:-1]:
            faults.append("bands rise, and only the last one has no upto")
    return faults


def _decimal(value: object) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        raise ValueError(f"{value} is not a number from 0 on")
    return number


def _optional(value: object) -> Decimal | None:
    return None if value is None else _decimal(value)
