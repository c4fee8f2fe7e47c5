"""A policy as YAML that people review: sorted, one line per resource, titles as comments."""

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from app.access.policy import Policy
from app.domain.message import Message, Reason, Refused

ROLES = "roles"
ACCESS = "access"
TWICE = "twice"
PLAIN = re.compile(r"[^\W\d][\w.]*")


def write_policy(policy: Policy, head: Sequence[str], titles: Mapping[str, str]) -> str:
    """The file's text; ``head`` are lines to begin with, ``titles`` what resources are called."""
    lines = [*(comment(line) for line in head), f"{ROLES}:" if policy else f"{ROLES}: {{}}"]
    for name, resources in sorted(policy.items()):
        lines.append(f"  {word(name)}:" if resources else f"  {word(name)}: {{}}")
        for resource, actions in sorted(resources.items()):
            listed = ", ".join(word(action) for action in sorted(actions))
            line = f"    {word(resource)}: [{listed}]"
            title = titles.get(resource)
            lines.append(f"{line}  {comment(title)}" if title else line)
    return "\n".join(lines) + "\n"


def read_policy(content: bytes) -> Policy:
    """The policy of a file. Raises Refused (invalid) with every fault as details."""
    data = parsed(content)
    faults: list[Message] = []
    parts = set(data) - {ACCESS} if isinstance(data, dict) else set()
    if not isinstance(data, dict) or parts != {ROLES} or not isinstance(data[ROLES], dict):
        raise refusal([Message("The file has to consist of a part roles and perhaps one access.")])
    policy: dict[str, Mapping[str, frozenset[str]]] = {}
    for name, resources in data[ROLES].items():
        tidy = " ".join(name.split()) if isinstance(name, str) else ""
        if not tidy or tidy in policy:
            faults.append(Message("%(name)s is no name of a role, or there twice.", {"name": name}))
            continue
        policy[tidy] = dict(_resources(tidy, resources, faults))
    if faults:
        raise refusal(faults)
    return policy


def _resources(
    name: str, resources: object, faults: list[Message]
) -> Iterator[tuple[str, frozenset[str]]]:
    if not isinstance(resources, dict):
        faults.append(
            Message("Role %(role)s needs resources, {} where it has no rights.", {"role": name})
        )
        return
    for resource, actions in resources.items():
        listed: list[object] = actions if isinstance(actions, list) else [None]
        words = frozenset(action for action in listed if isinstance(action, str))
        if isinstance(resource, str) and len(words) == len(listed):
            yield resource, words
        else:
            faults.append(
                Message(
                    "Role %(role)s: %(resource)s needs a list of actions, each of them once,"
                    " [] for none.",
                    {"role": name, "resource": resource},
                )
            )


class _Loader(yaml.SafeLoader):
    """Refuses what stands twice: YAML would forget the first without a word."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in found:
            raise yaml.MarkedYAMLError(problem=TWICE, problem_mark=key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parsed(content: bytes) -> object:
    """What the file says. Raises Refused (invalid) where it is no YAML or says something twice."""
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = Message(
            "Line %(line)s: %(problem)s", {"line": line, "problem": error.problem or "?"}
        )
        if error.problem == TWICE:
            fault = Message("Line %(line)s stands there twice; keep one of them.", {"line": line})
        raise refusal([fault]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise refusal([Message("It is no YAML in UTF-8.")]) from error


def refusal(faults: Sequence[Message]) -> Refused:
    """The refusal of a file with these faults."""
    message = Message("The file of the policy cannot be read; nothing was changed.")
    return Refused(message, Reason.INVALID, tuple(faults))


def word(text: str) -> str:
    """The text as YAML reads it back as text."""
    if PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def comment(text: str) -> str:
    """The text as a comment of one line."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"# {' '.join(printable.split())}"
