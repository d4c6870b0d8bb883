"""How like two accounts' names are to a reader, and which letters tell them apart: clauses 3(6), 5(2).

Nothing here asks a database, a network or a clock: what is known is handed in. The same rules run in
the browser (`static/js/`), from tables that `manage.py draw_check_rules` writes from these.
"""

from accounts.likeness.comparing import Likeness, compare_handles, compare_names
from accounts.likeness.folding import City
from accounts.likeness.near import Known, Near, Nearby

__all__ = ["City", "Known", "Likeness", "Near", "Nearby", "compare_handles", "compare_names"]
