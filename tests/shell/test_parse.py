"""The parser accepts what dash accepts, and complains in the words of both shells."""

from __future__ import annotations

import subprocess
from contextlib import suppress

import pytest
from shells import need

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.flavour import Flavour
from docgen.shell.lexer import is_name
from docgen.shell.parse import parse
from docgen.shell.syntax import ShellSyntaxError
from docgen.shell.wording import syntax_error

TEXTS = """\
if
if true
if true; then
for
for x
for x in
for x in a; do
for 1x in a
while
case
case x
case x in
case x in a
case x in a) echo
)
(
()
{
}
f(
f()
f() echo
a;;
;;
;
&
|
&&
a |
a &&
a | | b
a && || b
echo "abc
echo 'abc
echo `abc
echo $(abc
echo ${x
echo $((1+2
echo $((1+2)
echo >
echo > ;
echo <<
echo a (b)
fi
done
then
do
esac
else
!
if true; fi
while true; done
for x in a b c done
case x in esac
case x in (a) echo 1;; esac
for x do echo; done
for x; do echo; done
a &; b
if; then
{ }
{ echo; }; }
(echo
echo )
if true; then echo; else
x=(a b)
f-g() { :; }
function f { :; }
for ((i=0;i<3;i++)); do :; done
echo ${x:}
cat <<< hi
select x in a; do :; done
while :; do break; done; done
f() { echo hi; } > /dev/null; f
if() { :; }
export() { :; }
echo hi > $(
echo "${x:-"
echo $((
a=1 f() { :; }
{ echo a; } b
(echo a) b
if true; then echo; fi x
echo a; ; echo b
case a in a) ;; b) esac
case a in a) echo x esac
case a in a|b) echo;; (c) ;; esac
echo $(echo ')' "(" ) `echo ")"`
echo "$(echo "a")" "${x:-"b c"}"
a=b c=d >x <y 2>&1 cmd arg
! ! true
{ a; } && (b) || { c; } &
until a; do b; done <c >d
if a; then b; elif c; then d; else e; fi | f
x() { y; } <z
""".splitlines()


@pytest.mark.parametrize("flavour", Flavour)
def test_complaints_are_those_of_the_real_shell(flavour: Flavour) -> None:
    argv = {Flavour.HOST: ["dash"], Flavour.BUSYBOX: ["busybox", "sh"]}[flavour]
    need(flavour)
    wrong = []
    for text in TEXTS:
        done = subprocess.run(
            [*argv, "-n", "-c", text], capture_output=True, text=True, check=False
        )
        expected = done.stderr.partition(": ")[2].strip()
        if flavour is Flavour.HOST:
            expected = expected.partition(": ")[2]
        try:
            parse(text, flavour)
            ours = ""
        except ShellSyntaxError as error:
            ours = syntax_error(flavour, error)
        except NotSimulated:
            continue
        if ours != expected:
            wrong.append((text, expected, ours))
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "[[ a = b ]]",
        "echo ${x:1:2}",
        "echo ${x/a/b}",
        "a &> b",
        "cat <(ls)",
        "function f { :; }",
        "echo $'a'",
    ],
)
def test_what_ash_has_beyond_posix_is_refused_not_misread(text: str) -> None:
    with pytest.raises(NotSimulated):
        parse(text, Flavour.BUSYBOX)


@pytest.mark.parametrize(
    "text", ["(" * 60, "$(" * 60, "{ " * 60, "`" + "$(" * 60 + "`", "if " * 60]
)
def test_depth_is_limited(text: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column > 0) == (1, True)


def test_positions_are_lines_and_columns_of_the_text() -> None:
    script = parse("echo a\n  cat b |\n\tsed c")
    pipeline = script.items[1].first
    places = [(one.words[0].line, one.words[0].column) for one in pipeline.commands]  # type: ignore[union-attr]
    assert places == [(2, 3), (3, 2)]


@pytest.mark.parametrize(
    "piece", ["a ", "'", '"', "\\a", "$x", "`a` ", "a;", "a|", "a\n", "[", "# c\n", "${x:-a}", "()"]
)
def test_reading_takes_time_in_proportion(piece: str) -> None:
    """No quadratic walk: thousands of the same thing are read within the test's patience."""
    text = piece * 10_000
    with suppress(ShellSyntaxError, NotSimulated):
        parse(text)


def test_names() -> None:
    assert is_name("_a1")
    assert not is_name("1a")
    assert not is_name("é")
    assert not is_name("")
