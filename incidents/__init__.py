"""Errors, impersonation, flaming and other harm: clause 5.

`kinds/` says what there is to do, as data; `opening` copies it into rows; `workflow` moves an incident
and its steps; `clocks` runs their deadlines, which stand in `deadlines`; `log` and `evidence` keep what
happened.

What is special about one kind stands in a module of its own (`errors`, `leak`), which plugs in through
`parts`: forms of its steps and of its opening, what holds them back, what they bring about, sections
of its page. A further one is a module with `PARTS`, named in `apps`.
"""
