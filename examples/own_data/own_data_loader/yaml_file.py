"""YAML in which a key may stand only once, with the line of every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .problems import LoadError

# The keys that lead to an entry, and the line that its own key stands in.
Lines = dict[tuple[str, ...], int]


class _StrictLoader(yaml.SafeLoader):
    """Plain YAML in which a key may stand only once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value} stands here twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    """The YAML mapping in a file, and where each of its entries stands."""
    try:
        loader = _StrictLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        content = loader.construct_document(node) if node is not None else None
    except FileNotFoundError:
        raise LoadError(f"{path}: there is no such file. Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: the file cannot be read ({error}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise LoadError(f"{path}{line}: this is not valid YAML: {problem}.") from None
    if not isinstance(content, dict):
        raise LoadError(f"{path}: expected a YAML mapping with the key `tables`.")
    return content, _lines(node)


def _lines(node: yaml.Node, place: tuple[str, ...] = ()) -> Lines:
    """The line of every key below a node, three keys deep: a mapping has no more."""
    lines: Lines = {}
    if isinstance(node, yaml.MappingNode) and len(place) < 3:
        for key_node, value_node in node.value:
            inner = (*place, str(key_node.value))
            lines[inner] = key_node.start_mark.line + 1
            lines.update(_lines(value_node, inner))
    return lines
