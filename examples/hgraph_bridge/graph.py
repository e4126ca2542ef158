"""The graph between the two roots: sources that tell hgraph what the leader's deltas are, and a sink that follows."""

import logging
from collections.abc import Callable
from typing import Any

import schema
from hgraph import (
    TS,
    TSB,
    TSW,
    EvaluationClock,
    GraphConfiguration,
    WindowSize,
    compute_node,
    evaluate_graph,
    generator,
    graph,
    map_,
    sink_node,
    to_window,
)
from leader import Leader

# No `from __future__ import annotations` here: hgraph reads the signatures of nodes.

Market = schema.market.Market
Quote = schema.market.Quote


def run(leader: Leader, sink: Callable[[Any, Any], None], start: Any, end: Any) -> None:
    """Evaluate the graph; `sink(at, board)` is called with hgraph's input in every engine cycle in which it ticked."""

    @generator
    def tell_market() -> TSB[Market]:
        yield from leader.deltas("market")

    @generator
    def tell_prices() -> schema.market.Prices:
        yield from leader.deltas("prices")

    @generator
    def tell_volumes() -> schema.market.Volumes:
        yield from leader.deltas("volumes")

    @generator
    def tell_auctions() -> schema.AUCTIONS:
        yield from leader.deltas("auctions")

    @compute_node
    def spread(bid: TS[float], ask: TS[float]) -> TS[float]:
        return ask.value - bid.value

    @graph
    def spreads_of(quote: TSB[Quote]) -> TSW[float, WindowSize[6], WindowSize[1]]:
        return to_window(spread(quote.bid, quote.ask), 6, 1)

    @sink_node
    def follow(board: TSB[schema.Board], clock: EvaluationClock = None):
        sink(clock.evaluation_time, board)

    @graph
    def bridge():
        market = tell_market()
        follow(
            TSB[schema.Board].from_ts(
                market=market,
                prices=tell_prices(),
                volumes=tell_volumes(),
                spreads=map_(spreads_of, market.quotes),
                auctions=tell_auctions(),
            )
        )

    evaluate_graph(bridge, GraphConfiguration(start_time=start, end_time=end, default_log_level=logging.ERROR))
