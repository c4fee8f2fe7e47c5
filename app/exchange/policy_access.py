"""The part of a policy that says which rows and masks roles have on tables."""

import json
from collections.abc import Iterator, Mapping, Sequence

from app.access.policy import AccessPolicy
from app.access.table_access import rows_text
from app.domain.message import Message
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.exchange.policy import ACCESS, comment, parsed, refusal, word

ROWS = "rows"
MASKS = "masks"
PLAIN_ROWS = {each.value: each for each in RowReach if each is not RowReach.RULE}


def write_access(access: AccessPolicy, head: Sequence[str], titles: Mapping[str, str]) -> str:
    """The lines of the part; nothing where nothing is set."""
    if not access:
        return ""
    lines = [*(comment(line) for line in head), f"{ACCESS}:"]
    for name, tables in sorted(access.items()):
        lines.append(f"  {word(name)}:" if tables else f"  {word(name)}: {{}}")
        for table, setting in sorted(tables.items()):
            title = titles.get(table)
            lines.append(f"    {word(table)}:" + (f"  {comment(title)}" if title else ""))
            if setting.rows is not None:
                lines.append(f"      {ROWS}: {rows_text(setting)}")
            if setting.masks:
                masks = {code: mask.value for code, mask in sorted(setting.masks.items())}
                lines.append(f"      {MASKS}: {json.dumps(masks, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def read_access(content: bytes) -> AccessPolicy:
    """That part of a file, empty where it has none. Raises Refused with every fault as details."""
    data = parsed(content)
    found = data.get(ACCESS) if isinstance(data, dict) else None
    faults: list[Message] = []
    access: dict[str, Mapping[str, AccessSetting]] = {}
    if found is not None and not isinstance(found, dict):
        faults.append(Message("The part access needs roles, and tables under each of them."))
    for name, tables in found.items() if isinstance(found, dict) else ():
        if isinstance(name, str) and isinstance(tables, dict):
            access[" ".join(name.split())] = dict(_settings(name, tables, faults))
        else:
            faults.append(Message("The part access needs roles, and tables under each of them."))
    if faults:
        raise refusal(faults)
    return access


def _settings(
    name: str, tables: Mapping[object, object], faults: list[Message]
) -> Iterator[tuple[str, AccessSetting]]:
    for table, words in tables.items():
        place = {"role": name, "resource": table}
        if not isinstance(words, dict) or not set(words) <= {ROWS, MASKS}:
            fault = Message("Role %(role)s: %(resource)s may have rows and masks only.", place)
            faults.append(fault)
            continue
        masks = words.get(MASKS) or {}
        known = {each.value for each in FieldMask}
        if not isinstance(masks, dict) or not all(
            isinstance(code, str) and mask in known for code, mask in masks.items()
        ):
            faults.append(
                Message(
                    "Role %(role)s: masks on %(resource)s name fields, each masked or hidden.",
                    place,
                )
            )
            continue
        rows = words.get(ROWS)
        if isinstance(rows, str) and rows not in PLAIN_ROWS:
            fault = Message(
                "Role %(role)s: rows of %(resource)s are all, department, person or a rule.", place
            )
            faults.append(fault)
            continue
        told = {code: FieldMask(mask) for code, mask in masks.items()}
        yield str(table), _setting(rows, told)


def _setting(rows: object, masks: Mapping[str, FieldMask]) -> AccessSetting:
    if rows is None:
        return AccessSetting(masks=masks)
    if isinstance(rows, str):
        return AccessSetting(PLAIN_ROWS[rows], masks=masks)
    return AccessSetting(RowReach.RULE, rows, masks)
