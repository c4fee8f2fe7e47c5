"""``/board/``: how far every department is with every table (第三条第二项)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access.policies import why_not_read_board
from app.access.reminder import why_not_remind
from app.access.roles import SUBMISSION
from app.domain.department import DepartmentKind
from app.domain.message import Refused
from app.domain.submission import Status
from app.models.reminder_rows import UNDER_WAY
from app.models.work_plan import phases_of
from app.reports.board import figures_of, read_board
from app.reports.cycle import collected_cycles
from app.reports.sleeper import sleepers
from app.web.board.labels import DotMaker, share_text
from app.web.board.page import chapter_parts, department_rows
from app.web.board.remind import remind_chosen
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.cycle.addresses import wanted_cycle
from app.web.fab.page_view import PageView, expose
from app.web.submission.line_filter import chips_of, departments_in, read_filter

# What the rows of the board are.
DEPARTMENTS, TABLES = "department", "table"


class BoardView(PageView):
    """The board of one year."""

    route_base = "/board"
    default_view = "board"

    @expose("/")
    def board(self) -> ResponseReturnValue:
        """The year with filters; everything that was chosen stands in the address."""
        actor, session, store = current_actor(), current_session(), current_store()
        refusal = why_not_read_board(actor)
        if refusal is not None:
            raise Refused(refusal)
        cycles = collected_cycles(session)
        cycle = wanted_cycle(cycles)
        if cycle is None:
            return render_template("board/page.html", cycle=None)
        board = read_board(session, store, actor, cycle, now=local_time())
        wanted = read_filter(request.args)
        matching = [line for line in board.lines if wanted.matches(line)]
        by_table = request.args.get("by") == TABLES
        maker = DotMaker()
        return render_template(
            "board/page.html",
            board=board,
            cycle=cycle,
            cycles=cycles,
            wanted=wanted,
            by=TABLES if by_table else DEPARTMENTS,
            figures=figures_of(matching),
            share=share_text,
            chips=chips_of(matching),
            rows=[] if by_table else department_rows(matching, wanted, maker),
            chapters=chapter_parts(store.catalogue, matching, wanted, maker) if by_table else [],
            departments=departments_in(board.lines),
            kinds=[kind for kind in DepartmentKind if kind in {line.kind for line in board.lines}],
            chapter_titles=store.catalogue.chapters,
            statuses=list(Status),
            links=actor.may("read", SUBMISSION),
            phases=phases_of(session, cycle),
            now=local_time(),
            sleepers=sleepers(session, matching, local_time().date()),
            may_remind=why_not_remind(actor) is None and cycle.status in UNDER_WAY,
        )

    @expose("/remind", methods=["POST"])
    def remind(self) -> ResponseReturnValue:
        """Remind of what is missing, as far as the reader may."""
        return remind_chosen()
