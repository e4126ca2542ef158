"""Calls every public method with arguments that change what the method works on while it runs.

What there is to call is read off the classes: all names of ``dir()`` of every class of a schema and of the generic
layer, so that a new method is covered without being named. Hostile arguments, observers, and finalisers that the
collector runs at every allocation (its threshold is 1) clear, resize, bind, load, apply, invalidate, drop, advance and
call again. After each operation what was worked on must still read as a whole.
"""

from __future__ import annotations

import functools
import gc
import sys
from random import Random
from types import ModuleType
from typing import Any

import hgvalue
from tests.fuzz.harness import run
from tests.fuzz.hostile import Finalised, HostileSequence, Number, Observer, hostile
from tests.fuzz.reentrancy_things import own_types, plain_of, root_value, schema

#: What is no operation of the class's own, or ends the program.
LEFT_OUT = frozenset(
    [
        "__class__",
        "__init_subclass__",
        "__subclasshook__",
        "__getattribute__",
        "__dir__",
        "__sizeof__",
        "__delattr__",
        "__dict__",
        "__doc__",
        "__module__",
        "__weakref__",
        "__del__",
        "__weaklistoffset__",
        "address",
        "__setattr__",
    ]
)
#: What no code of the test's raises: signs of memory that was read after its end, or written where it must not be.
WRONG = (SystemError, MemoryError, UnicodeDecodeError, AssertionError)
#: Actions that hostile objects may take in one operation, and operations of a round.
BUDGET, OPERATIONS = 4, 250


class Refused(Exception):
    """Raised by hostile objects now and then."""


@functools.cache
def names_of(cls: type) -> tuple[str, ...]:
    """Return what an instance of a class can be asked for."""
    return tuple(name for name in dir(cls) if name not in LEFT_OUT)


