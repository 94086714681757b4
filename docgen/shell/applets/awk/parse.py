"""A recursive descent parser for awk (POSIX grammar)."""

from __future__ import annotations

from typing import Final

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.applets.awk.lexer import AwkSyntaxError, Token, tokens
from docgen.shell.applets.awk.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    DoWhile,
    Element,
    Exit,
    Expression,
    FieldOf,
    For,
    ForIn,
    Function,
    Getline,
    Grouping,
    If,
    In,
    Jump,
    Logical,
    Name,
    Number,
    Pattern,
    Print,
    Program,
    Return,
    Rule,
    Simple,
    Statement,
    Step,
    String,
    Target,
    Unary,
    UserCall,
    While,
)

_ASSIGNMENTS: Final = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
_COMPARISONS: Final = frozenset({"<", "<=", "==", "!=", ">", ">="})
_STARTS_OPERAND: Final = frozenset(
    {"number", "string", "regex", "name", "call", "builtin", "$", "!", "(", "-", "+", "++", "--"}
)


def parse(source: str, gnu: bool) -> Program:
    """Raises AwkSyntaxError; NotSimulated for pipes and system()."""
    return _Parser(tokens(source, gnu), gnu).program()


class _Parser:
    def __init__(self, found: list[Token], gnu: bool) -> None:
        self.tokens = found
        self.gnu = gnu
        self.at = 0
        self.depth = 0
        self.no_in = False
        self.no_greater = False

    # -- tokens ------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def _sees(self, *kinds: str) -> bool:
        return self.token.kind in kinds

    def _take(self, *kinds: str) -> Token | None:
        if self.token.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def _need(self, *kinds: str) -> Token:
        found = self._take(*kinds)
        if found is None:
            self._fail()
        assert found is not None
        return found

    def _fail(self) -> None:
        raise AwkSyntaxError(self.token.text, self.token.line)

    def _newlines(self) -> None:
        while self._take("newline"):
            pass

    def _separators(self) -> None:
        while self._take("newline", ";"):
            pass

    # -- program -----------------------------------------------------------------------------

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

    # -- statements --------------------------------------------------------------------------

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

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"an awk program nested deeper than {limits.SYNTAX_DEPTH}", "write it flatter"
            )

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

    # -- expressions -------------------------------------------------------------------------

    def _list(self, closing: str) -> tuple[Expression, ...]:
        """Comma-separated, up to the closing token (which is left)."""
        flags = self.no_in, self.no_greater
        self.no_in = self.no_greater = False
        items: list[Expression] = []
        self._newlines()
        while not self._sees(closing):
            items.append(self._expression())
            self._newlines()
            if not self._take(","):
                break
            self._newlines()
        self.no_in, self.no_greater = flags
        return tuple(items)

    def _expression(self) -> Expression:
        self._deeper()
        found = self._assignment()
        self.depth -= 1
        return found

    def _assignment(self) -> Expression:
        left = self._conditional()
        if self._sees(*_ASSIGNMENTS) and isinstance(left, Name | FieldOf | Element):
            operator = self._need(*_ASSIGNMENTS).kind
            self._newlines()
            return Assign(operator, left, self._expression())
        return left

    def _conditional(self) -> Expression:
        test = self._or()
        if not self._take("?"):
            return test
        self._newlines()
        yes = self._expression()
        self._newlines()
        self._need(":")
        self._newlines()
        return Conditional(test, yes, self._expression())

    def _or(self) -> Expression:
        left = self._and()
        while self._take("||"):
            self._newlines()
            left = Logical("||", left, self._and())
        return left

    def _and(self) -> Expression:
        left = self._in()
        while self._take("&&"):
            self._newlines()
            left = Logical("&&", left, self._in())
        return left

    def _in(self) -> Expression:
        left = self._match()
        while not self.no_in and self._take("in"):
            items = left.items if isinstance(left, Grouping) else (left,)
            left = In(items, self._need("name").text)
        return left

    def _match(self) -> Expression:
        left = self._comparison()
        while self._sees("~", "!~"):
            operator = self._need("~", "!~").kind
            left = Binary(operator, left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._concatenation()
        if self._sees(*_COMPARISONS) and not (self.no_greater and self._sees(">")):
            operator = self._need(*_COMPARISONS).kind
            return Binary(operator, left, self._concatenation())
        if self._sees("|") and self.tokens[self.at + 1].kind == "getline":
            raise NotSimulated("awk's `command | getline`", "run the command outside of awk")
        return left

    def _concatenation(self) -> Expression:
        left = self._additive()
        while self._continues():
            left = Binary(" ", left, self._additive())
        return left

    def _continues(self) -> bool:
        if self._sees("in"):
            return False
        if self._sees("+", "-"):
            return False
        return self.token.kind in _STARTS_OPERAND

    def _additive(self) -> Expression:
        left = self._multiplicative()
        while self._sees("+", "-"):
            operator = self._need("+", "-").kind
            left = Binary(operator, left, self._multiplicative())
        return left

    def _multiplicative(self) -> Expression:
        left = self._unary()
        while self._sees("*", "/", "%"):
            operator = self._need("*", "/", "%").kind
            left = Binary(operator, left, self._unary())
        return left

    def _unary(self) -> Expression:
        sign = self._take("!", "-", "+")
        if sign:
            self._deeper()
            operand = self._unary()
            self.depth -= 1
            return Unary(sign.kind, operand)
        return self._power()

    def _power(self) -> Expression:
        left = self._postfix()
        if not self._take("^"):
            return left
        sign = self._take("-", "+", "!")
        self._deeper()
        right = self._power()
        self.depth -= 1
        return Binary("^", left, Unary(sign.kind, right) if sign else right)

    def _postfix(self) -> Expression:
        operand = self._primary()
        if isinstance(operand, Name | FieldOf | Element) and self._sees("++", "--"):
            return Step(self._need("++", "--").kind, operand, prefix=False)
        return operand

    def _primary(self) -> Expression:
        token = self.token
        self.at += 1
        match token.kind:
            case "number":
                return Number(token.number)
            case "string":
                return String(token.value)
            case "regex":
                return Pattern(token.value)
            case "name":
                return self._variable(token.text)
            case "$":
                return self._field()
            case "(":
                return self._grouping()
            case "++" | "--":
                return Step(token.kind, self._target(), prefix=True)
            case "builtin":
                return self._builtin(token.text)
            case "call":
                self._need("(")
                arguments = self._list(")")
                self._need(")")
                return UserCall(token.text, arguments)
            case "getline":
                return self._getline()
            case _:
                self.at -= 1
                raise AwkSyntaxError(token.text, token.line)

    def _variable(self, name: str) -> Expression:
        if not self._take("["):
            return Name(name)
        subscripts = self._list("]")
        self._need("]")
        return Element(name, subscripts)

    def _field(self) -> Expression:
        self._deeper()
        if self._sees("++", "--"):
            operator = self._need("++", "--").kind
            index: Expression = Step(operator, self._target(), prefix=True)
        elif self._sees("-", "+", "!"):
            index = Unary(self._need("-", "+", "!").kind, self._primary())
        else:
            index = self._primary()
        self.depth -= 1
        return FieldOf(index)

    def _target(self) -> Target:
        found = self._primary()
        if not isinstance(found, Name | FieldOf | Element):
            self.at -= 1
            self._fail()
        assert isinstance(found, Name | FieldOf | Element)
        return found

    def _grouping(self) -> Expression:
        items = self._list(")")
        self._need(")")
        if not items:
            self.at -= 1
            self._fail()
        if len(items) == 1:
            return items[0]
        return Grouping(items)

    def _builtin(self, name: str) -> Expression:
        if name == "system":
            raise NotSimulated("awk's system()", "run the command outside of awk")
        if not self._take("("):
            if name != "length":
                self._fail()
            return Call(name, ())
        arguments = self._list(")")
        self._need(")")
        return Call(name, arguments)

    def _getline(self) -> Expression:
        target: Target | None = None
        if self._sees("name", "$"):
            target = self._target()
        source = None
        if self._take("<"):
            source = self._primary_source()
        return Getline(target, source)

    def _primary_source(self) -> Expression:
        return self._postfix()
