"""Spares dbt, in the tests alone, work whose result nobody there reads: a third of a build.

For each node dbt makes an object of every macro, twice, and a message of every step, most of which
no log takes, a template is compiled anew at every sight, the types that a column of an answer may
have are made for each answer, and each command looks for circles in a project that was read without
one. Here a macro becomes an object when it is called, a step a message when somebody hears it, and
a template, a type and an empty answer are made once. What a node compiles to, runs and reports
stays as it is. A described build alone writes comments on columns and files of compiled SQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import CodeType
from typing import Any

import agate
from dbt.adapters.base import BaseAdapter, BaseRelation
from dbt.clients.jinja import MacroGenerator
from dbt.compilation import Linker
from dbt.context.base import BaseContext
from dbt.context.configured import ConfiguredContext
from dbt.context.macro_resolver import TestMacroNamespace
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.context.manifest import ManifestContext
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import Macro, ParsedNode
from dbt.plugins.manager import PluginManager
from dbt.tracking import track_behavior_change_warn
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager

QUIET = (EventLevel.DEBUG, EventLevel.TEST)
_make_context = BaseContext.__init__
_describe_manifest = ManifestContext.to_dict
_compile = MacroFuzzEnvironment.compile
_compiled: dict[tuple[type, str], CodeType] = {}
_make_event = BaseEvent.__init__
_fire_event = EventManager.fire_event
_write_node = ParsedNode.write_node
_make_types = agate_helper.build_type_tester


def make_quick() -> None:
    """Put the quick forms into dbt, for the life of this process."""
    MacroNamespaceBuilder.build_namespace = build_namespace
    BaseContext.__init__ = make_context
    ManifestContext.to_dict = describe_manifest
    MacroFuzzEnvironment.compile = compile_once
    BaseEvent.__init__ = note_event
    BaseEvent.__getattr__ = read_event
    EventManager.fire_event = fire_event
    Linker.find_cycles = find_cycles
    Linker.get_graph_summary = lambda self, manifest: {}
    PluginManager.get_prefixed_modules = cache(PluginManager.get_prefixed_modules)
    BaseAdapter._get_cache_schemas = schemas_of
    agate_helper.build_type_tester = type_tester
    agate_helper.empty_table = cache(agate_helper.empty_table)
    # The same order of nodes and tests, with a tenth of the edges.
    os.environ["DBT_USE_FAST_TEST_EDGES"] = "true"


def write_little(manifest: Manifest, *, is_described: bool) -> None:
    """Leave out files of compiled SQL and comments in the database, which a test rarely reads.

    Args:
        manifest: The project as the next command gets it.
        is_described: Whether that command writes all that dbt writes.
    """
    ParsedNode.write_node = _write_node if is_described else write_nothing
    for node in () if is_described else manifest.nodes.values():
        node.config.persist_docs = {}


def write_nothing(self: ParsedNode, project_root: str, path: str, code: str) -> None:
    """Write no file."""


def find_cycles(self: Linker) -> None:
    """Find no circle: `make build`, which dbt runs as it is, would have stopped at one."""


def schemas_of(self: BaseAdapter, relations: Iterable[Any]) -> set[BaseRelation]:
    """The schemas of all relations, each made once."""
    one_each = {(one.database, one.schema): one for one in relations}
    return {
        self.Relation.create_from(quoting=self.config, relation_config=one).without_identifier()
        for one in one_each.values()
    }


@cache
def column_types(null_texts: tuple[str, ...]) -> list[agate.DataType]:
    """The types that dbt tries on a column, where these texts stand for nothing."""
    return list(_make_types((), null_texts)._possible_types)


def type_tester(
    text_columns: Iterable[str], string_null_values: Iterable[str] = ("null", "")
) -> agate.TypeTester:
    """Find the type of each column but of those that are texts."""
    types = column_types(tuple(string_null_values))
    return agate.TypeTester(force=dict.fromkeys(text_columns, types[-1]), types=types)


class Names(dict[str, Any]):
    """Names of a Jinja context, those of macros among them, which are made when looked up."""

    macros: Mapping[str, Any]
    made_with: tuple[Any, ...]

    def __missing__(self, name: str) -> Any:  # noqa: ANN401
        """Make the object of a macro, or find the package of that name."""
        found = self.macros[name]
        if isinstance(found, Macro):
            found = MacroGenerator(found, *self.made_with)
        self[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        """Whether the name means something."""
        return super().__contains__(name) or name in self.macros

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return iter({**self.macros, **dict.fromkeys(super().keys())})

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.keys())

    def keys(self) -> Any:  # noqa: ANN401
        """All names."""
        return {**self.macros, **dict.fromkeys(super().keys())}.keys()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """What a name means."""
        return self[name] if name in self else default  # noqa: SIM401


def names(macros: Mapping[str, Any], *made_with: Any) -> Names:  # noqa: ANN401
    """Names of macros alone."""
    found = Names()
    found.macros, found.made_with = macros, made_with
    return found


def build_namespace(
    self: MacroNamespaceBuilder, by_package: Mapping[str, Mapping[str, Macro]], ctx: dict[str, Any]
) -> MacroNamespace:
    """Say which macros there are, package by package, in the order in which dbt looks."""
    made_with = (ctx, self.node, self.thread_ctx)
    packages = {
        name: names(macros, *made_with)
        for name, macros in by_package.items()
        if name not in self.internal_package_names
    }
    internal: dict[str, Macro] = {}
    for name in reversed(self.internal_package_names_order):
        internal |= by_package.get(name, {})
    roots = by_package.get(self.root_package, {})
    return MacroNamespace(
        global_namespace=names(roots, *made_with),
        local_namespace=names(by_package.get(self.search_package, {}), *made_with),
        global_project_namespace=names(internal, *made_with),
        packages=packages,
    )


def make_context(self: BaseContext, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
    """Begin a context that can look macros up."""
    _make_context(self, *args, **kwargs)
    self._ctx = names({})


def describe_manifest(self: ManifestContext) -> dict[str, Any]:
    """Give a context its macros, which go before what dbt itself has under their names."""
    if isinstance(self.namespace, TestMacroNamespace):
        return _describe_manifest(self)
    context = ConfiguredContext.to_dict(self)
    local = self.namespace.local_namespace
    context.made_with = local.made_with
    context.macros = {
        **self.namespace.global_project_namespace.macros,
        "dbt": self.namespace.global_project_namespace,
        **self.namespace.packages,
        **self.namespace.global_namespace.macros,
        **local.macros,
    }
    for name in set(context.macros).intersection(dict.keys(context)):
        del context[name]
    return context


def compile_once(self: MacroFuzzEnvironment, source: str) -> CodeType:
    """Compile a template, unless this process has: all its environments have the same settings."""
    key = (type(self), source)
    if key not in _compiled:
        _compiled[key] = _compile(self, source)
    return _compiled[key]


def note_event(self: BaseEvent, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
    """Keep what an event says until somebody asks."""
    if args:
        _make_event(self, *args, **kwargs)
    else:
        object.__setattr__(self, "said", kwargs)


def read_event(self: BaseEvent, name: str) -> Any:  # noqa: ANN401
    """Make the message of an event when its first field is read."""
    if "pb_msg" not in self.__dict__:
        _make_event(self, **self.__dict__["said"])
    message = self.__dict__["pb_msg"]
    return message if name == "pb_msg" else getattr(message, name)


def fire_event(
    self: EventManager,
    e: BaseEvent,
    level: EventLevel | None = None,
    node: Any = None,  # noqa: ANN401
    force_warn_or_error_handling: bool = False,
) -> None:
    """Pass on what a log or a callback takes, and what may stop dbt."""
    is_heard = force_warn_or_error_handling or (level or e.level_tag()) not in QUIET
    is_heard = is_heard or any(log.level in QUIET for log in self.loggers)
    # dbt's own callback waits for one event alone, which is no quiet one.
    if is_heard or any(one is not track_behavior_change_warn for one in self.callbacks):
        _fire_event(self, e, level, node, force_warn_or_error_handling)
