"""What the pages of co-operation call things."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.cooperation import CooperationVerb
from app.reports.cooperation import Side

SIDES: Mapping[Side, LazyString] = {
    Side.AWAITED: _("Waiting for us"),
    Side.ASKED: _("Asked by us"),
    Side.PARTNER: _("Asked of us"),
    Side.ALL: _("All"),
}
# What is typed with a step: what it is asked as.
REASON_WORDS: Mapping[CooperationVerb, LazyString] = {
    CooperationVerb.EXTEND: _("Remark to the department that was asked, if any"),
    CooperationVerb.ANSWER: _("Remark to the department that asked, if any"),
    CooperationVerb.REFUSE: _("Why your department cannot co-operate"),
    CooperationVerb.SEND_BACK: _("What is still missing or wrong"),
    CooperationVerb.CONFIRM: _("Remark, if any"),
    CooperationVerb.APPEAL: _("What the quality office should know"),
    CooperationVerb.ORDER: _("Why the department has to co-operate"),
    CooperationVerb.RELEASE: _("Why the department need not co-operate"),
}
# What a step comes to, told below its heading.
EXPLANATIONS: Mapping[CooperationVerb, LazyString] = {
    CooperationVerb.SEND: _(
        "The department sees the request and may add its rows to the table until it is confirmed."
    ),
    CooperationVerb.EXTEND: _(
        "The department is told that it has more time; an answer by the new date is in time."
    ),
    CooperationVerb.ANSWER: _(
        "Say that your rows are complete, or that you have none. You can still change them until"
        " the department that asked confirms."
    ),
    CooperationVerb.REFUSE: _(
        "The department that asked may appeal; so may you. A refusal that the quality office"
        " upholds costs nothing in the appraisal."
    ),
    CooperationVerb.SEND_BACK: _("The department can change its rows again and answers anew."),
    CooperationVerb.CONFIRM: _(
        "The rows stay as they are; the department that contributed them answers for them."
    ),
    CooperationVerb.APPEAL: _("The quality office then rules whether the department has to."),
    CooperationVerb.ORDER: _("The department has to answer by the new date."),
    CooperationVerb.RELEASE: _(
        "The request is over and counts against nobody; rows that were contributed become those of"
        " the department that reports the table."
    ),
    CooperationVerb.CANCEL: _("The request is over and counts for nobody."),
}
