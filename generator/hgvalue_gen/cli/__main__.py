"""``python -m hgvalue_gen.cli`` is ``hgvalue-gen``."""

import sys

from hgvalue_gen.cli import main

sys.exit(main())
