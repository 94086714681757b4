"""Running an awk program. Everything is a generator, since input and output may have to wait."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.applets.awk.evaluator import Evaluator, Leave
from docgen.shell.applets.awk.machine import RunTimeError
from docgen.shell.applets.awk.nodes import (
    Block,
    Delete,
    DoWhile,
    Exit,
    Expression,
    For,
    ForIn,
    If,
    Jump,
    Print,
    Program,
    Return,
    Rule,
    Simple,
    Statement,
    While,
)
from docgen.shell.applets.awk.values import number, truth
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.tool import Refusal
from docgen.shell.process import Process


class Interpreter(Evaluator):
    """One run."""

    def __init__(self, p: Process, program: Program) -> None:
        super().__init__(p, program)
        self.active: set[int] = set()
        """Rules with a range that has begun."""

    def run(self) -> Steps[int]:
        try:
            return (yield from self._run())
        except RunTimeError as error:
            yield from self.world.out.put(error.printed)
            yield from self.world.flush()
            raise

    def _run(self) -> Steps[int]:
        """BEGIN, the input, END. An exit before END goes on with END; within it, it ends all."""
        try:
            for block in self.program.begin:
                yield from self.execute(block)
            if self.program.rules or self.program.end:
                yield from self._input()
        except Leave:
            pass
        try:
            for block in self.program.end:
                yield from self.execute(block)
        except Leave:
            pass
        yield from self.world.flush()
        return self.status

    def _input(self) -> Steps[None]:
        while (yield from self.read_main()):
            try:
                for index, rule in enumerate(self.program.rules):
                    if (yield from self._chosen(index, rule)):
                        if rule.action is None:
                            yield from self.print_record()
                        else:
                            yield from self.execute(rule.action)
            except Leave as leave:
                if leave.kind == "nextfile":
                    self.close_main()
                elif leave.kind != "next":
                    raise

    def _chosen(self, index: int, rule: Rule) -> Steps[bool]:
        if rule.pattern is None:
            return True
        if rule.end is None:
            return truth((yield from self.value(rule.pattern)))
        if index not in self.active:
            if not truth((yield from self.value(rule.pattern))):
                return False
            self.active.add(index)
        if truth((yield from self.value(rule.end))):
            self.active.discard(index)
        return True

    def print_record(self) -> Steps[None]:
        yield from self.world.out.put(self.record.text() + self.special("ORS"))

    def execute(self, node: Statement) -> Steps[None]:
        self.p.kernel.tick()
        match node:
            case Block(body):
                for one in body:
                    yield from self.execute(one)
            case Simple(expression):
                yield from self.value(expression)
            case Print():
                yield from self._print(node)
            case If(test, yes, no):
                if truth((yield from self.value(test))):
                    yield from self.execute(yes)
                elif no is not None:
                    yield from self.execute(no)
            case While() | DoWhile() | For() | ForIn():
                yield from self._loop(node)
            case Delete(array, subscripts):
                found = self.scopes.array(array)
                if subscripts is None:
                    found.values.clear()
                else:
                    found.values.pop((yield from self._key(subscripts)), None)
            case _:
                yield from self._leave(node)

    def _leave(self, node: Jump | Exit | Return) -> Steps[None]:
        match node:
            case Jump(kind):
                raise Leave(kind)
            case Exit(status):
                if status is not None:
                    self.status = int(number((yield from self.value(status)))) & 0xFF
                raise Leave("exit")
            case Return(value):
                raise Leave("return", None if value is None else (yield from self.value(value)))

    def _loop(self, node: While | DoWhile | For | ForIn) -> Steps[None]:
        match node:
            case While(test, body):
                yield from self._repeat(None, test, None, body)
            case For(start, condition, step, body):
                yield from self._repeat(start, condition, step, body)
            case DoWhile(body, test):
                if not (yield from self._body(body)):
                    yield from self._repeat(None, test, None, body)
            case ForIn(variable, array, body):
                for key in tuple(self.scopes.array(array).keys()):
                    self.assign_name(variable, key)
                    if (yield from self._body(body)):
                        return

    def _repeat(
        self,
        start: Statement | None,
        test: Expression | None,
        step: Statement | None,
        body: Statement,
    ) -> Steps[None]:
        if start is not None:
            yield from self.execute(start)
        while test is None or truth((yield from self.value(test))):
            if (yield from self._body(body)):
                return
            if step is not None:
                yield from self.execute(step)

    def _body(self, body: Statement) -> Steps[bool]:
        """One turn of a loop; true where it is left."""
        try:
            yield from self.execute(body)
        except Leave as leave:
            if leave.kind == "break":
                return True
            if leave.kind != "continue":
                raise
        return False

    def _print(self, node: Print) -> Steps[None]:
        values = yield from self._values(node.arguments)
        if node.formatted:
            data = self.sprintf(values, "printf")
        elif not node.arguments:
            data = self.record.text() + self.special("ORS")
        else:
            data = self.special("OFS").join(self.printed(value) for value in values)
            data += self.special("ORS")
        out = self.world.out
        if node.file is not None:
            name = self.text((yield from self.value(node.file)))
            try:
                out = yield from self.world.writer(name, node.redirection == ">>")
            except FsError as error:
                shown = decoded(name)
                if self.gnu:
                    raise Refusal(f'cannot open "{shown}" for output', 2) from None
                raise Refusal(f"can't open '{shown}': {error.errno.value}") from None
        yield from out.put(data)
