"""Who gets what at which address: the table that the portal is held to, for auditors to read.

An address stands alone on its line; below it each request with what every role gets. What fills the
places in the address stands beside the method: the state of a policy ("draft"), a row ("official",
an account), or a word as it is. All of them belong to the officer's department; "shared" ones are
shared with the partners' department.

    200        the page (with POST: what was wrong, and how to go on)
    go         on to another page
    login      to the log-in, and from there back
    door       to /admin/login/, whose own line says who is turned away there
    403, 404   refused; not there, or not for these eyes
    405, 409   never by this method; not in this state
    422        refused with what is missing
    *          afterwards something is changed. Without it nothing is, not a single row

A POST carries what it needs to succeed. The roles: nobody (not logged in), inactive (has left),
stranger (no department), officer, head and deputy of the department (the head's absence is on
record today), p.… the same of the department that shares accounts, foreign (officer of a third
one), pr (PR division), auditor, admin (administrator). What a step changes is tested in
`test_addresses.py`; every step of the workflows has its line below. The admin's part stands in
`addresses_admin.py`.
"""

ROLES = (
    "nobody", "inactive", "stranger", "officer", "head", "deputy", "p.officer", "p.head",
    "p.deputy", "foreign", "pr", "auditor", "admin",
)  # fmt: skip

