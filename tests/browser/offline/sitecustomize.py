"""Python runs this first in the tested server and in its workers, which find it on PYTHONPATH."""

from tests.loopback import stay_inside

stay_inside()
