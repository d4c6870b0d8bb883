"""Is this official? What somebody pastes is read, judged against the register, and said in words.

Clauses 3(6) and 5(2). Nothing in here but `document` and `current` asks a database, nothing keeps what
was asked. The browser does the same by `static/js/check-*.js`; tests hold the two to the same answers.
"""
