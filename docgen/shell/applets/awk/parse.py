"""A recursive descent parser for awk (POSIX grammar): rules, functions, statements."""

from __future__ import annotations

from docgen.diagnostics import NotSimulated
from docgen.shell.applets.awk.expressions import ExpressionParser
from docgen.shell.applets.awk.lexer import AwkSyntaxError, tokens
from docgen.shell.applets.awk.nodes import (
    Block,
    Delete,
    DoWhile,
    Exit,
    Expression,
    For,
    ForIn,
    Function,
    Grouping,
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


def parse(source: str, gnu: bool) -> Program:
    """Raises AwkSyntaxError; NotSimulated for pipes and system()."""
    return _Parser(tokens(source, gnu), gnu).program()


class _Parser(ExpressionParser):
    """Reads a program."""

    def program(self) -> Program:
        program = Program()
        self._separators()
        while not self._sees("end"):
            self._item(program)
            self._separators()
        return program

    def _item(self, program: Program) -> None:
        if self._take("function"):
            function = self._function()
            program.functions[function.name] = function
        elif self._take("BEGIN"):
            program.begin.append(self._block())
        elif self._take("END"):
            program.end.append(self._block())
        else:
            program.rules.append(self._rule())

    def _function(self) -> Function:
        name = self._need("name", "call").text
        self._need("(")
        parameters = []
        while not self._sees(")"):
            parameters.append(self._need("name").text)
            if not self._take(","):
                break
            self._newlines()
        self._need(")")
        self._newlines()
        return Function(name, tuple(parameters), self._block())

    def _rule(self) -> Rule:
        pattern = end = None
        if not self._sees("{"):
            pattern = self._expression()
            if self._take(","):
                self._newlines()
                end = self._expression()
        action = self._block() if self._sees("{") else None
        return Rule(pattern, end, action)

    def _block(self) -> Block:
        self._deeper()
        self._need("{")
        body: list[Statement] = []
        self._separators()
        while not self._sees("}"):
            if self._sees("end"):
                raise AwkSyntaxError("", self.token.line)
            body.append(self._statement())
            self._separators()
        self._need("}")
        self.depth -= 1
        return Block(tuple(body))

    def _statement(self) -> Statement:
        if self._sees("{"):
            return self._block()
        compound = {"if": self._if, "while": self._while, "do": self._do, "for": self._for}
        for keyword, read in compound.items():
            if self._take(keyword):
                self._deeper()
                found = read()
                self.depth -= 1
                return found
        if self._take(";"):
            return Block(())
        statement = self._simple()
        self._end_of_statement()
        return statement

    def _end_of_statement(self) -> None:
        if self._sees("}", "end"):
            return
        if not self._take(";", "newline"):
            self._fail()

    def _body(self) -> Statement:
        self._newlines()
        if self._take(";"):
            return Block(())
        return self._statement()

    def _if(self) -> Statement:
        self._need("(")
        test = self._expression()
        self._need(")")
        yes = self._body()
        mark = self.at
        self._separators()
        if not self._take("else"):
            self.at = mark
            return If(test, yes, None)
        return If(test, yes, self._body())

    def _while(self) -> Statement:
        self._need("(")
        test = self._expression()
        self._need(")")
        if self._take(";"):
            return While(test, Block(()))
        return While(test, self._body())

    def _do(self) -> Statement:
        body = self._body()
        self._separators()
        self._need("while")
        self._need("(")
        test = self._expression()
        self._need(")")
        self._end_of_statement()
        return DoWhile(body, test)

    def _for(self) -> Statement:
        self._need("(")
        names = [token.kind for token in self.tokens[self.at : self.at + 4]]
        if names == ["name", "in", "name", ")"]:
            variable, array = self.token.text, self.tokens[self.at + 2].text
            self.at += 4
            return ForIn(variable, array, self._body())
        start = None if self._sees(";") else self._simple()
        self._need(";")
        self._newlines()
        test = None if self._sees(";") else self._expression()
        self._need(";")
        self._newlines()
        step = None if self._sees(")") else self._simple()
        self._need(")")
        if self._take(";"):
            return For(start, test, step, Block(()))
        return For(start, test, step, self._body())

    def _simple(self) -> Statement:
        jump = self._take("break", "continue", "next", "nextfile")
        if jump:
            return Jump(jump.kind)
        if self._take("exit"):
            return Exit(None if self._at_end() else self._expression())
        if self._take("return"):
            return Return(None if self._at_end() else self._expression())
        if self._take("delete"):
            return self._delete()
        if self._sees("print", "printf"):
            return self._print()
        return Simple(self._expression())

    def _at_end(self) -> bool:
        return self._sees(";", "newline", "}", "end", ")")

    def _delete(self) -> Statement:
        array = self._need("name").text
        if not self._take("["):
            return Delete(array, None)
        subscripts = self._list("]")
        self._need("]")
        return Delete(array, subscripts)

    def _print(self) -> Statement:
        formatted = self._need("print", "printf").kind == "printf"
        arguments: tuple[Expression, ...] = ()
        self.no_greater = True
        if not self._at_end() and not self._sees(">", ">>", "|"):
            arguments = self._print_arguments()
        self.no_greater = False
        if self._sees("|"):
            raise NotSimulated("awk's print into a command", "pipe the whole output in the shell")
        redirection = self._take(">", ">>")
        file = self._concatenation() if redirection else None
        if formatted and not arguments:
            self._fail()
        return Print(arguments, formatted, redirection.kind if redirection else "", file)

    def _print_arguments(self) -> tuple[Expression, ...]:
        """`print (a, b)` and `print (a)(b), c`."""
        first = self._expression()
        items = [first]
        while self._take(","):
            self._newlines()
            items.append(self._expression())
        if len(items) == 1 and isinstance(first, Grouping):
            return first.items
        return tuple(items)
