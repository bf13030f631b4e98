# Makes .venv with the first Python that is new enough; PYTHON=... tries another one before.
for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "Making .venv with $("$python" --version)."
        # without ensurepip (Debian: python3-venv) venv says so, but leaves half an environment behind
        "$python" -m venv --clear .venv && exit 0
        rm -rf .venv
        exit 1
    fi
done
echo "Broadsheet needs Python 3.11 or newer, and finds none. Name one: make PYTHON=/path/to/python3" >&2
exit 1
