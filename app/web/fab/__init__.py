"""Flask-AppBuilder, and nothing else: every call to the framework sits in this folder."""
