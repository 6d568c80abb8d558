"""``python -m scheduler``."""

from scheduler.cli.main import run

if __name__ == "__main__":
    run()
