"""``python -m lstmviz`` is the same as ``lstmviz``."""

from lstmviz.cli import main

raise SystemExit(main())
