"""How much processor time one statement file takes to be read, and how much memory: a process of its own a format.

``parse_statements.py write FORMAT LINES FILE`` writes it, ``parse_statements.py read FILE`` reads it and prints a row.
"""

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main(action, *arguments):
    if action == "write":
        import statement_files

        name, lines, path = arguments
        statement = statement_files.make_statement(int(lines))
        Path(path).write_bytes(statement_files.WRITERS[name](statement))
        return
    from statement_formats import parse

    (path,) = arguments
    # What Python and the readers' libraries take by themselves is in the peak too.
    content = Path(path).read_bytes()
    started = time.process_time()
    parsed = parse("bench", content)
    seconds = time.process_time() - started
    lines = sum(len(statement.lines) for statement in parsed.statements)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = len(content) / (1 << 20)
    sys.stdout.write(f"{Path(path).name:<18}{lines:>9,}{size:>9.0f} MB{seconds:>9.1f} s{megabytes:>9.0f} MB\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
