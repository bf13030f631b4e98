"""`python -m bench`: starts a system, fills it, loads each route in turn, prints a table and keeps the rounds as JSON."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import report
from bench.rounds import Round, measure
from bench.routes import fill, routes
from bench.system import running
from deploy.local import CannotStart
from tests.system import DoesNotServe

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    settings = _settings()
    measured_on = report.measured_on()
    rounds: list[Round] = []
    try:
        with running() as system:
            fill(system.address, settings.users, settings.posts)
            for one in measure(system, routes(system.address), settings.rounds, settings.seconds, settings.connections):
                rounds.append(one)
                told = f"{one.cpu_ms['gateway']:.2f} CPU ms a request, {one.requests_per_second:.0f} requests/s"
                print(f"{one.route}: {told}", flush=True)
    except (CannotStart, DoesNotServe) as error:
        print(error, file=sys.stderr)
        return 1
    now = datetime.now(UTC)
    file = settings.into / f"{now:%Y-%m-%d}-{settings.name or format(now, '%H%M%S')}.json"
    report.save(file, measured_on, {name: of for name, of in vars(settings).items() if name != "into"}, rounds)
    print(f"\n{report.table(rounds)}\n\nEvery round is in {file}.")
    return 1 if any(one.errors for one in rounds) else 0


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6, help="how often each route has its turn")
    parser.add_argument("--seconds", type=float, default=5, help="how long a turn is")
    parser.add_argument("--connections", type=int, default=16, help="requests at a time")
    parser.add_argument("--users", type=int, default=50, help="demo people")
    parser.add_argument("--posts", type=int, default=500, help="demo posts")
    parser.add_argument("--name", default="", help="of the result, instead of the time of day")
    parser.add_argument("--into", type=Path, default=RESULTS, help="the folder of the result")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
