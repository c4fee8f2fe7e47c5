"""Writes the pages of ``docs/`` that follow from the code.

``python -m tools.docs`` writes them, ``--check`` fails when one is stale. Chinese
words come from ``docs/glossary.md``, the catalogue's own from the catalogue.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.catalogue.printed_number import answers, printed_numbers
from app.catalogue.quality_rule import QualityRule, Term, Year
from app.domain.cooperation import ARTICLE, COOPERATION_STEPS
from app.domain.cycle import CYCLE_STEPS, CycleStep
from app.domain.finding_state import FINDING_STEPS, FindingStep
from app.domain.request import REQUEST_STEPS
from app.domain.return_item import ITEM_STEPS, ItemStep
from app.domain.submission import STEPS, Status, Step
from app.domain.teacher_record import RECORD_STEPS, RecordStep

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REGULATION_TESTS = ROOT / "tests" / "regulation"
AnyStep = Step | CycleStep | FindingStep | ItemStep | RecordStep
GENERATED = "<!-- 由 make docs 生成，请勿手改 -->"
GLOSSARY_ROW = re.compile(r"^\| (?P<title>[^|]+?) \| `(?P<word>\w+)` \|", re.MULTILINE)


@cache
def glossary() -> dict[tuple[str, str], str]:
    """(section, identifier) → Chinese; the section ``""`` holds the first of each identifier."""
    words: dict[tuple[str, str], str] = {}
    for part in (DOCS / "glossary.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        section = part.partition("\n")[0]
        for row in GLOSSARY_ROW.finditer(part):
            words[section, row["word"]] = row["title"]
            words.setdefault(("", row["word"]), row["title"])
    return words


def title_of(word: str, section: str = "") -> str:
    """The Chinese of an identifier, from its section of the glossary or from any."""
    words = glossary()
    return words.get((section, word)) or words["", word]


def diagram(steps: Iterable[AnyStep], section: str) -> str:
    """A mermaid state diagram and the table of the same steps."""
    steps = tuple(steps)
    states = dict.fromkeys(state for step in steps for state in (step.source, step.target))
    names = [f'    state "{title_of(state, section)}" as {state}' for state in states]
    lines = ["```mermaid", "stateDiagram-v2", *names]
    rows = ["| 从 | 动作 | 到 | 由谁 | 须写理由 | 依据 |", "|---|---|---|---|---|---|"]
    for step in steps:
        source, target = (title_of(word, section) for word in (step.source, step.target))
        lines.append(f"    {step.source} --> {step.target}: {step.verb}")
        rows.append(
            f"| {source} `{step.source}` | `{step.verb}` | {target} `{step.target}` "
            f"| {title_of(step.holder)}{second_of(step)} | {'是' if step.needs_reason else ''} "
            f"| 第 {step.article} 条 |"
        )
    return "\n".join([*lines, "```", "", *rows])


def second_of(step: AnyStep) -> str:
    """That a step takes a second person, where it does."""
    return "，第二人同意" if getattr(step, "needs_second", False) else ""


def state_page() -> str:
    """The steps of submissions and cycles."""
    holders = "\n".join(
        f"- {title_of(status)} `{status}`：{title_of(status.holder)}" for status in Status
    )
    return (
        f"# 状态图\n\n## 报送\n\n{diagram(STEPS, '报送及其状态')}\n\n"
        f"各状态下该谁动手：\n\n{holders}\n\n"
        f"## 轮次\n\n{diagram(CYCLE_STEPS, '轮次的状态')}\n\n"
        f"## 问题\n\n{diagram(FINDING_STEPS, '问题的状态')}\n\n"
        f"## 申请\n\n{request_table()}\n"
        f"## 教师记录\n\n{diagram(RECORD_STEPS, '教师记录')}\n\n"
        f"## 退回意见\n\n{diagram(ITEM_STEPS, '退回意见的状态')}\n"
        f"## 协同请求\n\n{cooperation_table()}\n"
    )


def request_table() -> str:
    """What is asked for by whom, and who decides."""
    lines = [
        "| 申请 | 从 | 动作 | 到 | 由谁 | 须写理由 | 依据 |",
        "|---|---|---|---|---|---|---|",
    ]
    section = "申请"
    for step in REQUEST_STEPS:
        source = "" if step.source is None else title_of(step.source, section)
        lines.append(
            f"| {title_of(step.kind, section)} `{step.kind}` | {source} | `{step.verb}` "
            f"| {title_of(step.target, section)} `{step.target}` "
            f"| {title_of(step.holder, section)} | {'是' if step.needs_reason else ''} "
            f"| 第 {step.article} 条 |"
        )
    return "\n".join(lines)


def cooperation_table() -> str:
    """What becomes of a co-operation request, and by whom."""
    lines = [
        "| 从 | 动作 | 到 | 由谁 | 须写理由 | 过期后 | 依据 |",
        "|---|---|---|---|---|---|---|",
    ]
    section = "协同请求的状态"
    for step in COOPERATION_STEPS:
        source = "" if step.source is None else title_of(step.source, section)
        lines.append(
            f"| {source} | {title_of(step.verb, section)} `{step.verb}` "
            f"| {title_of(step.target, section)} `{step.target}` "
            f"| {title_of(step.holder, section)} | {'是' if step.needs_reason else ''} "
            f"| {'是' if step.when_overdue else ''} | 第 {ARTICLE} 条 |"
        )
    return "\n".join(lines)


def catalogue_page() -> str:
    """The base tables of the catalogue with their number, period and fields."""
    catalogue: Catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    lines = ["# 数据表目录", ""]
    for table in sorted(catalogue.tables.values(), key=lambda table: table.sort_key):
        labels = "、".join(field.label for field in table.fields)
        lines += [
            f"## {table.title}",
            "",
            f"`{table.identifier}`，{title_of(table.kind)}，按{title_of(table.period)}，"
            f"{title_of(table.tier)}，{len(table.fields)} 个字段：{labels}。",
            "",
        ]
    return "\n".join(lines)


def rule_page() -> str:
    """The quality rules: by printed number, by table, and the general ones by family."""
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    own = [rule for rule in catalogue.rules if not rule.family]
    general = len(catalogue.rules) - len(own)
    lines = [
        "# 校验规则",
        "",
        f"比较各个值的规则共 {len(catalogue.rules)} 条：逐条写出的 {len(own)} 条，"
        f"由通用规则和“同一事实”生成的 {general} 条。字段自身的要求见数据表目录。",
        "",
        *_numbers(catalogue),
        *_general(catalogue),
        *_compared(catalogue),
    ]
    for table in sorted(catalogue.tables.values(), key=lambda table: table.sort_key):
        rules = [rule for rule in own if rule.table == table.identifier]
        if rules:
            lines += [f"## {table.title}", ""]
        for rule in rules:
            kinds = f"{title_of(rule.severity)}，{title_of(rule.dimension)}"
            number = f"，{rule.number}" if rule.number else ""
            lines += [f"- **{rule.message}**（{kinds}，`{rule.identifier}`{number}）"]
            lines += [f"  - 条件：`{rule.condition}`"]
            for name, term in rule.terms.items():
                lines.append(f"  - `{name}`：{term.label}{_lists(catalogue, term)}")
            lines += [f"  - {rule.note}"] if rule.note else []
        lines += [""] if rules else []
    return "\n".join(lines)


def _numbers(catalogue: Catalogue) -> list[str]:
    """Which records answer each number of the printed list."""
    told = answers(catalogue.printed, catalogue.rules)
    rows = [f"| {number} | {'、'.join(told[number])} |" for number in printed_numbers()]
    return ["## 规则编号对照", "", "| 编号 | 由哪些规则回答 |", "|---|---|", *rows, ""]


def _general(catalogue: Catalogue) -> list[str]:
    """The general rules and facts with the fields they are about."""
    families: dict[str, list[QualityRule]] = {}
    for rule in catalogue.rules:
        if rule.family:
            families.setdefault(rule.family, []).append(rule)
    lines = ["## 通用规则与同一事实", ""]
    for name, rules in families.items():
        fields = "、".join(f"`{rule.table}.{rule.fields[0]}`" for rule in rules)
        (first, *_others) = rules
        kinds = f"{title_of(first.severity)}，{title_of(first.dimension)}，{len(rules)} 条"
        lines += [f"- **{name}**（{kinds}）：如 `{first.identifier}`，{first.message}"]
        lines += [f"  - 条件：`{first.condition}`"]
        for word, term in first.terms.items():
            if term.also:
                lines.append(f"  - `{word}`：{term.label}{_lists(catalogue, term)}")
        lines += [f"  - 字段：{fields}"]
    return [*lines, ""]


def _compared(catalogue: Catalogue) -> list[str]:
    """The figures that are compared with the years before and with the other departments."""
    lines = [
        "## 与往年、其他部门比较的数",
        "",
        "都是提醒（准确性）。与往年：不到上年的一半或超过两倍（有三年以上时用各年的中位数）；"
        "与其他部门：其他部门至少有四个时，离它们的中位数太远。",
        "",
    ]
    for each in catalogue.comparisons:
        with_what = [(each.history, "往年", each.identifier)]
        with_what += [(each.peers, "其他部门", each.peers_identifier)]
        told = "、".join(f"{words}（`{rule}`）" for text, words, rule in with_what if text)
        lines.append(f"- **{catalogue.tables[each.table].title}的{each.label}**：比较{told}")
    return [*lines, ""]


def _lists(catalogue: Catalogue, term: Term) -> str:
    """The lists in which names are looked for, where there are several."""
    if not term.also:
        return ""
    told = []
    for each in term.sources:
        table = catalogue.tables[each.table]
        year = "上年的" if each.year is Year.PREVIOUS else ""
        told.append(f"{year}{table.title}“{table.by_code[each.column].label}”")
    return f"（名单：{'、'.join(told)}）"


def regulation_page() -> str:
    """The articles of the regulation and the tests that show them kept."""
    lines = ["# 规章对照", ""]
    for path in sorted(REGULATION_TESTS.glob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        lines += [f"## {(ast.get_docstring(module) or path.stem).splitlines()[0]}", ""]
        for node in module.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                clause = " ".join((ast.get_docstring(node) or "").split())
                lines.append(f"- {clause}（`{node.name}`）")
        lines.append("")
    return "\n".join([*lines, *_untested()])


def _untested() -> list[str]:
    """The clauses that no test shows kept, each with the reason."""
    lines = ["## 没有测试的条文", ""]
    for line in (REGULATION_TESTS / "untested.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            article, words, reason = line.split("\t")
            lines.append(f"- 第 {article} 条「{words}」：{reason}")
    return lines


PAGES: dict[str, Callable[[], str]] = {
    "状态图.md": state_page,
    "数据表目录.md": catalogue_page,
    "校验规则.md": rule_page,
}
if any(REGULATION_TESTS.glob("test_*.py")):
    PAGES["规章对照.md"] = regulation_page


def main() -> int:
    """Write the pages, or with ``--check`` name the stale ones; the exit code tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail when stale")
    only_check = parser.parse_args().check
    stale = []
    for name, make in PAGES.items():
        heading, _, rest = make().partition("\n")
        text = f"{heading}\n{GENERATED}\n{rest}".rstrip() + "\n"
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not only_check:
            path.write_text(text, encoding="utf-8")
    if only_check and stale:
        print(f"stale, run make docs: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
