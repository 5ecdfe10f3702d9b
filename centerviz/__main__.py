"""`python -m centerviz COMMAND`."""

import sys

from centerviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