class World:
    """What is operated on, and what is done to it meanwhile."""

    def __init__(self, random: Random, backend: str) -> None:
        self.random, self.module = random, schema(backend)
        self.things: list[Any] = []
        self.budget = self.depth = 0
        self.now = 0
        self.wrong: BaseException | None = None
        self.clock = hgvalue.EvaluationClock()
        self.build()

    # -- what there is ------------------------------------------------------------------------------------------------

    def build(self) -> None:
        m, random = self.module, self.random
        self.roots = [m.Root(clock=self.clock), m.Book(clock=self.clock), m.Things()]
        self.advance()
        root, book, things = self.roots
        quotes = {f"k{i}": {"bid": float(i), "ask": 1.0} for i in range(random.randint(1, 12))}
        root.apply_result(root_value(self.module) | {"quotes": quotes})
        book.apply_result(quotes)
        things.apply_result({m.Side.BUY: [1], m.Side.SELL: "x"})
        root.refs.get_or_create("x").bind(root.quotes["k0"].bid)
        root.price.bind(book["k0"].ask)
        root.best.bind(root.quotes["k0"])
        leg, thing = m.Leg(1.0), m.Thing("n" * 40, extra=[1], by={"a": 1.5}, legs=[m.Leg(2.0)])
        self.things += [*self.roots, self.clock, leg, thing, hgvalue, m.Leg, m.Thing, hgvalue.Value, hgvalue.Delta]
        self.things += [m.Thing.__new__(m.Thing), m.Leg.__new__(m.Leg), hgvalue.Value.__new__(hgvalue.Value)]
        self.things += [subclassed(m.Thing, name="sub"), hgvalue.Delta.__new__(hgvalue.Delta)]
        for meta in own_types():
            value = hgvalue.Value(meta)
            self.quietly(lambda value=value, meta=meta: setattr(value, "value", plain_of(self.random, meta)))
            self.things += [value, value.view()]
        for thing_ in (root, thing, leg):
            self.quietly(lambda t=thing_: self.things.append(hgvalue.full_delta(t)))
        self.quietly(lambda: self.things.append(root.delta()))
        for _ in range(25):
            self.walk()

    def pick(self) -> Any:
        return self.random.choice(self.things)

    def walk(self) -> None:
        """Keep something that is found below what there is."""
        at = self.pick()
        name = self.random.choice(names_of(type(at)))
        if name.startswith("__") and name not in ("__iter__", "__copy__"):
            return
        self.quietly(lambda: self.keep(self.found(at, name)))

    def found(self, at: Any, name: str) -> Any:
        if self.random.random() < 0.5:
            return self.random.choice(list(at))  # an element, if it has any
        if self.random.random() < 0.3:
            return hgvalue.view(at)
        got = getattr(at, name)
        return got() if callable(got) and self.random.random() < 0.5 else got

    def keep(self, found: Any) -> None:
        if type(found).__module__.split(".")[0] in ("hgvalue", self.module.__name__):
            self.things.append(found)
        while len(self.things) > 90:
            del self.things[self.random.randrange(len(self.things))]

    # -- what is done in between ---------------------------------------------------------------------------------------

    def quietly(self, do: Any) -> Any:
        """Run something that may raise, but nothing that tells of broken memory."""
        try:
            return do()
        except WRONG as error:
            self.wrong = error
        except Exception:
            pass
        return None

    def advance(self) -> None:
        self.now += self.random.randint(1, 9)
        for root in self.roots:
            self.quietly(lambda root=root: root.advance(self.now))

    def act(self) -> None:
        """Change something, as hostile objects do when Python asks them for anything."""
        if self.budget <= 0 or self.depth > 2:
            return
        self.budget -= 1
        self.depth += 1
        self.quietly(lambda: self.random.choice(ACTIONS)(self))
        self.depth -= 1
        if self.random.random() < 0.03:
            raise Refused

    def clear_something(self) -> None:
        self.random.choice([self.current, self.pick(), *self.roots]).clear()

    def empty_something(self) -> None:
        at = self.current
        root = at
        while getattr(root, "owner", None) is not None and root.owner is not root:
            root = root.owner
        self.random.choice([at, root]).clear()

    def set_something(self) -> None:
        at = self.random.choice([self.current, self.pick()])
        if isinstance(at, hgvalue.Value):
            at.value = plain_of(self.random, at.schema)
        elif isinstance(at, hgvalue.TimeSeries):
            at.value = self.random.choice([None, 1, 2.5, "t", {}, {"k0": {"bid": 1.0}}, at.value])
        else:
            at.value = at.value

    def remove_something(self) -> None:
        at = self.random.choice([self.current, self.pick(), *self.roots])
        del at[self.random.choice(list(at) or ["k0"])]

    def grow_something(self) -> None:
        book = self.random.choice([self.roots[1], self.roots[0].quotes])
        for i in range(40):
            book.get_or_create(f"g{self.random.randint(0, 99)}{i}")

    def resize_something(self) -> None:
        self.random.choice([self.roots[0].lists, self.current, self.pick()]).resize(self.random.randint(0, 6))

    def bind_something(self) -> None:
        root, book = self.roots[0], self.roots[1]
        reference = self.random.choice([root.price, root.refs.get_or_create("y"), root.best, root.parts])
        target = self.random.choice([None, root.quotes, book, root.pair, self.pick(), root.price])
        if target in (book, root.quotes) and len(target):
            target = target[self.random.choice(list(target))]
            target = self.random.choice([target, target.bid])
        reference.bind(target)

    def load_something(self) -> None:
        root = self.random.choice(self.roots)
        root.load(self.random.choice([None, root.snapshot()]))

    def apply_something(self) -> None:
        deltas = [t for t in self.things if isinstance(t, hgvalue.Delta)]
        self.random.choice([self.current, *self.roots]).apply(self.random.choice(deltas))

    def invalidate_something(self) -> None:
        self.random.choice([self.current, self.pick(), *self.roots]).invalidate()

    def drop_something(self) -> None:
        del self.things[self.random.randrange(len(self.things))]

    def exchange_something(self) -> None:
        at = self.random.randrange(3)
        old = self.roots[at]
        made = type(old)() if at == 2 else type(old)(clock=self.clock)
        self.roots[at] = made
        self.things = [t for t in self.things if t is not old]
        self.things.append(made)

    def subscribe_something(self) -> None:
        at = self.random.choice([self.current, self.pick(), *self.roots])
        at.subscribe(self.observer(), self.random.choice(["write", "end"]))

    def unsubscribe_something(self) -> None:
        self.random.choice([self.current, self.pick(), *self.roots]).unsubscribe(self.observer())

    def collect_something(self) -> None:
        if self.random.random() < 0.3:
            gc.collect(self.random.randint(0, 1))

    def repeat_something(self) -> None:
        self.call(self.current, self.name)

    def initialise_something(self) -> None:
        self.random.choice([self.current, self.pick()]).__init__(*self.arguments(1))

    def restore_something(self) -> None:
        self.random.choice([self.current, self.pick()]).__setstate__(((), None))

    def observer(self) -> Any:
        if self.random.random() < 0.5 or not hasattr(self, "_observer"):
            self._observer = Observer(self.act, self.random.random() < 0.3)
        return self._observer

    def advance_something(self) -> None:
        self.advance()

    # -- operations ----------------------------------------------------------------------------------------------------

    def argument(self, at: Any) -> Any:
        random = self.random
        choice = random.random()
        if choice < 0.25:
            return hostile(random, self.act, self.own_value(at))
        if choice < 0.4:
            return Number(self.act, random.randint(-2, 8))
        if choice < 0.5:
            return hostile(random, self.act, random.choice(["k0", "x", "bid", "a", 0, 1, ["k0"], {"k0": {}}, {"a"}]))
        if choice < 0.6:
            return self.pick()
        if choice < 0.65:
            return self.observer()
        if choice < 0.7:
            return slice(Number(self.act, random.randint(0, 3)), Number(self.act, random.randint(1, 9)))
        if choice < 0.75:
            return HostileSequence(self.act, [self.argument(at) for _ in range(random.randint(0, 3))])
        if choice < 0.8:
            return hostile(
                random, self.act, root_value(self.module) | {"price": self.pick(), "refs": {"x": self.pick()}}
            )
        if choice < 0.85:
            return random.choice([hgvalue.REMOVE, hgvalue.REMOVE_IF_EXISTS, None])
        return random.choice([self.now + 1, "k0", "bid", 0, -1, 1.5, b"bytes", "end", [], {}, Number(self.act, 1)])

    def own_value(self, at: Any) -> Any:
        """Return a plain value that fits, to be made hostile."""
        if self.random.random() < 0.3:
            try:
                return self.random.choice(list(at))
            except Exception:
                return None
        if isinstance(at, hgvalue.Value):
            return plain_of(self.random, at.schema)
        try:
            return at.value
        except Exception:
            return self.random.randint(0, 5)

    def arguments(self, count: int) -> list[Any]:
        return [self.argument(self.current) for _ in range(count)]

    def call(self, at: Any, name: str) -> Any:
        """Read an attribute, set it, or call what it is."""
        random = self.random
        shared = isinstance(at, type | ModuleType)  # what is set there would stay for later rounds
        got = getattr(at, name)
        if not callable(got) or isinstance(got, type | hgvalue.TimeSeries | hgvalue.View):
            if random.random() < 0.4 and not shared:
                setattr(at, name, self.argument(at))
            return got
        count = random.choice([0, 1, 1, 1, 2, 2, 3])
        arguments = self.arguments(count)
        if name in ("reserve", "resize", "advance", "tick"):
            arguments = [Number(self.act, random.randint(0, 9) + (self.now if name in ("advance", "tick") else 0))]
        done = got(*arguments)
        if hasattr(done, "__next__"):
            done = self.drain(done)
        return done

    def drain(self, iterator: Any) -> None:
        for _ in range(20):
            if next(iterator, self) is self:
                return
            if self.random.random() < 0.2:
                self.act()

    def operate(self) -> None:
        """Call one method of one thing, and look at what it left."""
        random = self.random
        self.current = at = self.pick()
        self.name = random.choice(names_of(type(at) if not isinstance(at, type | ModuleType) else at))
        self.budget = BUDGET
        if random.random() < 0.5:
            Finalised(self.act)
            gc.enable()
        try:
            self.keep_result(self.quietly(lambda: self.call(at, self.name)))
        finally:
            gc.disable()
        self.budget = 0
        self.check(at)
        self.check(random.choice(self.roots))
        if random.random() < 0.1:
            self.walk()
        if self.wrong is not None:
            raise RuntimeError(f"{type(at).__name__}.{self.name}") from self.wrong

    def keep_result(self, result: Any) -> None:
        if result is not None and self.random.random() < 0.3:
            self.keep(result)

    def check(self, at: Any) -> None:
        """Read everything; what is gone may say so."""
        if isinstance(at, type | ModuleType):
            return
        for read in (repr, len, list, lambda o: o.value, lambda o: o.to_python(), lambda o: o.delta_value, str):
            self.quietly(lambda read=read: read(at))
        self.quietly(lambda: self.check_bytes(at))

    def check_bytes(self, at: Any) -> None:
        if isinstance(at, hgvalue.TimeSeries):
            at = at.snapshot()
        bytes_ = hgvalue.encode(at)
        assert hgvalue.encode(hgvalue.decode(bytes_)) == bytes_


def subclassed(cls: type, **fields: Any) -> Any:
    """Return an instance of a Python subclass of a struct."""
    return type("Sub" + cls.__name__, (cls,), {"__hash__": cls.__hash__, "note": None})(**fields)


#: What hostile objects do: every method of a World that does something.
ACTIONS = tuple(method for name, method in vars(World).items() if name.endswith("_something"))


def play(random: Random, backend: str) -> int:
    """Operate on one world."""
    gc.disable()
    schema(backend)
    own_types()
    if not gc.get_freeze_count():
        gc.freeze()  # so that the collections of this fuzzer, which are many, look at its own objects only
        gc.set_threshold(1)
        sys.unraisablehook = lambda _: None  # hostile finalisers raise, too
    world = World(random, backend)
    for _ in range(OPERATIONS):
        world.operate()
    return OPERATIONS


run(__name__, play)
