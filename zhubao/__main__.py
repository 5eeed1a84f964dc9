"""`python -m zhubao`: the same as the `zhubao` command."""

from zhubao.cli.entry import run

if __name__ == "__main__":
    run()
