"""The entry point: runs the app and turns every error into a message and an exit code, once."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from zhubao.cli.background import begin_early
from zhubao.core.errors import EXIT_INTERRUPTED, EXIT_USAGE, ZhubaoError


def run() -> None:
    """`zhubao`: exits 0 clean, 1 findings, 2 usage, 3 unreadable input, 130 interrupted."""
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)  # every file is closed by now; tearing down what was imported takes 0.1 s


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; bad input gets a message, no traceback."""
    _prepare_streams()
    gc.set_threshold(500_000, 50, 50)  # a command builds much and throws little away
    options, words = split_bureau(arguments)
    try:
        early = None if {"-h", "--help"} & {*words} else begin_early(options, words)
        from zhubao.cli.app import command
        from zhubao.cli.help import requested_help

        group = command()
        help_text = requested_help(group, arguments)
        if help_text is not None:
            sys.stdout.write(help_text + "\n")
            return 0
        code = group([*options, *words], prog_name="zhubao", standalone_mode=False, obj=early)
        return int(code or 0)
    except ZhubaoError as error:
        from zhubao.cli.output import complain

        return complain(error)
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断；如果正在写台账，下次运行会自动补完或撤回。\n")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not hasattr(error, "format_message"):  # not a usage error of the parser: a real fault
            raise
        return _complain_usage(error)


def split_bureau(arguments: list[str]) -> tuple[list[str], list[str]]:
    """-C/--bureau, taken wherever it stands, also after the command's own words; and the rest."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in ("-C", "--bureau"):
            front += [word, *[value for value in [next(words, None)] if value is not None]]
        elif word.startswith("--bureau="):
            front.append(word)
        else:
            rest.append(word)
    return front, rest


def _prepare_streams() -> None:
    """UTF-8 into files and pipes; on a console what its code page lacks is replaced, not fatal.

    Where the caller has closed them or has none (pythonw, schedulers), words go nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # kept open to the end, so that no other file takes its number
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")


def _complain_usage(error: Exception) -> int:
    from zhubao.cli.help import usage_message
    from zhubao.cli.output import protest

    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context is not None:
        sys.stdout.write(context.get_help() + "\n")
        return EXIT_USAGE
    command = context.command_path if context is not None else "zhubao"
    protest(usage_message(error), f"用 {command} --help 看用法。")
    return int(getattr(error, "exit_code", EXIT_USAGE))


if __name__ == "__main__":
    run()
