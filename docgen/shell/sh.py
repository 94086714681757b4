"""The program `sh`: dash on the host, ash in busybox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.builtins_files import start_directory
from docgen.shell.builtins_variables import OPTIONS, set_letters
from docgen.shell.flavour import Flavour
from docgen.shell.interpret import Shell
from docgen.shell.loader import DEFAULT_PATH
from docgen.shell.process import Process
from docgen.shell.wording import CommandFailed

_DEFAULTS: Mapping[str, str] = {
    "OPTIND": "1",
    "PS1": "# ",
    "PS2": "> ",
    "PS4": "+ ",
    "IFS": " \t\n",
}


@dataclass(slots=True)
class _Call:
    """The words of `sh [options] [-c text | file] [name] [arguments]`, read."""

    letters: list[str]
    names: list[tuple[str, bool]]
    text: str | None = None
    words: tuple[str, ...] = ()
    login: bool = False
    stdin: bool = False
    wants_text: bool = False


def new_shell(process: Process, flavour: Flavour, name: str) -> Shell:
    """A shell as it starts: variables from the environment, the defaults, the working directory."""
    shell = Shell(process, flavour, name)
    for variable, value in _DEFAULTS.items():
        shell.variables.set(variable, value)
    if shell.variables.get("PATH") is None:
        shell.variables.set("PATH", DEFAULT_PATH)
    shell.variables.set("PPID", str(process.ppid))
    if flavour is Flavour.BUSYBOX:
        depth = shell.variables.get("SHLVL") or "0"
        shell.variables.set("SHLVL", str(int(depth) + 1 if depth.isdigit() else 1))
        shell.variables.export("SHLVL")
    start_directory(shell)
    return shell


def dash(process: Process) -> Steps[int]:
    """`/usr/bin/dash`, which is `/bin/sh` on the host."""
    return _sh(process, Flavour.HOST)


def ash(process: Process) -> Steps[int]:
    """busybox `sh` and `ash`."""
    return _sh(process, Flavour.BUSYBOX)


def _sh(process: Process, flavour: Flavour) -> Steps[int]:
    shell = new_shell(process, flavour, process.argv[0])
    try:
        call = _read(process.argv)
        for letters in call.letters:
            set_letters(shell, letters)
    except CommandFailed as failure:
        yield from _complain(shell, failure.message)
        return 2
    for name, on in call.names:
        letter = OPTIONS.get(name)
        if letter is None:
            yield from _complain(shell, f"Illegal option -o {name}")
            return 2
        set_letters(shell, ("-" if on else "+") + letter)
    if call.text is not None:
        if call.words:
            shell.name, shell.positional = call.words[0], call.words[1:]
        shell.options |= {"c"} if flavour is Flavour.BUSYBOX else set()
        first_line, final = (0, True) if flavour is Flavour.BUSYBOX else (1, False)
        body = shell.run_text(call.text, first_line=first_line, final=final)
        return (yield from shell.main(_with_profile(shell, body, login=call.login)))
    if call.words and not call.stdin:
        return (yield from _script(shell, call))
    shell.positional = call.words
    text = (yield from process.read_all()).to_bytes().decode("utf-8", "surrogateescape")
    return (yield from shell.main(_with_profile(shell, shell.run_text(text), login=call.login)))


def _with_profile(shell: Shell, body: Steps[int], *, login: bool) -> Steps[int]:
    """A login shell reads /etc/profile and ~/.profile first."""
    home = shell.variables.get("HOME") or "/"
    for path in ("/etc/profile", f"{home}/.profile") if login else ():
        if shell.process.view.exists(path):
            profile = shell.process.view.read_file(path).to_bytes()
            yield from shell.run_text(profile.decode("utf-8", "surrogateescape"))
    return (yield from body)


def _script(shell: Shell, call: _Call) -> Steps[int]:
    path = call.words[0]
    try:
        text = shell.process.view.read_file(path).to_bytes()
    except FsError as error:
        if shell.flavour is Flavour.HOST:
            missing = error.errno.name in ("ENOENT", "ENOTDIR")
            reason = "No such file" if missing else error.errno.value
            yield from _complain(shell, f"cannot open {path}: {reason}")
        else:
            yield from _complain(shell, f"can't open '{path}': {error.errno.value}")
        return 2
    shell.name, shell.positional = path, call.words[1:]
    shell.command_name = path if shell.flavour is Flavour.BUSYBOX else ""
    return (yield from shell.main(shell.run_text(text.decode("utf-8", "surrogateescape"))))


def _complain(shell: Shell, message: str) -> Steps[None]:
    """Before the first line: dash counts it as line 0."""
    if shell.flavour is Flavour.HOST:
        yield from shell.say(f"{shell.name}: 0: {message}\n")
    else:
        message = message.replace("Illegal", "illegal")
        yield from shell.say(f"{shell.name}: {message}\n")


def _read(argv: tuple[str, ...]) -> _Call:
    """Raises CommandFailed."""
    call = _Call([], [], login=argv[0].startswith("-"))
    at = 1
    while at < len(argv) and argv[at][:1] in ("-", "+") and argv[at]:
        word = argv[at]
        at += 1
        if word in ("--", "-"):
            break
        at = _read_cluster(call, argv, word, at)
    words = argv[at:]
    if call.wants_text:
        if not words:
            raise CommandFailed("-c requires an argument")
        call.text, words = words[0], words[1:]
    call.words = tuple(words)
    return call


def _read_cluster(call: _Call, argv: tuple[str, ...], word: str, at: int) -> int:
    """`-ec`: sets what it says; `-o` takes the next word. Where the next word stands."""
    letters = ""
    for letter in word[1:]:
        match letter:
            case "c":
                call.wants_text = True
            case "l":
                call.login = True
            case "s":
                call.stdin = True
            case "i":
                continue
            case "o":
                if at >= len(argv):
                    raise CommandFailed("Illegal option -o")
                call.names.append((argv[at], word[0] == "-"))
                at += 1
            case _:
                letters += letter
    if letters:
        call.letters.append(word[0] + letters)
    return at
