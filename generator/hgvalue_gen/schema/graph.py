"""Graphs without recursion, as chains of declarations may be longer than Python's stack is deep."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

_N = TypeVar("_N", bound=Hashable)


def components(nodes: Iterable[_N], successors: Callable[[_N], Collection[_N]]) -> list[list[_N]]:
    """Return the strongly connected components, each after all that it leads to (Tarjan).

    The order of nodes and successors decides among the orders that are possible, so the result is the same each time.
    """
    index: dict[_N, int] = {}
    low: dict[_N, int] = {}
    open_nodes: list[_N] = []
    is_open: set[_N] = set()
    found: list[list[_N]] = []
    for root in nodes:
        if root in index:
            continue
        if not successors(root):
            index[root] = low[root] = len(index)
            found.append([root])
            continue
        work: list[tuple[_N, Iterator[_N]]] = []

        def enter(node: _N, work: list[tuple[_N, Iterator[_N]]] = work) -> None:
            index[node] = low[node] = len(index)
            open_nodes.append(node)
            is_open.add(node)
            work.append((node, iter(successors(node))))

        enter(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is not None:
                if following not in index:
                    enter(following)
                elif following in is_open:
                    low[node] = min(low[node], index[following])
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
            if low[node] == index[node]:
                component: list[_N] = []
                while not component or component[-1] != node:
                    component.append(open_nodes.pop())
                    is_open.discard(component[-1])
                found.append(component[::-1])
    return found


def cycle(nodes: Sequence[_N], successors: Callable[[_N], Collection[_N]]) -> list[_N] | None:
    """Return a shortest cycle through the first of ``nodes`` that lies on one, or None if none does.

    Only cycles that stay among ``nodes`` count.
    """
    if len(nodes) == 1:
        return list(nodes) if nodes[0] in successors(nodes[0]) else None
    inside = set(nodes)

    def within(node: _N) -> list[_N]:
        return [following for following in successors(node) if following in inside]

    # Found first, so that a search begins at one node alone, and not in vain at each.
    on_cycle = {node for part in components(nodes, within) for node in part if len(part) > 1 or node in within(node)}
    start = next((node for node in nodes if node in on_cycle), None)
    return None if start is None else _cycle_through(start, within)


def _cycle_through(start: _N, successors: Callable[[_N], Iterable[_N]]) -> list[_N]:
    came_from: dict[_N, _N] = {}
    queue = [start]
    for node in queue:
        for following in successors(node):
            if following == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if following not in came_from:
                came_from[following] = node
                queue.append(following)
    raise ValueError("the node lies on no cycle")
