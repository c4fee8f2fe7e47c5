"""Which lines of the list of people are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.person import Function, LoginState
from app.reports.person_list import PersonLine

LONGEST_TEXT = 60


@dataclass(frozen=True)
class PersonFilter:
    """The wanted people; empty words want everybody."""

    text: str = ""
    department: str = ""
    function: str = ""
    state: str = ""

    def matches(self, line: PersonLine) -> bool:
        """Whether the person is wanted, whatever the login's state."""
        person = line.person
        places = {person.department_code, *(held.department_code for held in line.held)}
        if self.department and self.department not in places:
            return False
        if self.function and all(held.function.value != self.function for held in line.held):
            return False
        said = f"{person.number} {person.name} {person.username or ''}".casefold()
        return all(word in said for word in self.text.casefold().split())

    def selects(self, line: PersonLine) -> bool:
        """Whether the login stands where the chosen chip says."""
        return self.state in {"", line.state.value}

    def pairs(self, **other: str) -> dict[str, str]:
        """The filter, with other words, as the query of an address."""
        changed = replace(self, **other)
        named = {
            "q": changed.text,
            "department": changed.department,
            "function": changed.function,
            "state": changed.state,
        }
        return {name: value for name, value in named.items() if value}


def read_filter(given: Mapping[str, str]) -> PersonFilter:
    """The filter of an address; unknown words want everybody."""
    function, state = given.get("function", ""), given.get("state", "")
    return PersonFilter(
        text=given.get("q", "").strip()[:LONGEST_TEXT],
        department=given.get("department", ""),
        function=function if function in set(Function) else "",
        state=state if state in set(LoginState) else "",
    )
