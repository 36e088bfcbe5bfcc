"""Entry point: find the subcommand, turn errors into one line and an exit status.

Nothing heavy is imported here, so that ``coopet --help`` answers at once.
"""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn, final

import click

from solver.errors import CoopetError

BAD_INPUT, NOT_SETTLED, INTERRUPTED = 2, 3, 130

#: Subcommand, its help line. Each lives in the module of its name.
COMMANDS = {
    "list": "List games, concepts and views.",
    "show": "Show a game: what it models, its parameters and sources, its payoffs.",
    "solve": "Solve a game at one point.",
    "sweep": "Solve a game over a grid into a directory; the same command resumes.",
    "threshold": "Find where the answer changes along one axis, or the boundaries over two.",
    "status": "Show how far a sweep is, what is missing and what was not certified.",
    "export": "Write a sweep as a table or a labelled array: .csv, .parquet, .nc or .zarr.",
    "plot": "Draw a sweep.",
    "convert": "Write a game to a file: .nfg, .efg or .json.",
    "warmup": "Fill the cache of compiled kernels.",
    "doctor": "Show versions, cores, cache and optional parts.",
}


class Interrupted(Exception):  # noqa: N818  it is no error
    """Ctrl-C, caught before click prints an empty line for it; holds what the command said."""

    def __init__(self, said: str, status: int) -> None:
        super().__init__(said)
        self.status = status


@final
class Terminated(KeyboardInterrupt):
    """A signal that ends a process, such as SIGTERM; all that Ctrl-C leaves in order, it does."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let signals that would end this process at once interrupt it as Ctrl-C does."""

    def end(number: int, _frame: object) -> None:
        raise Terminated(number)

    taken = []
    for name in ("SIGTERM", "SIGHUP"):  # nohup has SIGHUP ignored, and it stays so
        number = getattr(signal, name, None)
        if number is None or signal.getsignal(number) is not signal.SIG_DFL:
            continue
        try:
            signal.signal(number, end)
        except ValueError:  # not in the main thread
            continue
        taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


@final
class LazyGroup(click.Group):
    """A group that imports a subcommand only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a subcommand."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"solver.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with near names for a typing error."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from solver.errors import unknown  # noqa: PLC0415  difflib, on this path only

            raise click.UsageError(unknown("command", args[0], COMMANDS))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            said = "".join(f": {note}" for note in getattr(stop, "__notes__", ()))
            raise Interrupted(said, getattr(stop, "status", INTERRUPTED)) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table without importing any subcommand."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coopet", prog_name="coopet")
def cli() -> None:
    """Equilibria of parametric games: one point, or whole sweeps, every answer certified.

    TARGET is the name of a game (see `coopet list`), FILE.py:NAME for a Game of your own, or a
    game in a file, FILE.nfg, FILE.efg or FILE.json.

    Start with:  coopet show phase
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        with _ended_in_order():
            status = cli.main(
                arguments or ["--help"], prog_name="coopet", standalone_mode=False, obj=arguments
            )
    except click.exceptions.Abort:
        _fail(INTERRUPTED, f"interrupted; to go on: {_command(arguments)}")
    except Interrupted as stop:
        word = "interrupted" if stop.status == INTERRUPTED else "terminated"
        _fail(stop.status, f"{word}{stop}; to go on: {_command(arguments)}")
    except click.ClickException as error:
        _fail(BAD_INPUT, error.format_message())
    except CoopetError as error:
        _fail(BAD_INPUT, str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except MemoryError:
        _fail(BAD_INPUT, "there is not enough memory for this")
    except OSError as error:
        sys.stdout = None  # what could not be written would be tried again at the end
        _fail(BAD_INPUT, f"the output cannot be written: {error.strerror or error}")
    sys.exit(status if isinstance(status, int) else 0)


def _command(arguments: list[str]) -> str:
    """The command that goes on; --fresh would start over."""
    return shlex.join(["coopet", *(text for text in arguments if text != "--fresh")])


def _fail(status: int, message: str) -> NoReturn:
    line = " ".join(message.split())
    click.echo(f"coopet: {line}", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
