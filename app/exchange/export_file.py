"""The file of an export, the same whether it is had at once or made in the background.

Both ask with the same choices; what may not be shown is masked by this, and each file leaves an
entry in the log before its first byte.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles, why_not_unmasked
from app.access.person import Actor
from app.access.policies import why_not_read
from app.actions.export import Export, log_export, tidy_purpose
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.exchange.cell import Translate
from app.exchange.csv_export import CsvForm
from app.exchange.export import ExportForm, Part, export_csv, export_workbook, exported_names
from app.exchange.export_sheet import why_not_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.base_table import Store, StoredTable
from app.reports.assignment import department_names
from app.reports.base_table import RowsRequest
from app.reports.export import export_size, iterate_columns
from app.reports.place import Place

WORKBOOK = "xlsx"
PLAIN = "csv"
KINDS = (WORKBOOK, PLAIN)
# As pages write it.
MOMENT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class ExportChoice:
    """Which rows are exported and how they are shown.

    ``columns`` are codes in their order, None for all; ``encoding`` is of plain files; ``told`` is
    what the log keeps of the request besides.
    """

    wanted: RowsRequest
    kind: str = WORKBOOK
    columns: tuple[str, ...] | None = None
    codes: bool = False
    identifiers: bool = False
    unmasked: bool = False
    purpose: str = ""
    encoding: CsvForm = CsvForm.UTF_8
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Exporting:
    """Who exports what, where and when; ``persistently`` carries the entry in the log out."""

    session: Session
    store: Store
    place: Place
    choice: ExportChoice
    by: Actor
    now: datetime
    translate: Translate
    persistently: Callable[[Callable[[], None]], None] = lambda act: act()


@dataclass(frozen=True)
class ExportFile:
    """A file on its way: its name, how many rows it is about to have, its content in pieces."""

    name: str
    rows: int
    pieces: Iterator[bytes]


def checked_columns(stored: StoredTable, codes: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The columns, each once. Raises Refused (invalid) for what is none of the table."""
    if codes is None:
        return None
    unknown = [code for code in codes if code not in stored.spec.by_code]
    if unknown or not codes:
        raise Refused(
            Message(
                "Table %(table)s has no field %(field)s. Nothing was exported.",
                {"table": stored.spec.title, "field": ", ".join(unknown)[:200]},
            ),
            Reason.INVALID,
        )
    return tuple(dict.fromkeys(codes))


def refuse_export(exporting: Exporting) -> str:
    """Raise Refused where this may not be exported like this; else the purpose as it is kept."""
    choice, place = exporting.choice, exporting.place
    refuse(why_not_read(exporting.by, place.stored, "export"))
    if choice.unmasked:
        refuse(why_not_unmasked(exporting.by, place.stored, place.department))
    return tidy_purpose(choice.purpose, is_needed=choice.unmasked)


def export_file(
    exporting: Exporting,
    watch: Callable[[Iterator[Part], int], Iterator[Part]] = lambda parts, _rows: parts,
) -> ExportFile:
    """The file, after the entry in the log; its rows are read while its pieces are taken.

    ``watch`` gets the parts of the rows and how many rows there are about to be. Raises Refused.
    """
    choice, place = exporting.choice, exporting.place
    session, store, by = exporting.session, exporting.store, exporting.by
    purpose = refuse_export(exporting)
    columns = checked_columns(place.stored, choice.columns)
    table = place.stored.spec.identifier
    size = export_size(session, store, table, by, choice.wanted)
    if choice.kind == WORKBOOK:
        refuse(why_not_workbook(size.rows, size.longest), Reason.INVALID)
    form = ExportForm(
        with_labels=not choice.codes,
        unmasked=choice.unmasked,
        masks=masked_by_roles(by, place.stored, "export"),
        columns=columns,
        with_identifiers=choice.identifiers,
        notice=_notice(exporting, purpose) if choice.unmasked else "",
        footer=export_footer(by, exporting.now, exporting.translate),
        count=size.rows,
    )
    _log(exporting, size.rows, purpose)
    names = exported_names(place.stored, form)
    parts = iterate_columns(session, store, table, by, choice.wanted, names)
    pieces, name = _pieces(exporting, form, watch(parts, size.rows))
    return ExportFile(name, size.rows, pieces)


def _pieces(
    exporting: Exporting, form: ExportForm, parts: Iterator[Part]
) -> tuple[Iterator[bytes], str]:
    """The content of the file, and its name."""
    choice, place = exporting.choice, exporting.place
    names = department_names(exporting.session)
    department = place.department or ""
    where = WorkbookPlace(place.period, department, names.get(department, ""))
    called = (place.stored.spec.title, place.period.code, where.department_name)
    name = f"{' '.join(part for part in called if part)}.{choice.kind}"
    sent = (exporting.store.catalogue, place.stored, parts, where, names, form)
    translate = exporting.translate
    if choice.kind == WORKBOOK:
        now = exporting.now.astimezone(LOCAL_ZONE)
        return export_workbook(*sent, translate=translate, now=now), name
    return export_csv(*sent, translate=translate, encoding=choice.encoding), name


def _log(exporting: Exporting, rows: int, purpose: str) -> None:
    choice, place = exporting.choice, exporting.place
    export = Export(
        f"table:{place.stored.spec.identifier}",
        rows,
        is_masked=not choice.unmasked,
        department=place.department,
        purpose=purpose,
        chosen={"kind": choice.kind, "period": place.period.code, **choice.told},
    )
    session, by, now = exporting.session, exporting.by, exporting.now
    exporting.persistently(lambda: log_export(session, export, by=by, now=now))


def _notice(exporting: Exporting, purpose: str) -> str:
    """The line above the headings of whoever takes personal values along."""
    by = exporting.by
    told = {
        "name": by.name,
        "number": by.number,
        "moment": _moment(exporting.now),
        "purpose": purpose,
    }
    return exporting.translate(
        Message(
            "Personal data, not masked. Taken along by %(name)s (%(number)s) on %(moment)s,"
            " for: %(purpose)s",
            told,
        )
    )


def export_footer(by: Actor, now: datetime, translate: Translate) -> str:
    """What stands below printed pages."""
    told = {"name": by.name, "moment": _moment(now)}
    return translate(Message("Exported by %(name)s, %(moment)s", told))


def _moment(now: datetime) -> str:
    return f"{now.astimezone(LOCAL_ZONE):{MOMENT}}"
