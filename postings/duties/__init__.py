"""What posts and declared emergencies leave to be done, and what supervising them does: clause 4."""

from postings.duties import posts, supervision

DUTIES = (*posts.DUTIES, *supervision.DUTIES)
