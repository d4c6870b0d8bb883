"""The way of a post in `docs/process.md`, drawn from its table of steps."""

from policies.process import drawn
from postings.models import Post
from postings.workflow import STEPS

HEAD = """
# The way of a post

Drawn from the table in `postings/workflow.py`. Whether a second pair of eyes is wanted is the policy's
to say: then it goes by 承認待ち, else straight to 発信前.

"""


def way() -> str:
    """The chapter below its heading."""
    return drawn(Post.State, STEPS, "draft", "follows from another step")
