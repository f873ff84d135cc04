"""`python -m palimpsest` is the command line."""

import sys

from palimpsest.cli import main

sys.exit(main())
