"""Which articles of the regulation a page answers to: one small record per group of pages."""

from collections.abc import Mapping

from flask import request

from app.access.roles import REGULATION
from app.web.current import actor_or_none, current_regulation

ARTICLES: Mapping[str, tuple[int, ...]] = {
    "CycleView": (7,),
    "PreparationView": (7, 8),
    "TrainingView": (8, 9),
    "GuidanceView": (9,),
    "AssignmentView": (4, 10),
    "SubmissionView": (5, 11, 12),
    "CooperationView": (10, 17),
    "BoardView": (3, 7),
    "ConsolidationView": (12,),
    "ReleaseView": (12,),
    "SpotCheckView": (5,),
    "AppraisalView": (17,),
    "PersonView": (5,),
}


def articles_here() -> list[tuple[int, str]]:
    """Number and name of the articles that the present page answers to, for whoever reads them."""
    actor = actor_or_none()
    if actor is None or not actor.may("read", REGULATION):
        return []
    numbers = ARTICLES.get((request.endpoint or "").split(".")[0], ())
    found = (current_regulation().article(number) for number in numbers)
    return [(each.number, each.name) for each in found if each is not None]
