"""The incidents' part of the table in `addresses.py`, which explains it.

"s_…" are steps: of "incident" the ones that wait (the officer's, the head's, the PR division's), of
"confirmed" those that were done, and the one that a second person of the PR division does. Of
"accused" the fake is public; of "unknown_fake" nobody has said which account it is.
"""

TABLE = """
# Incidents: lists and opening one
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/incidents/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/figures/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
/desk/accounts/<int:pk>/incidents/
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account             login login 404   200   200   200   403   403   403   404   200   200   403
/desk/incidents/new/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   403   403
/desk/incidents/new/<slug:kind>/
    GET  error                      login login 403   200   200   200   200   200   200   200   200   403   403
    GET  nothing                    login login 403   404   404   404   404   404   404   404   404   403   403
    POST error                      login login 403   go*   go*   go*   422   422   422   422   go*   403   403
    POST impersonation              login login 403   go*   go*   go*   go*   go*   go*   go*   go*   403   403
    POST flaming                    login login 403   go*   go*   go*   422   422   422   422   go*   403   403
    POST hijack                     login login 403   go*   go*   go*   422   422   422   422   go*   403   403
    POST leak                       login login 403   go*   go*   go*   go*   go*   go*   go*   go*   403   403
    POST other                      login login 403   go*   go*   go*   go*   go*   go*   go*   go*   403   403
/desk/incidents/contacts/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
    POST -                          login login 403   403   go*   403   403   422   403   403   go*   403   403
/desk/incidents/contacts/duties/<int:pk>/cancel/
    GET  duty                       login login 405   405   405   405   405   405   405   405   405   405   405
    POST duty                       login login 404   404   go*   404   404   404   404   404   go*   404   404

# One incident
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/incidents/<int:pk>/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   200   404
    GET  ended                      login login 404   200   200   200   404   404   404   404   200   200   404
    POST incident                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/<int:pk>/act/<slug:name>/
    GET  incident/end               login login 404   403   200   403   404   404   404   404   200   403   404
    GET  incident/nothing           login login 404   404   404   404   404   404   404   404   404   404   404
    GET  ended/end                  login login 404   403   409   403   404   404   404   404   409   403   404
    POST incident/end               login login 404   403   409   403   404   404   404   404   409   403   404
    POST ready/end                  login login 404   403   go*   403   404   404   404   404   go*   403   404
    POST ended/end                  login login 404   403   409   403   404   404   404   404   409   403   404
    POST incident/end_for_head      login login 404   403   403   409   404   404   404   404   403   403   404
    POST ready/end_for_head         login login 404   403   403   go*   404   404   404   404   403   403   404
    POST ended/reopen               login login 404   403   go*   403   404   404   404   404   go*   403   404
    POST cancelled/reopen           login login 404   403   go*   403   404   404   404   404   go*   403   404
    POST incident/reopen            login login 404   403   409   403   404   404   404   404   409   403   404
    POST incident/cancel            login login 404   403   go*   403   404   404   404   404   go*   403   404
    POST ended/cancel               login login 404   403   409   403   404   404   404   404   409   403   404
    POST incident/take_on           login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST led/take_on                login login 404   409   go*   go*   404   404   404   404   go*   403   404
    POST ended/take_on              login login 404   409   409   409   404   404   404   404   409   403   404
    POST led/let_go                 login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST incident/let_go            login login 404   409   409   409   404   404   404   404   409   403   404
/desk/incidents/<int:pk>/facts/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   403   404
    POST incident                   login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/kind/
    GET  incident                   login login 404   403   200   403   404   404   404   404   200   403   404
    GET  ended                      login login 404   403   409   403   404   404   404   404   409   403   404
    POST incident                   login login 404   403   go*   403   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/entries/add/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   403   404
    POST incident                   login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST ended                      login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/entries/<int:entry>/correct/
    GET  incident/note              login login 404   200   200   200   404   404   404   404   200   403   404
    GET  ended/note                 login login 404   404   404   404   404   404   404   404   404   403   404
    POST incident/note              login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/evidence/add/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   403   404
    POST ended                      login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/evidence/<int:row>/
    GET  incident/picture           login login 404   200   200   200   404   404   404   404   200   200   404
    GET  ended/picture              login login 404   404   404   404   404   404   404   404   404   404   404
/desk/incidents/<int:pk>/evidence/<int:row>/original/
    GET  incident/picture           login login 404   403   200   403   404   404   404   404   200   200   404
/desk/incidents/<int:pk>/report/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   200   404
/desk/incidents/<int:pk>/report.pdf
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   200   404
    POST incident                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/<int:pk>/press.pdf
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   200   404
/desk/incidents/<int:pk>/package/
    GET  incident                   login login 404   200   200   200   404   404   404   404   200   403   404
    POST incident                   login login 404   200*  200*  200*  404   404   404   404   200*  403   404

# What the department says in a flaming, and how far it spreads
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/incidents/<int:pk>/replies/add/
    GET  waived                     login login 404   200   200   200   404   404   404   404   200   403   404
    GET  incident                   login login 404   404   404   404   404   404   404   404   404   403   404
    POST waived                     login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/replies/<int:reply>/
    GET  waived/r_draft             login login 404   200   200   200   404   404   404   404   200   200   404
    GET  incident/r_draft           login login 404   404   404   404   404   404   404   404   404   404   404
    POST waived/r_draft             login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/<int:pk>/replies/<int:reply>/edit/
    GET  waived/r_draft             login login 404   200   200   200   404   404   404   404   200   403   404
    GET  waived/r_with_head         login login 404   409   409   409   404   404   404   404   409   403   404
    POST waived/r_draft             login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST waived/r_with_head         login login 404   409   409   409   404   404   404   404   409   403   404
/desk/incidents/<int:pk>/replies/<int:reply>/<slug:name>/
    GET  waived/r_draft/submit      login login 404   200   200   200   404   404   404   404   200   403   404
    GET  waived/r_draft/nothing     login login 404   404   404   404   404   404   404   404   404   404   404
    POST waived/r_draft/submit      login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST waived/r_draft/approve     login login 404   403   409   403   404   404   404   404   403   403   404
    POST waived/r_with_head/recall  login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST waived/r_with_head/approve login login 404   403   go*   403   404   404   404   404   403   403   404
    POST waived/r_with_head/return  login login 404   403   go*   403   404   404   404   404   403   403   404
    POST waived/r_with_head/approve_for_head login login 404 403  403   go*   404   404   404   404   403   403   404
    POST waived/r_with_head/return_for_head login login 404 403   403   go*   404   404   404   404   403   403   404
    POST waived/r_approved/post     login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST waived/r_approved/drop     login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/spread/
    GET  waived                     login login 404   200   200   200   404   404   404   404   200   403   404
    GET  incident                   login login 404   404   404   404   404   404   404   404   404   403   404
    POST waived                     login login 404   go*   go*   go*   404   404   404   404   go*   403   404

# Somebody poses as the city: which account it is, what was asked of its operator
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/incidents/<int:pk>/fake/
    GET  incident               login login 404   200   200   200   404   404   404   404   200   200   404
    GET  unknown_fake           login login 404   go    go    go    404   404   404   404   go    404   404
    GET  waived                 login login 404   404   404   404   404   404   404   404   404   404   404
    POST incident               login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/<int:pk>/fake/identify/
    GET  incident               login login 404   200   200   200   404   404   404   404   200   403   404
    GET  waived                 login login 404   404   404   404   404   404   404   404   404   403   404
    POST incident               login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/fake/<slug:name>/
    GET  accused/review         login login 404   403   403   403   404   404   404   404   200   403   404
    GET  accused/publish        login login 404   404   404   404   404   404   404   404   404   404   404
    POST accused/review         login login 404   403   403   403   404   404   404   404   go*   403   404
    POST accused/withdraw       login login 404   403   403   403   404   404   404   404   go*   403   404
    POST accused/lift           login login 404   403   403   403   404   404   404   404   409   403   404
/desk/incidents/<int:pk>/takedowns/add/
    GET  accused                login login 404   200   200   200   404   404   404   404   200   403   404
    POST accused                login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/takedowns/<int:number>/answer/
    GET  accused/1              login login 404   200   200   200   404   404   404   404   200   403   404
    GET  accused/9              login login 404   404   404   404   404   404   404   404   404   403   404
    POST accused/1              login login 404   go*   go*   go*   404   404   404   404   go*   403   404
/desk/incidents/<int:pk>/letter-<slug:language>.pdf
    GET  accused/en             login login 404   200   200   200   404   404   404   404   200   200   404
    GET  accused/fr             login login 404   404   404   404   404   404   404   404   404   404   404

# What citizens reported
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/reports/
    GET  -                      login login 403   403   403   403   403   403   403   403   200   200   403
    POST -                      login login 405   405   405   405   405   405   405   405   405   405   405
/desk/reports/together/<slug:name>/
    GET  close                      login login 403   403   403   403   403   403   403   403   200   403   403
    GET  nothing                    login login 404   404   404   404   404   404   404   404   404   404   404
    POST close                      login login 403   403   403   403   403   403   403   403   422   403   403
    POST wait                       login login 403   403   403   403   403   403   403   403   422   403   403
/desk/reports/<int:pk>/
    GET  rep_waiting            login login 403   403   403   403   403   403   403   403   200   200   403
/desk/reports/<int:pk>/<slug:name>/
    GET  rep_waiting/join       login login 403   403   403   403   403   403   403   403   200   403   403
    GET  rep_waiting/nothing    login login 403   403   403   403   403   403   403   403   404   404   403
    POST rep_waiting/join       login login 403   403   403   403   403   403   403   403   go*   403   403
    POST rep_waiting/close      login login 403   403   403   403   403   403   403   403   go*   403   403
    POST rep_waiting/wait       login login 403   403   403   403   403   403   403   403   409   403   403
    POST rep_closed/wait        login login 403   403   403   403   403   403   403   403   go*   403   403

# The steps of its plan, whose each is
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/incidents/<int:pk>/steps/<int:step>/
    GET  incident/s_evidence        login login 404   200   200   200   404   404   404   404   200   200   404
    GET  incident/s_report          login login 404   200   200   200   404   404   404   404   200   200   404
    GET  incident/s_done            login login 404   404   404   404   404   404   404   404   404   404   404
    GET  confirmed/s_done           login login 404   200   200   200   404   404   404   404   200   200   404
    POST incident/s_evidence        login login 405   405   405   405   405   405   405   405   405   405   405
/desk/incidents/<int:pk>/steps/<int:step>/<slug:act>/
    GET  incident/s_evidence/do     login login 404   200   200   200   404   404   404   404   200   403   404
    GET  confirmed/s_done/do        login login 404   409   409   409   404   404   404   404   409   403   404
    GET  incident/s_evidence/nothing login login 404  404   404   404   404   404   404   404   404   404   404
    POST incident/s_evidence/do     login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST incident/s_report/do       login login 404   403   go*   go*   404   404   404   404   403   403   404
    POST incident/s_check/do        login login 404   403   403   403   404   404   404   404   go*   403   404
    POST confirmed/s_second/do      login login 404   403   403   403   404   404   404   404   go*   403   404
    POST ended/s_of_ended/do        login login 404   go    go*   go*   404   404   404   404   go*   403   404
    POST incident/s_evidence/waive  login login 404   403   go*   403   404   404   404   404   go*   403   404
    POST incident/s_report/waive    login login 404   403   go*   go*   404   404   404   404   go*   403   404
    POST incident/s_check/waive     login login 404   403   403   403   404   404   404   404   go*   403   404
    POST confirmed/s_second/waive   login login 404   403   403   403   404   404   404   404   go*   403   404
    POST confirmed/s_done/undo      login login 404   go*   go*   go*   404   404   404   404   go*   403   404
    POST confirmed/s_reported/undo  login login 404   403   go*   go*   404   404   404   404   403   403   404
    POST confirmed/s_checked/undo   login login 404   403   403   403   404   404   404   404   go*   403   404
    POST waived/s_waived/undo       login login 404   403   go*   go*   404   404   404   404   403   403   404
    POST ended/s_of_ended/undo      login login 404   409   409   409   404   404   404   404   409   403   404

# Whom to call, in the admin
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/admin/incidents/contact/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   403
    POST -                          login login door  door  door  door  door  door  door  door  200   200   403
/admin/incidents/contact/add/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   403
    POST -                          login login door  door  door  door  door  door  door  door  go*   403   403
/admin/incidents/contact/<path:object_id>/history/
    GET  contact                    login login door  door  door  door  door  door  door  door  200   200   403
/admin/incidents/contact/<path:object_id>/delete/
    GET  contact                    login login door  door  door  door  door  door  door  door  403   403   403
    POST contact                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/incidents/contact/<path:object_id>/change/
    GET  contact                    login login door  door  door  door  door  door  door  door  200   200   403
    POST contact                    login login door  door  door  door  door  door  door  door  go*   403   403
/admin/incidents/contact/<path:object_id>/
    GET  contact                    login login door  door  door  door  door  door  door  door  go    go    go
/admin/incidents/incidenttext/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   403
    POST -                          login login door  door  door  door  door  door  door  door  200   200   403
/admin/incidents/incidenttext/add/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   403
    POST -                          login login door  door  door  door  door  door  door  door  go*   403   403
/admin/incidents/incidenttext/<path:object_id>/history/
    GET  text                       login login door  door  door  door  door  door  door  door  200   200   403
/admin/incidents/incidenttext/<path:object_id>/delete/
    GET  text                       login login door  door  door  door  door  door  door  door  403   403   403
    POST contact                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/incidents/incidenttext/<path:object_id>/change/
    GET  text                       login login door  door  door  door  door  door  door  door  200   200   403
    POST contact                    login login door  door  door  door  door  door  door  door  go*   403   403
/admin/incidents/incidenttext/<path:object_id>/
    GET  text                       login login door  door  door  door  door  door  door  door  go    go    go
"""
