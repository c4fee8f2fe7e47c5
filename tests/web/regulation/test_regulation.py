"""The regulation and the questions, from the question to the answer beside the field."""

from app.web.regulation.articles import ARTICLES
from tests.demo import DemoCollege
from tests.pages import text_of

TABLE = "full_time_secondment"


def ask(demo: DemoCollege) -> str:
    """The data steward asks about a field; returns the address of the question."""
    typed = {"place": f"{TABLE}.post", "text": "兼职怎么填？"}
    answer = demo.caller("qcx_steward").post("/regulation/ask", data=typed)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.location)


def test_an_answer_appears_beside_the_field_in_grid_and_form(demo: DemoCollege) -> None:
    address = ask(demo)
    typed = {"version": "1", "answer": "填主要职务", "defines": "yes"}

    assert demo.caller("qa").post(f"{address}/answer", data=typed).status_code == 303

    steward = demo.caller("qcx_steward")
    spec = steward.get(f"data/{TABLE}/spec").json
    [guidance] = [each["guidance"] for each in spec["fields"] if each["code"] == "post"]
    assert "填主要职务" in guidance
    form = text_of(steward.get(f"/data/{TABLE}/new"))
    assert "填主要职务" in form
    assert "填报前请阅读本章的内涵和注释" in form


def test_an_empty_answer_is_told_and_nothing_typed_is_lost(demo: DemoCollege) -> None:
    answer = demo.caller("qa").post(f"{ask(demo)}/answer", data={"version": "1", "answer": " "})

    assert answer.status_code == 422
    assert "请填写“答复”" in text_of(answer)


def test_the_text_has_an_anchor_for_every_article_and_pages_link_to_theirs(
    demo: DemoCollege,
) -> None:
    page = demo.caller("reader").get("/regulation/").get_data(as_text=True)

    assert all(f'id="article-{number}"' in page for number in range(1, 19))
    assert "/regulation/#article-4" in demo.caller("qa").get("/assignments/").get_data(as_text=True)


def test_every_linked_article_exists(demo: DemoCollege) -> None:
    [regulation] = demo.application.extensions["regulations"]
    groups = {rule.endpoint.split(".")[0] for rule in demo.application.url_map.iter_rules()}

    assert set(ARTICLES) <= groups
    assert all(regulation.article(n) for numbers in ARTICLES.values() for n in numbers)
