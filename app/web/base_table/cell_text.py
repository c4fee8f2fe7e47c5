"""One value of a base table as people read it, and as it stands in an input."""

from flask_babel import gettext as _

from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.catalogue import Catalogue
from app.exchange.mask import masked
from app.models.base_table_rows import plain

# A longer code list is searched by typing; a shorter one is opened and chosen from.
LONGEST_SELECT = 15
NOTHING = "—"


def is_searched(catalogue: Catalogue, field: FieldSpec) -> bool:
    """Whether the field's code list is too long to be looked through."""
    codes = catalogue.code_list_of(field)
    return codes is not None and len(codes.items) > LONGEST_SELECT


def shown_text(catalogue: Catalogue, field: FieldSpec, value: object, *, hidden: bool) -> str:
    """What people read: labels of codes, yes and no, a dash for nothing; masked where hidden."""
    if value is None or value == "":
        return NOTHING
    if hidden:
        return str(masked(value))
    if field.type is FieldType.BOOLEAN:
        if not isinstance(value, bool):
            return str(value)
        return str(_("Yes") if value else _("No"))
    codes = catalogue.code_list_of(field)
    if codes is not None:
        return codes.labels.get(str(value), str(value))
    return str(plain(value))


def input_text(catalogue: Catalogue, field: FieldSpec, value: object, *, hidden: bool) -> str:
    """What stands in the input of a stored value; saving it again changes nothing."""
    if value is None:
        return ""
    if hidden:
        return str(masked(value))
    if field.type is FieldType.BOOLEAN:
        return "true" if value else "false"
    if is_searched(catalogue, field):
        return shown_text(catalogue, field, value, hidden=False)
    return str(plain(value))


def typed_text(catalogue: Catalogue, field: FieldSpec, text: str) -> str:
    """What people read for the text in an input, valid or not."""
    truth = {"true": True, "false": False}
    value = truth.get(text, text) if field.type is FieldType.BOOLEAN else text
    return shown_text(catalogue, field, value, hidden=False)
