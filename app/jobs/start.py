"""A process that starts makes some hundred thousand objects, and nearly all of them stay.

Python's search for unreachable objects goes through all of them again and again meanwhile, which
takes a fifth of a start. Loaded before everything else, this lets it wait; ``started`` sets it
going again, without what is there by then: it neither delays a request nor is copied by forks.
"""

import gc

# So many more objects than a start makes; the search is never switched off altogether.
WAITING = (1_000_000, 20, 100)
_USUAL = gc.get_threshold()

gc.set_threshold(*WAITING)


def started() -> None:
    """Search as usual from now on; an application made later, as tests do, is left to it whole."""
    gc.set_threshold(*_USUAL)
    if not gc.get_freeze_count():
        gc.freeze()
