"""View models of bundles and roots."""

from __future__ import annotations

from typing import Final

from hgvalue_gen.emit.cpp import views as v
from hgvalue_gen.emit.cpp.context import Context, doc_literal, joined
from hgvalue_gen.emit.cpp.defaults import start
from hgvalue_gen.emit.cpp.identifiers import compound
from hgvalue_gen.emit.cpp.literals import comment_lines, string_literal
from hgvalue_gen.emit.cpp.scopes import accessor_names, delta_names, field_names, setter_names
from hgvalue_gen.emit.cpp.spelling import default_call, starts_as_made
from hgvalue_gen.schema import model as m

#: A leaf's shape of at most so many characters is spelled out where it is used.
_SHORT: Final = 40


def build_bundle(bundle: m.Bundle, context: Context) -> v.BundleView:
    """Build the view model of a bundle."""
    names = context.entity(bundle)
    fields = tuple(field.name for field in bundle.fields)
    members = field_names(fields, context.names, names)
    accessors = accessor_names(fields, context.names, names)
    delta_members = delta_names(fields, context.names, names)
    setters = setter_names(accessors, names)
    taken = {*members, *accessors, *delta_members}
    aliases: list[v.AliasView] = []
    children = []
    for index, field in enumerate(bundle.fields):
        shape = context.inside.shape(field.type)
        if _wants_alias(field.type, shape):
            shape = _alias(compound(names.name, "_", members[index]), taken, context)
            aliases.append(v.AliasView(shape, context.inside.shape(field.type)))
        is_leaf = isinstance(field.type, m.TS)
        children.append(
            v.ChildView(
                index=index,
                member=members[index],
                value=context.inside.value(field.type),
                initializer=_initializer(field.type, context),
                overlay=_overlay(field.type, shape, context),
                delta_member=delta_members[index],
                delta=_delta(field.type, shape, context),
                shape=shape,
                handle=_handle(field.type, shape, context),
                accessor=accessors[index],
                setter=setters[index] if is_leaf else "",
                argument="std::move(v)"
                if isinstance(field.type, m.TS) and context.plan.facts.is_moved(field.type.value)
                else "v",
                label=string_literal(field.name),
                item_only="true" if field.item_only else "false",
                doc=doc_literal(field.doc),
                comment=comment_lines(field.doc),
            )
        )
    return v.BundleView(
        name=names.name if bundle.name is not None else "",
        value=names.value,
        value_full_name=context.full(names.value),
        overlay=names.overlay,
        delta=names.delta,
        handle=names.handle,
        node=names.node,
        label=context.label(bundle),
        value_label="nullptr" if bundle.name is None else context.label(bundle),
        doc=doc_literal(bundle.doc),
        comment=comment_lines(bundle.doc),
        aliases=tuple(aliases),
        children=tuple(children),
        parts=joined([child.shape for child in children], " " * 8),
        delta_members=joined([f"&Self::{member}" for member in delta_members], " " * 12),
        flat="true" if all(isinstance(field.type, m.TS | m.SIGNAL) for field in bundle.fields) else "false",
        references=context.plan.facts.has_reference_fields(bundle),
        tables=context.tables(names.name),
        traits=context.traits(names.value, [context.outside.value(field.type) for field in bundle.fields]),
    )


def build_root(root: m.Root, context: Context) -> v.RootView:
    """Build the view model of a root."""
    names = context.entity(root)
    return v.RootView(
        name=names.name,
        value=names.value,
        delta=names.delta,
        node=names.node,
        shape=context.inside.shape(root.type),
        label=context.label(root),
        doc=doc_literal(root.doc),
        comment=comment_lines(root.doc),
    )


def _wants_alias(node: m.TimeSeriesType, shape: str) -> bool:
    return not isinstance(node, m.TSB | m.TS | m.SIGNAL) or (isinstance(node, m.TS) and len(shape) > _SHORT)


def _alias(wanted: str, members: set[str], context: Context) -> str:
    """Claim a name for a shape that is not the name of a member beside which it is used."""
    while wanted in members:
        wanted = compound(wanted, "_shape")
    return context.names.scope.claim(wanted)


def _initializer(node: m.TimeSeriesType, context: Context) -> str:
    match node:
        case m.TS():
            return start(node.value, context.inside)
        case m.TSL() if not _starts_as_made(node):
            return default_call(context.inside.value(node))
        case m.SIGNAL() | m.REF():
            return "{}"
        case m.TSL(child=m.TS() | m.SIGNAL() | m.REF()) if node.size is not None:
            return "{}"
    return ""


def _starts_as_made(node: m.TimeSeriesType) -> bool:
    match node:
        case m.TS():
            return starts_as_made(node.value)
        case m.TSL() if node.size is not None:
            return _starts_as_made(node.child)
    return True


def _overlay(node: m.TimeSeriesType, shape: str, context: Context) -> str:
    match node:
        case m.TS() | m.SIGNAL():
            return "hgvalue::leaf_overlay"
        case m.TSB():
            return context.inside.bundle_name(node.bundle, "overlay")
    return f"{shape}::overlay_type"


def _delta(node: m.TimeSeriesType, shape: str, context: Context) -> str:
    match node:
        case m.TS():
            return context.inside.scalar(node.value)
        case m.SIGNAL():
            return "bool"
        case m.TSB():
            return context.inside.bundle_name(node.bundle, "delta")
    return f"{shape}::delta_type"


def _handle(node: m.TimeSeriesType, shape: str, context: Context) -> str:
    match node:
        case m.TS():
            return f"hgvalue::ts_handle<{context.inside.scalar(node.value)}>"
        case m.TSB():
            return context.inside.bundle_name(node.bundle, "handle")
    return f"{shape}::handle"
