"""How root starts a server that must not run as root, without opening a single folder to other users.

An ordinary user starts servers as itself. Root gives the server's data to a system user and starts the server as that
user, which must reach binaries and data below folders that it may not enter (/root is 0700). Opening those folders is
not ours to do, so the server keeps one capability of root: to read and search everywhere.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from deploy.local import CannotStart

SYSTEM_USER = "broadsheet"

# Names and numbers of Linux capabilities (capabilities(7)), the smaller power first. Docker grants only the second.
READ_EVERYWHERE = {"dac_read_search": 2, "dac_override": 1}


def own_folder(folder: Path) -> None:
    """Makes `folder`, closed to everybody but the user that servers run as."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0 and folder.stat().st_uid == 0:
        user = _system_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def as_owner(folder: Path, binary: Path, *arguments: str) -> dict[str, Any]:
    """What subprocess needs to run `binary` inside `folder` as the folder's owner, apart from our environment."""
    command = [str(binary), *arguments]
    options: dict[str, Any] = {
        "cwd": folder,
        "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        "start_new_session": True,  # Ctrl-C is for the runner, which ends the servers last
    }
    if os.geteuid() != 0:
        return {"args": command, **options}
    owner = folder.stat()
    if _open_to_all(binary) and _open_to_all(folder):
        return {"args": command, **options, "user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    return {"args": [*_setpriv(owner.st_uid, owner.st_gid, folder), *command], **options}


def _setpriv(uid: int, gid: int, folder: Path) -> list[str]:
    effective = int(Path("/proc/self/status").read_text().split("CapEff:")[1].split()[0], 16)
    capability = next((name for name, bit in READ_EVERYWHERE.items() if effective >> bit & 1), None)
    setpriv = shutil.which("setpriv")
    if capability is None or setpriv is None:
        missing = f"the capability {' or '.join(READ_EVERYWHERE)}" if setpriv else "the command setpriv (util-linux)"
        raise CannotStart(
            f"root may not run PostgreSQL, another user may not enter {folder}, and {missing} is missing: "
            f"run as an ordinary user, or from a folder that everybody may enter"
        )
    return [
        *(setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"),
        # initdb asks access(2) about its binaries, which ignores capabilities of other users without this bit
        "--securebits=+no_setuid_fixup",
        *(f"--{kind}=-all,+{capability}" for kind in ("inh-caps", "ambient-caps", "bounding-set")),
    ]


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


def _system_user() -> pwd.struct_passwd:
    if not _exists(SYSTEM_USER) and (useradd := shutil.which("useradd")):
        options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *options, SYSTEM_USER], check=False)
    return pwd.getpwnam(SYSTEM_USER if _exists(SYSTEM_USER) else "nobody")


def _exists(user: str) -> bool:
    return user in (entry.pw_name for entry in pwd.getpwall())
