"""Background work. Each module has ``run_once() -> int``; ``python -m workers NAME`` loops it."""
