"""The catalogue as a whole: chapters, base tables, code lists, departments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.catalogue.base_table import FieldSpec, FieldType, TableSpec
from app.catalogue.code_list import CodeList
from app.catalogue.comparison import Comparison
from app.catalogue.department import DepartmentSpec
from app.catalogue.expected_rows import ExpectedRows
from app.catalogue.fact import Fact
from app.catalogue.printed_number import PrintedNumber
from app.catalogue.quality_rule import QualityRule


@dataclass(frozen=True)
class Catalogue:
    """Everything that is collected.

    ``tables`` is in the order of the printed numbers; ``chapters`` maps the
    chapter number to its title; ``digest`` is the SHA-256 of the files the
    catalogue was read from and names its revision (decision 2). ``adopted`` are
    tables of other systems that take part in the reporting: their rows and their
    columns are none of ours (decision record 0017). ``rules`` compare values with each other;
    what a field says of itself stands in the field. ``facts`` are told in
    several tables; ``printed`` are
    numbers of the college's list of rules that no rule of its own answers.
    """

    tables: Mapping[str, TableSpec]
    code_lists: Mapping[str, CodeList]
    departments: tuple[DepartmentSpec, ...]
    chapters: Mapping[str, str]
    digest: str
    adopted: Mapping[str, TableSpec] = field(default_factory=dict)
    rules: tuple[QualityRule, ...] = ()
    facts: tuple[Fact, ...] = ()
    printed: tuple[PrintedNumber, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    expected_rows: tuple[ExpectedRows, ...] = ()

    @cached_property
    def reported(self) -> Mapping[str, TableSpec]:
        """Every table that is assigned to departments and reported, in printed order."""
        both = [*self.tables.values(), *self.adopted.values()]
        return {spec.identifier: spec for spec in sorted(both, key=lambda spec: spec.sort_key)}

    def stored_as(self, field: FieldSpec) -> FieldSpec:
        """The field whose type and length a value of ``field`` has.

        A reference is stored as the key it names, followed to the end.
        """
        while field.reference:
            target = self.tables[field.reference.table]
            field = target.by_code[field.reference.field]
        return field

    def code_list_of(self, field: FieldSpec) -> CodeList | None:
        """The code list of a coded field, None for any other."""
        if field.type is not FieldType.CODE or field.code_list is None:
            return None
        return self.code_lists[field.code_list]

    @property
    def staff_list(self) -> TableSpec | None:
        """The table that tells who works at the college, None where no table is marked."""
        return next((spec for spec in self.tables.values() if spec.staff_list), None)

    def label_field(self, table: str) -> FieldSpec:
        """The field that shows a row of ``table`` to people in pickers.

        A name before any other required text, never a masked field or the
        key; where there is no such text, the first field of the key.
        """
        spec = self.tables[table]
        texts = [f for f in spec.fields if f.type is FieldType.STRING and not f.key and not f.mask]
        named = [f for f in texts if f.code.endswith("name")]
        required = [f for f in texts if f.required]
        return (named or required or [*spec.key_fields, *spec.fields])[0]