TABLE = """
# Logging in, and one's password
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/login/
    GET  -                          200   200   go    go    go    go    go    go    go    go    go    go    go
    POST -                          200   200   go    go    go    go    go    go    go    go    go    go    go
/logout/
    GET  -                          go    go    200   200   200   200   200   200   200   200   200   200   200
    POST -                          go    go    go    go    go    go    go    go    go    go    go    go    go
/inactive/
    GET  -                          200   200   200   200   200   200   200   200   200   200   200   200   200
    POST -                          405   405   405   405   405   405   405   405   405   405   405   405   405
/signup/
    GET  -                          200   200   go    go    go    go    go    go    go    go    go    go    go
    POST -                          200   200   go    go    go    go    go    go    go    go    go    go    go
/reauthenticate/
    GET  -                          login login 200   200   200   200   200   200   200   200   200   200   200
    POST -                          login login 200   200   200   200   200   200   200   200   200   200   200
/email/
    GET  -                          login login 200   200   200   200   200   200   200   200   200   200   200
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/confirm-email/
    GET  -                          200   200   200   200   200   200   200   200   200   200   200   200   200
    POST -                          405   405   405   405   405   405   405   405   405   405   405   405   405
/password/change/
    GET  -                          login login 200   200   200   200   200   200   200   200   200   200   200
    POST -                          login login 200   200   200   200   200   200   200   200   200   200   200
/password/set/
    GET  -                          login login go    go    go    go    go    go    go    go    go    go    go
    POST -                          login login go    go    go    go    go    go    go    go    go    go    go
/password/reset/
    GET  -                          200   200   200   200   200   200   200   200   200   200   200   200   200
    POST -                          go*   go*   go*   go*   go*   go*   go*   go*   go*   go*   go*   go*   go*
/login/code/confirm/
    GET  -                          go    go    go    go    go    go    go    go    go    go    go    go    go
    POST -                          go    go    go    go    go    go    go    go    go    go    go    go    go
/confirm-email/<key>/
    GET  none                       200   200   200   200   200   200   200   200   200   200   200   200   200
    POST none                       404   404   404   404   404   404   404   404   404   404   404   404   404
/password/reset/key/done/
    GET  -                          200   200   200   200   200   200   200   200   200   200   200   200   200
    POST -                          405   405   405   405   405   405   405   405   405   405   405   405   405
/password/reset/key/<uidb36>-<key>/
    GET  1/none                     200   200   200   200   200   200   200   200   200   200   200   200   200
    POST 1/none                     200   200   200   200   200   200   200   200   200   200   200   200   200
/password/reset/done/
    GET  -                          200   200   200   200   200   200   200   200   200   200   200   200   200
    POST -                          405   405   405   405   405   405   405   405   405   405   405   405   405

# The desk of a department
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/
    GET  -                          login login 200   200   200   200   200   200   200   200   200   go    go
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/duties/<slug:name>/
    GET  finish                     login login 200   200   200   200   200   200   200   200   200   200   200
    GET  nothing                    login login 404   404   404   404   404   404   404   404   404   404   404
    POST finish                     login login 405   405   405   405   405   405   405   405   405   405   405
/desk/absences/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   200
    POST -                          login login 403   go*   go*   go*   422   422   422   422   422   403   403
/desk/absences/<int:pk>/cancel/
    GET  absence                    login login 405   405   405   405   405   405   405   405   405   405   405
    POST absence                    login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST foreign_absence            login login 404   404   404   404   go*   go*   go*   404   403   403   403
/desk/accounts/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   200
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/new/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   403   403
    POST -                          login login 403   go*   go*   go*   422   422   422   422   422   403   403
/desk/accounts/<int:pk>/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    GET  closed                     login login 404   200   200   200   404   404   404   404   200   200   200
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/draft/
    GET  official                   login login 405   405   405   405   405   405   405   405   405   405   405
    POST preparing                  login login 404   go    go    go    404   404   404   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST shared_account             login login 404   go*   go*   go*   403   403   403   404   403   403   403
    POST closed                     login login 404   409   409   409   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   403
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account             login login 404   200   200   200   403   403   403   404   200   200   403
    GET  closed                     login login 404   200   200   200   404   404   404   404   200   200   403
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/credentials/changes/add/
    GET  official                   login login 404   200   200   200   404   404   404   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST shared_account             login login 404   go*   go*   go*   403   403   403   404   403   403   403
/desk/accounts/<int:pk>/credentials/changes/<int:change>/cancel/
    GET  official/password_change   login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/password_change   login login 404   go*   go*   403   404   404   404   404   403   403   403
    POST preparing/password_change  login login 404   404   404   404   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/means/
    GET  official                   login login 404   200   200   200   404   404   404   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/devices/add/
    GET  official                   login login 404   200   200   200   404   404   404   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/devices/<int:row>/remove/
    GET  official/device            login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/device            login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST preparing/device           login login 404   404   404   404   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/apps/add/
    GET  official                   login login 404   200   200   200   404   404   404   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/credentials/apps/<int:row>/remove/
    GET  official/app               login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/app               login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST preparing/app              login login 404   404   404   404   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/evidence/
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   go*   403   403
    POST shared_account             login login 404   go*   go*   go*   403   403   403   404   go*   403   403
/desk/accounts/<int:pk>/evidence/<int:evidence_pk>/
    GET  official/evidence          login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account/shared_file login login 404   200   200   200   200   200   200   404   200   200   403
    GET  shared_account/evidence    login login 404   404   404   404   404   404   404   404   404   404   403
    POST official/evidence          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/certification/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  certified                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/certification/<slug:name>/
    GET  official/apply             login login 404   200   200   200   404   404   404   404   403   403   403
    GET  certified/apply            login login 404   409   409   409   404   404   404   404   403   403   403
    GET  shared_account/apply       login login 404   200   200   200   403   403   403   404   403   403   403
    GET  official/nothing           login login 404   404   404   404   404   404   404   404   403   403   403
    POST official/apply             login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST official/certify           login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST applied/refuse             login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST certified/lapse            login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST official/rule_out          login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST not_offered/rule_in        login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST applied/take_back          login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST official/note_badge        login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST badge/drop_badge           login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST certified/apply            login login 404   409   409   409   404   404   404   404   403   403   403
    POST shared_account/apply       login login 404   go*   go*   go*   403   403   403   404   403   403   403
    POST official/nothing           login login 404   404   404   404   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/links/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    POST official                   login login 404   go*   go*   go*   404   404   404   404   go*   403   403
    POST shared_account             login login 404   go*   go*   go*   403   403   403   404   go*   403   403
/desk/accounts/<int:pk>/links/qr.svg
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/poster.pdf
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    GET  suspended                  login login 404   404   404   404   404   404   404   404   404   404   404
    GET  preparing                  login login 404   404   404   404   404   404   404   404   404   404   404
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/departments/<int:pk>/poster.pdf
    GET  tourism                    login login 404   200   200   200   200   200   200   404   200   200   200
    GET  tax                        login login 404   404   404   404   404   404   404   404   404   404   404
    POST tourism                    login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/attestation/
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  suspended                  login login 404   200   200   200   404   404   404   404   200   200   200
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST suspended                  login login 404   409   409   409   404   404   404   404   403   403   403
/desk/attestations/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   403   403
    POST -                          login login 403   go*   go*   go*   go    go    go    go    go    403   403
/desk/accounts/<int:pk>/standing/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  suspended                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  deleted                    login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   200
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/standing/deletion/
    GET  official                   login login 404   go    go    go    404   404   404   404   403   403   403
    GET  deleted                    login login 404   200   200   200   404   404   404   404   403   403   403
    POST deleted                    login login 404   go*   go*   go*   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/standing/notices/<int:notice>/announcement/
    GET  official/told              login login 404   404   404   404   404   404   404   404   403   403   403
    GET  deleted/told               login login 404   200   200   200   404   404   404   404   403   403   403
    POST deleted/told               login login 404   go*   go*   go*   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/standing/notices/<int:notice>/correction/
    GET  official/told              login login 404   403   404   403   404   404   404   404   404   403   403
    GET  deleted/told               login login 404   403   200   403   404   404   404   404   200   403   403
    POST deleted/told               login login 404   403   go*   403   404   404   404   404   go*   403   403
/desk/accounts/<int:pk>/standing/changes/<int:change>/review/
    GET  deleted/closure            login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/closure           login login 404   403   404   403   404   404   404   404   403   403   403
    POST deleted/closure            login login 404   403   go*   403   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/standing/changes/<int:change>/closing.pdf
    GET  official/closure           login login 404   404   404   404   404   404   404   404   404   404   404
    GET  deleted/closure            login login 404   200   200   200   404   404   404   404   200   200   200
    POST deleted/closure            login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/standing/<slug:step>/
    GET  official/suspend           login login 404   403   200   403   404   404   404   404   200   403   403
    GET  official/close             login login 404   403   200   403   404   404   404   404   403   403   403
    GET  official/resume            login login 404   403   409   403   404   404   404   404   403   403   403
    GET  deleted/suspend            login login 404   403   409   403   404   404   404   404   409   403   403
    GET  official/nothing           login login 404   404   404   404   404   404   404   404   404   404   404
    GET  shared_account/close       login login 404   403   200   403   403   403   403   404   403   403   403
    POST preparing/open             login login 404   404   404   404   404   404   404   404   404   404   404
    POST official/unopen            login login 404   404   404   404   404   404   404   404   404   404   404
    POST preparing/close            login login 404   403   409   403   404   404   404   404   403   403   403
    POST official/suspend           login login 404   403   go*   403   404   404   404   404   go*   403   403
    POST official/suspend_for_head  login login 404   403   403   go*   404   404   404   404   403   403   403
    POST suspended/resume           login login 404   403   go*   403   404   404   404   404   403   403   403
    POST suspended/resume_for_head  login login 404   403   403   go*   404   404   404   404   403   403   403
    POST official/close             login login 404   403   go*   403   404   404   404   404   403   403   403
    GET  guarded/name_guards        login login 404   403   200   403   404   404   404   404   403   403   403
    GET  official/name_guards       login login 404   403   409   403   404   404   404   404   403   403   403
    GET  guarded/delete_handle      login login 404   403   200   403   404   404   404   404   403   403   403
    GET  deleted/delete_handle      login login 404   403   409   403   404   404   404   404   403   403   403
    POST guarded/name_guards        login login 404   403   go*   403   404   404   404   404   403   403   403
    POST guarded/delete_handle      login login 404   403   go*   403   404   404   404   404   403   403   403
    POST suspended/close            login login 404   403   go*   403   404   404   404   404   403   403   403
    POST official/close_for_head    login login 404   403   403   go*   404   404   404   404   403   403   403
    POST suspended/close_for_head   login login 404   403   403   go*   404   404   404   404   403   403   403
    POST deleted/resume             login login 404   403   409   403   404   404   404   404   403   403   403
    POST shared_account/suspend     login login 404   403   go*   403   403   403   403   404   go*   403   403
/desk/handovers/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/handovers/<int:pk>/
    GET  handover                   login login 404   200   200   200   404   404   404   404   200   200   404
    POST handover                   login login 404   go*   403   403   404   404   404   404   403   403   404
/desk/policies/<int:pk>/
    GET  draft                      login login 404   200   200   200   404   404   404   404   200   200   200
    GET  with_head                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  reported                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  returned                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  in_force                   login login 404   200   200   200   404   404   404   404   200   200   200
    GET  superseded                 login login 404   200   200   200   404   404   404   404   200   200   200
    GET  withdrawn                  login login 404   200   200   200   404   404   404   404   200   200   200
    GET  shared                     login login 404   200   200   200   200   200   200   404   200   200   200
    GET  shared_official            login login 404   200   200   200   200   200   200   404   200   200   200
    POST draft                      login login 405   405   405   405   405   405   405   405   405   405   405
/desk/policies/<int:pk>/check/
    GET  draft                      login login 404   200   200   200   404   404   404   404   403   403   403
    GET  with_head                  login login 404   go    go    go    404   404   404   404   403   403   403
    GET  returned                   login login 404   200   200   200   404   404   404   404   403   403   403
    GET  shared                     login login 404   go    go    go    403   403   403   404   403   403   403
    POST draft                      login login 405   405   405   405   405   405   405   405   405   405   405
/desk/policies/<int:pk>/filing.pdf
    GET  draft                      login login 404   200   200   200   404   404   404   404   200   200   200
    POST draft                      login login 405   405   405   405   405   405   405   405   405   405   405
/desk/policies/<int:pk>/edit/<slug:key>/
    GET  draft/purpose              login login 404   200   200   200   404   404   404   404   403   403   403
    GET  reported/purpose           login login 404   409   409   409   404   404   404   404   403   403   403
    GET  draft/nothing              login login 404   404   404   404   404   404   404   404   404   404   404
    POST draft/purpose              login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST returned/purpose           login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST with_head/purpose          login login 404   409   409   409   404   404   404   404   403   403   403
    POST reported/purpose           login login 404   409   409   409   404   404   404   404   403   403   403
    POST in_force/purpose           login login 404   409   409   409   404   404   404   404   403   403   403
    POST shared/purpose             login login 404   409   409   409   403   403   403   404   403   403   403
/desk/policies/<int:pk>/steps/<slug:name>/
    GET  draft/submit               login login 404   200   200   200   404   404   404   404   403   403   403
    GET  reported/receive           login login 404   403   403   403   404   404   404   404   200   403   403
    GET  shared/set                 login login 404   403   200   403   403   403   403   404   403   403   403
    POST draft/submit               login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST returned/submit            login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST with_head/recall           login login 404   go*   409   409   404   404   404   404   403   403   403
    POST again/recall               login login 404   409   409   409   404   404   404   404   403   403   403
    POST again/recall_again         login login 404   go*   409   409   404   404   404   404   403   403   403
    POST with_head/recall_again     login login 404   409   409   409   404   404   404   404   403   403   403
    POST with_head/set              login login 404   403   go*   403   404   404   404   404   403   403   403
    POST with_head/set_for_head     login login 404   403   403   go*   404   404   404   404   403   403   403
    POST with_head/return_to_officer login login 404   403   go*   403   404   404   404   404   403   403   403
    POST with_head/return_for_head  login login 404   403   403   go*   404   404   404   404   403   403   403
    POST reported/recall_report     login login 404   403   go*   409   404   404   404   404   403   403   403
    POST reported/receive           login login 404   403   403   403   404   404   404   404   go*   403   403
    POST reported/return            login login 404   403   403   403   404   404   404   404   go*   403   403
    POST reported/assign            login login 404   403   403   403   404   404   404   404   go*   403   403
    POST assigned/unassign          login login 404   403   403   403   404   404   404   404   go*   403   403
    POST reported_for_head/review   login login 404   403   go*   403   404   404   404   404   403   403   403
    POST in_force_for_head/review   login login 404   403   go*   403   404   404   404   404   403   403   403
    POST superseded_for_head/review login login 404   403   go*   403   404   404   404   404   403   403   403
    POST draft/withdraw             login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST with_head/withdraw         login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST reported/withdraw          login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST returned/withdraw          login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST in_force/supersede         login login 404   404   404   404   404   404   404   404   404   404   404
    POST shared/set                 login login 404   403   409   403   403   403   403   404   403   403   403
    POST shared/return_to_officer   login login 404   403   go*   403   403   403   403   404   403   403   403
    POST in_force/withdraw          login login 404   409   409   409   404   404   404   404   403   403   403
    POST draft/receive              login login 404   403   403   403   404   404   404   404   409   403   403
    POST draft/nothing              login login 404   404   404   404   404   404   404   404   404   404   404
/desk/consultations/<int:pk>/steps/<slug:name>/
    GET  asked/agree                login login 404   403   403   403   403   200   403   404   403   403   403
    POST asked/agree                login login 404   403   403   403   403   go*   403   404   403   403   403
    POST asked/object               login login 404   403   403   403   403   go*   403   404   403   403   403
    POST asked/agree_for_head       login login 404   403   403   403   403   403   go*   404   403   403   403
    POST asked/object_for_head      login login 404   403   403   403   403   403   go*   404   403   403   403
    GET  agreed_for_head/review     login login 404   403   403   403   403   200   403   404   403   403   403
    POST agreed_for_head/review     login login 404   403   403   403   403   go*   403   404   403   403   403
    POST objected_for_head/review   login login 404   403   403   403   403   go*   403   404   403   403   403
    POST asked/review               login login 404   403   403   403   403   409   403   404   403   403   403
"""
