"""A city that does not exist, to try the portal with.

`departments/*.toml` say in readable tables who works where, which accounts there are and what has
happened to them; `tables` reads them, `seeding` makes it so through the portal's own steps.
"""
