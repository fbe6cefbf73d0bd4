"""Say what is missing where this Python cannot set the project up; nothing where it can."""

import sys

version = "{}.{}".format(*sys.version_info)
if sys.version_info < (3, 11):
    sys.exit(
        "{} is Python {}; the project needs 3.11 or later. "
        "Name another: make demo PYTHON=python3.12".format(sys.executable, version)
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit(
        "{0} cannot make a virtual environment: Debian and Ubuntu ship that part apart.\n"
        "Install it, then make again:\n"
        "    apt-get install python{1}-venv    (or python3-venv, for the system's own Python)\n"
        "Or name another Python: make demo PYTHON=python3.12".format(sys.executable, version)
    )
