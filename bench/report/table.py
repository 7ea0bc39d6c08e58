"""Reads figures from standard input and prints them as a table for people, as they come."""

import json
import sys


def main():
    for line in sys.stdin:
        figure = json.loads(line)
        numbers = [f"{key} {value:g}" for key, value in figure.items() if isinstance(value, float) and "_" not in key]
        numbers += [f"{key} {figure[key]:g}" for key in ("cpu_ms", "p99_ms", "rss_mib") if key in figure]
        names = [str(value) for value in figure.values() if isinstance(value, (str, int)) and not isinstance(value, bool)]
        print(f"{' '.join(names):70} {'  '.join(numbers)}", flush=True)


if __name__ == "__main__":
    main()
