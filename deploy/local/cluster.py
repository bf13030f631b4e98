"""The files of a PostgreSQL cluster: how they are first made, and what a crash leaves in them that stops a start.

Starting and stopping the server is in servers.py.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp

import psutil

from deploy.local import CannotStart, leftovers
from deploy.local.secret_files import secret
from deploy.local.unprivileged import as_owner, own_folder

SUPERUSER = "postgres"
UNFINISHED = "postgres.new-"
NOBODYS_PID = 2**22 + 1  # above what Linux can hand out


def password(data_dir: Path, role: str) -> str:
    return secret(data_dir, f"postgres_{role}_password")


def create(data_dir: Path, binaries: Path, databases: Iterable[str], *, durable: bool) -> None:
    """Makes data_dir/postgres with a role and a database for each name, all or nothing."""
    data_dir.mkdir(parents=True, exist_ok=True)
    new = Path(mkdtemp(prefix=UNFINISHED, dir=data_dir))
    own_folder(new)

    def run(program: str, *arguments: str, sql: str = "") -> None:
        command = as_owner(new, binaries / program, *arguments)
        done = subprocess.run(**command, input=sql, text=True, capture_output=True, check=False)
        if done.returncode:
            raise CannotStart(f"{program} ended with {done.returncode}: {done.stderr.strip()}")

    # builtin C.UTF-8 sorts by code point as C does, but knows upper and lower case beyond ASCII
    locale = ["--encoding=utf8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run("initdb", "-D", str(new), "-U", SUPERUSER, "--auth=reject", *locale, *([] if durable else ["--no-sync"]))
    (new / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    statements = [f"ALTER ROLE {SUPERUSER} PASSWORD '{password(data_dir, SUPERUSER)}'"]
    for name in databases:
        statements.append(f"CREATE ROLE {name} LOGIN PASSWORD '{password(data_dir, name)}'")
        statements.append(f"CREATE DATABASE {name} OWNER {name}")
    everywhere = ", ".join([*databases, SUPERUSER, "template1"])
    statements.append(f"REVOKE CONNECT ON DATABASE {everywhere} FROM PUBLIC")
    # the single-user mode listens to nobody, and does not need a password that is not yet there
    run("postgres", "--single", "-D", str(new), "-c", "exit_on_error=on", SUPERUSER, sql="\n".join(statements) + "\n")
    new.rename(data_dir / "postgres")


def clear_unfinished(data_dir: Path) -> None:
    """Removes what a kill in the midst of `create` left; as initdb's own children may write on, not all may go yet."""
    unfinished = list(data_dir.glob(f"{UNFINISHED}*"))
    leftovers.end(lambda: leftovers.servers_on(*unfinished), signal.SIGKILL)
    for folder in unfinished:
        shutil.rmtree(folder, ignore_errors=True)


def is_ready(folder: Path, pid: int) -> bool:
    """Whether that server takes connections: the eighth line of postmaster.pid says so, as it does to pg_ctl."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def disown_recycled_pid(folder: Path) -> None:
    """After a crash PostgreSQL refuses to start while the process id of its predecessor is that of another program.

    The rest of the file must stay: by it PostgreSQL sees whether backends of its predecessor still run.
    """
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        pid, rest = pid_file.read_text().split("\n", 1)
        if not _is_postgres(int(pid)):
            pid_file.write_text(f"{NOBODYS_PID}\n{rest}")


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and leftovers.is_running(process)
    except psutil.NoSuchProcess:
        return False
