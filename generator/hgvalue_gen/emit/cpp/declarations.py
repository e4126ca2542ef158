"""View models of enums and structs."""

from __future__ import annotations

from hgvalue_gen.emit.cpp import views as v
from hgvalue_gen.emit.cpp.context import Context, doc_literal
from hgvalue_gen.emit.cpp.defaults import initializer, is_zero
from hgvalue_gen.emit.cpp.literals import comment_lines, integer_literal, string_literal
from hgvalue_gen.emit.cpp.scopes import field_names
from hgvalue_gen.emit.cpp.spelling import enum_start, starts_as_made
from hgvalue_gen.schema import model as m


def build_enum(enum: m.EnumType, context: Context) -> v.EnumView:
    """Build the view model of an enum."""
    names = context.enum_members(enum)
    members = tuple(
        v.EnumMemberView(names[name], integer_literal(value, "std::int64_t"), string_literal(name))
        for name, value in enum.members
    )
    name = context.entity(enum).name
    return v.EnumView(
        name=name,
        full_name=context.full(name),
        label=context.label(enum),
        doc=doc_literal(enum.doc),
        comment=comment_lines(enum.doc),
        members=members,
        tables=context.tables(name),
        start="" if starts_as_made(enum) else integer_literal(enum_start(enum), "std::int64_t"),
        base="" if enum.base == "Enum" else f"hgvalue::EnumBase::{enum.base}",
    )


def build_struct(struct: m.StructType, context: Context) -> v.StructView:
    """Build the view model of a struct."""
    names = context.entity(struct)
    members = field_names(tuple(field.name for field in struct.fields), context.names, names)
    views = tuple(
        v.MemberView(
            name=name,
            type=context.inside.scalar(field.type),
            initializer=initializer(field, context.inside, context.enum_members),
            label=string_literal(field.name),
            has_default="true" if field.has_default else "false",
            item_only="true" if field.item_only else "false",
            doc=doc_literal(field.doc),
            comment=comment_lines(field.doc),
        )
        for name, field in zip(members, struct.fields, strict=True)
    )
    flags = [context.outside.scalar(field.type) for field in struct.fields]
    return v.StructView(
        name=names.name,
        full_name=context.full(names.name),
        label=context.label(struct),
        doc=doc_literal(struct.doc),
        comment=comment_lines(struct.doc),
        members=views,
        tables=context.tables(names.name),
        traits=context.traits(names.name, flags, all(map(is_zero, struct.fields))),
    )
