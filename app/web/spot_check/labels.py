"""How the results of spot checks are written."""

from flask_babel import gettext as _

from app.domain.spot_check import Rate


def percent(share: float) -> str:
    """A share as per cent with one decimal."""
    return f"{share * 100:.1f}%"


def rate_text(rate: Rate | None) -> str:
    """The share with its interval, or that nothing was checked yet."""
    if rate is None:
        return str(_("nothing checked yet"))
    text = _(
        "%(share)s (95%% interval %(low)s to %(high)s)",
        share=percent(rate.share),
        low=percent(rate.low),
        high=percent(rate.high),
    )
    return str(text)
