"""From the words of find to its expression."""

from __future__ import annotations

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.applets.find.expression import (
    And,
    Comma,
    Delete,
    Exec,
    Expression,
    Ls,
    Not,
    Or,
    Print,
    Printf,
    Prune,
    Quit,
    Search,
    Test,
)
from docgen.shell.applets.find.tests import GNU_ONLY, REFUSED, WITH_ARGUMENT, WITHOUT_ARGUMENT
from docgen.shell.applets.support.tool import Refusal, on_host, refuse_usage_text
from docgen.shell.process import Process

_FOLLOW = {"-P": "never", "-H": "operands", "-L": "always"}
_UNLIMITED = 1 << 30


def parse(p: Process) -> Search:
    """Raises Refusal with find's own words."""
    words = list(p.argv[1:])
    follow = "never"
    while words and words[0] in _FOLLOW and (on_host(p) or words[0] != "-P"):
        follow = _FOLLOW[words.pop(0)]
    paths = []
    while words and not _starts_expression(words[0]):
        paths.append(words.pop(0))
    return _Parser(p, words, tuple(paths), follow).search()


def _starts_expression(word: str) -> bool:
    return (word.startswith("-") and len(word) > 1) or word in ("(", "!", ")", ",")


class _Parser:
    def __init__(self, p: Process, words: list[str], paths: tuple[str, ...], follow: str) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.words = words
        self.at = 0
        self.paths = paths
        self.follow = follow
        self.least = 0
        self.most = _UNLIMITED
        self.depth_first = False
        self.one_file_system = False
        self.acts = False
        """An action other than -prune was given, so that -print is not implied."""
        self.depth = 0

    def search(self) -> Search:
        expression: Expression = Test(lambda _found: True)
        if self.words:
            expression = self._comma()
            if self.at < len(self.words):
                self._stray()
        if not self.acts:
            expression = And(expression, Print("\n"))
        return Search(
            self.paths or (".",),
            expression,
            self.follow,
            self.least,
            self.most,
            self.depth_first,
            self.one_file_system,
        )

    def _stray(self) -> None:
        if not self.gnu:
            refuse_usage_text(self.p)
        raise Refusal("you have too many ')'")

    def _peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def _take(self, *choices: str) -> bool:
        if self._peek() not in choices or not self._peek():
            return False
        self.at += 1
        return True

    def _comma(self) -> Expression:
        left = self._or()
        while self.gnu and self._take(","):
            left = Comma(left, self._or())
        return left

    def _or(self) -> Expression:
        left = self._and()
        while self._take("-o", "-or") if self.gnu else self._take("-o"):
            self._require_operand("-o")
            left = Or(left, self._and())
        return left

    def _and(self) -> Expression:
        left = self._not()
        while True:
            explicit = self._take("-a", "-and")
            if not explicit and (self._peek() in ("", ")", "-o", "-or", ",")):
                return left
            left = And(left, self._not())

    def _not(self) -> Expression:
        negations = 0
        if not self.gnu:
            self._take("-a", "-and")
        while self._take("!", "-not"):
            negations += 1
            self._require_operand("!")
        inner = self._primary()
        return Not(inner) if negations % 2 else inner

    def _require_operand(self, operator: str) -> None:
        if self.at >= len(self.words) and self.gnu:
            raise Refusal(f"expected an expression after '{operator}'")

    def _primary(self) -> Expression:
        if self._take("("):
            return self._parentheses()
        if self.at >= len(self.words):
            if self.gnu:
                raise Refusal("expected an expression")
            return Test(lambda _found: True)
        word = self.words[self.at]
        if not word.startswith("-") or len(word) < 2:
            self._misplaced(word)
        self.at += 1
        return self._option(word) or self._action(word) or self._test(word)

    def _parentheses(self) -> Expression:
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded("find with so many parentheses", "write a flatter expression")
        if self._peek() == ")" and self.gnu:
            raise Refusal("invalid expression; empty parentheses are not allowed.")
        inner = self._comma()
        if not self._take(")"):
            if self.gnu:
                raise Refusal(
                    "invalid expression; I was expecting to find a ')' somewhere"
                    " but did not see one."
                )
            raise Refusal("unpaired '('")
        self.depth -= 1
        return inner

    def _misplaced(self, word: str) -> None:
        if self.gnu:
            before = self.words[self.at - 2] if self.at >= 2 else ""
            hint = ""
            if before in ("-name", "-iname", "-path"):
                hint = f"\n{self.p.name}: possible unquoted pattern after predicate `{before}'?"
            raise Refusal(f"paths must precede expression: `{word}'{hint}")
        refuse_usage_text(self.p)

    def _argument(self, word: str) -> str:
        if self.at >= len(self.words):
            if self.gnu:
                raise Refusal(f"missing argument to `{word}'")
            raise Refusal(f"{word} requires an argument")
        self.at += 1
        return self.words[self.at - 1]

    def _option(self, word: str) -> Expression | None:
        always = Test(lambda _found: True)
        match word:
            case "-maxdepth":
                self.most = self._levels(word)
            case "-mindepth":
                self.least = self._levels(word)
            case "-depth" | "-d":
                self.depth_first = True
            case "-xdev" | "-mount":
                self.one_file_system = True
            case "-follow":
                self.follow = "always"
            case _:
                return None
        return always

    def _levels(self, word: str) -> int:
        text = self._argument(word)
        if text.isascii() and text.isdigit():
            return int(text[:9])
        if self.gnu:
            raise Refusal(
                f"Expected a positive decimal integer argument to {word}, but got ‘{text}’"
            )
        raise Refusal(f"invalid number '{text}'")

    def _action(self, word: str) -> Expression | None:
        if word == "-prune":
            return Prune()
        if word in GNU_ONLY and not self.gnu:
            return None
        found = self._simple_action(word)
        if found is not None:
            self.acts = True
        return found

    def _simple_action(self, word: str) -> Expression | None:
        match word:
            case "-print":
                return Print("\n")
            case "-print0":
                return Print("\0")
            case "-printf":
                return Printf(self._argument(word))
            case "-ls":
                return Ls()
            case "-quit":
                return Quit()
            case "-delete":
                self.depth_first = True
                return Delete()
            case "-exec":
                return self._exec()
            case _:
                return None

    def _exec(self) -> Exec:
        words: list[str] = []
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if word == ";":
                return self._complete(words, many=False)
            if word == "+" and words and words[-1] == "{}":
                return self._complete(words[:-1], many=True)
            words.append(word)
        if self.gnu:
            raise Refusal("missing argument to `-exec'")
        raise Refusal("-exec requires an argument")

    def _complete(self, words: list[str], many: bool) -> Exec:
        if not words:
            if self.gnu:
                raise Refusal("invalid argument `;' to `-exec'")
            raise Refusal("-exec requires an argument")
        return Exec(tuple(words), many)

    def _test(self, word: str) -> Expression:
        known = word not in GNU_ONLY or self.gnu
        if known and word in WITHOUT_ARGUMENT:
            return Test(WITHOUT_ARGUMENT[word](self.p, ""))
        if known and word in WITH_ARGUMENT:
            return Test(WITH_ARGUMENT[word](self.p, self._argument(word)))
        if (word in REFUSED or word.startswith("-newer")) and self.gnu:
            raise NotSimulated(f"find {word}", "use another test, or -exec")
        if word in ("--help", "-help", "-version", "--version"):
            raise NotSimulated(f"find {word}", "leave it out")
        if word in ("-a", "-and", "-o", "-or") and self.gnu:
            raise Refusal(
                f"invalid expression; you have used a binary operator '{word}' with nothing"
                " before it."
            )
        if not self.gnu:
            refuse_usage_text(self.p)
        raise Refusal(f"unknown predicate `{word}'")
