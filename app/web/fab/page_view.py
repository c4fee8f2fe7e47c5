"""The base of our pages: the framework's view, its template context and nothing else."""

from flask_appbuilder import BaseView, expose

__all__ = ["PageView", "expose"]


class PageView(BaseView):
    """A group of pages under one address; holds no state of any request.

    Whether somebody is signed in is settled by ``app.web.guard`` before a method runs; a method
    asks ``app.access`` what the person may do.
    """
