"""Refuse names that two generated classes would have to share."""

from __future__ import annotations

from hgvalue_gen.diagnostics import Note
from hgvalue_gen.schema.model import Root
from hgvalue_gen.schema.names import SUFFIXES
from hgvalue_gen.schema.program import Binding, Kind, Program, Symbol, Unit


class CheckNames:
    """A time series ``Quote`` brings ``QuoteValue`` and ``QuoteDelta`` into its module."""

    def run(self, program: Program) -> None:
        for unit in program.units:
            for symbol in unit.symbols.values():
                if _is_time_series(symbol):
                    for suffix in SUFFIXES:
                        other = unit.scope.get(f"{symbol.name.text}{suffix}")
                        if other is not None:
                            self._clash(program, unit, symbol, other, suffix)

    def _clash(self, program: Program, unit: Unit, symbol: Symbol, other: Binding, suffix: str) -> None:
        name, generated = symbol.name.text, f"{symbol.name.text}{suffix}"
        is_own = isinstance(other, Symbol) and other.unit is unit
        place = other if isinstance(other, Symbol) and is_own else symbol
        program.error(
            "HGT023",
            f"`{generated}` is {'declared' if is_own else 'imported'}, but `{name}` gives a class of that name",
            unit,
            place.name.span,
            help=f"rename `{name}` or `{generated}`",
            notes=[Note(f"`{name}` is declared here", symbol.location)] if is_own else [],
        )


def _is_time_series(symbol: Symbol) -> bool:
    return symbol.kind is Kind.BUNDLE or isinstance(symbol.declaration, Root)
