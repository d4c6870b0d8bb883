"""The admin's part of the table in `addresses.py`, which explains it."""

TABLE = """
# The admin: PR division, auditors, administrators
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/admin/
    GET  -                          door  door  door  door  door  door  door  door  door  door  200   200   200
    POST -                          door  door  door  door  door  door  door  door  door  door  200   200   200
/admin/login/
    GET  -                          login login 403   403   403   403   403   403   403   403   go    go    go
    POST -                          login login 403   403   403   403   403   403   403   403   200   200   200
/admin/logout/
    GET  -                          door  door  go    go    go    go    go    go    go    go    405   405   405
    POST -                          door  door  go    go    go    go    go    go    go    go    200   200   200
/admin/password_change/
    GET  -                          door  door  door  door  door  door  door  door  door  door  go    go    go
    POST -                          door  door  door  door  door  door  door  door  door  door  go    go    go
/admin/password_change/done/
    GET  -                          door  door  door  door  door  door  door  door  door  door  200   200   200
    POST -                          door  door  door  door  door  door  door  door  door  door  405   405   405
/admin/autocomplete/
    GET  -                          door  door  door  door  door  door  door  door  door  door  403   403   403
    POST -                          door  door  door  door  door  door  door  door  door  door  405   405   405
/admin/jsi18n/
    GET  -                          door  door  door  door  door  door  door  door  door  door  200   200   200
    POST -                          door  door  door  door  door  door  door  door  door  door  405   405   405
/admin/r/<path:content_type_id>/<path:object_id>/
    GET  0/1                        door  door  door  door  door  door  door  door  door  door  404   404   404
/admin/staff/user/import/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   200
/admin/staff/user/export/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/user/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   go*
/admin/staff/user/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/user/<path:object_id>/history/
    GET  user                       login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/user/<path:object_id>/delete/
    GET  user                       login login door  door  door  door  door  door  door  door  403   403   403
    POST user                       login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/user/<path:object_id>/change/
    GET  user                       login login door  door  door  door  door  door  door  door  200   200   200
    POST user                       login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/user/<path:object_id>/
    GET  user                       login login door  door  door  door  door  door  door  door  go    go    go
/admin/staff/membership/import/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   200
/admin/staff/membership/export/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/membership/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   go*
/admin/staff/membership/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/membership/<path:object_id>/history/
    GET  membership                 login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/membership/<path:object_id>/delete/
    GET  membership                 login login door  door  door  door  door  door  door  door  403   403   403
    POST membership                 login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/membership/<path:object_id>/change/
    GET  membership                 login login door  door  door  door  door  door  door  door  200   200   200
    POST membership                 login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/membership/<path:object_id>/
    GET  membership                 login login door  door  door  door  door  door  door  door  go    go    go
/admin/staff/department/import/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   200
/admin/staff/department/export/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/department/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   go*
/admin/staff/department/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/department/<path:object_id>/history/
    GET  tourism                    login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/department/<path:object_id>/delete/
    GET  tourism                    login login door  door  door  door  door  door  door  door  403   403   403
    POST tourism                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/department/<path:object_id>/change/
    GET  tourism                    login login door  door  door  door  door  door  door  door  200   200   200
    POST tourism                    login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/department/<path:object_id>/
    GET  tourism                    login login door  door  door  door  door  door  door  door  go    go    go
/admin/staff/transfer/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/transfer/sample/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
/admin/staff/transfer/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   go
/admin/staff/transfer/<path:object_id>/undo/
    GET  transfer                   login login door  door  door  door  door  door  door  door  403   403   200
    POST transfer                   login login door  door  door  door  door  door  door  door  403   403   go*
/admin/staff/transfer/<path:object_id>/history/
    GET  transfer                   login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/transfer/<path:object_id>/delete/
    GET  transfer                   login login door  door  door  door  door  door  door  door  403   403   403
    POST transfer                   login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/transfer/<path:object_id>/change/
    GET  transfer                   login login door  door  door  door  door  door  door  door  200   200   200
    POST transfer                   login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/transfer/<path:object_id>/
    GET  transfer                   login login door  door  door  door  door  door  door  door  go    go    go
/admin/staff/absence/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/absence/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/absence/<path:object_id>/history/
    GET  absence                    login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/absence/<path:object_id>/delete/
    GET  absence                    login login door  door  door  door  door  door  door  door  403   403   403
    POST absence                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/absence/<path:object_id>/change/
    GET  absence                    login login door  door  door  door  door  door  door  door  200   200   200
    POST absence                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/absence/<path:object_id>/
    GET  absence                    login login door  door  door  door  door  door  door  door  go    go    go
/admin/staff/erasure/propose/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   200
    POST -                          login login door  door  door  door  door  door  door  door  403   403   go
/admin/staff/erasure/<int:pk>/acts/<slug:act>/
    GET  erasure/approve            login login door  door  door  door  door  door  door  door  405   405   405
    POST erasure/approve            login login door  door  door  door  door  door  door  door  go*   403   go*
    POST erasure/withdraw           login login door  door  door  door  door  door  door  door  403   403   go*
    POST erasure/resume             login login door  door  door  door  door  door  door  door  go    403   go
    POST erasure/nothing            login login door  door  door  door  door  door  door  door  404   404   404
/admin/staff/erasure/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/erasure/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/erasure/<path:object_id>/history/
    GET  erasure                    login login door  door  door  door  door  door  door  door  200   200   200
/admin/staff/erasure/<path:object_id>/delete/
    GET  erasure                    login login door  door  door  door  door  door  door  door  403   403   403
    POST erasure                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/erasure/<path:object_id>/change/
    GET  erasure                    login login door  door  door  door  door  door  door  door  200   200   200
    POST erasure                    login login door  door  door  door  door  door  door  door  403   403   403
/admin/staff/erasure/<path:object_id>/
    GET  erasure                    login login door  door  door  door  door  door  door  door  go    go    go
/admin/accounts/account/import/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   200
    POST -                          login login door  door  door  door  door  door  door  door  200   403   200
/admin/accounts/account/export/xlsx/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/accounts/account/changes/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   200
    POST -                          login login door  door  door  door  door  door  door  door  422   403   422
/admin/accounts/account/export/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/accounts/account/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/accounts/account/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/accounts/account/<path:object_id>/history/
    GET  preparing                  login login door  door  door  door  door  door  door  door  200   200   200
/admin/accounts/account/<path:object_id>/delete/
    GET  preparing                  login login door  door  door  door  door  door  door  door  403   403   403
    POST preparing                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/accounts/account/<path:object_id>/change/
    GET  preparing                  login login door  door  door  door  door  door  door  door  200   200   200
    GET  official                   login login door  door  door  door  door  door  door  door  200   200   200
    POST preparing                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/accounts/account/<path:object_id>/
    GET  preparing                  login login door  door  door  door  door  door  door  door  go    go    go
/admin/postings/listedword/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   403
    POST -                          login login door  door  door  door  door  door  door  door  200   200   403
/admin/postings/listedword/add/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   403
    POST -                          login login door  door  door  door  door  door  door  door  go*   403   403
/admin/postings/listedword/<path:object_id>/history/
    GET  word                       login login door  door  door  door  door  door  door  door  200   200   403
/admin/postings/listedword/<path:object_id>/delete/
    GET  word                       login login door  door  door  door  door  door  door  door  403   403   403
    POST word                       login login door  door  door  door  door  door  door  door  403   403   403
/admin/postings/listedword/<path:object_id>/change/
    GET  word                       login login door  door  door  door  door  door  door  door  200   200   403
    POST word                       login login door  door  door  door  door  door  door  door  go*   403   403
/admin/postings/listedword/<path:object_id>/
    GET  word                       login login door  door  door  door  door  door  door  door  go    go    go
/admin/policies/operatingpolicy/acts/<slug:name>/
    GET  receive                    login login door  door  door  door  door  door  door  door  405   405   405
    POST assign                     login login door  door  door  door  door  door  door  door  200*  403   403
    POST unassign                   login login door  door  door  door  door  door  door  door  200*  403   403
    POST receive                    login login door  door  door  door  door  door  door  door  200*  403   403
    POST return                     login login door  door  door  door  door  door  door  door  200*  403   403
    POST set                        login login door  door  door  door  door  door  door  door  404   404   404
    POST withdraw                   login login door  door  door  door  door  door  door  door  404   404   404
/admin/policies/operatingpolicy/<int:pk>/notes/
    GET  reported                   login login door  door  door  door  door  door  door  door  405   405   405
    POST reported                   login login door  door  door  door  door  door  door  door  go*   403   403
    POST draft                      login login door  door  door  door  door  door  door  door  go*   403   403
/admin/policies/operatingpolicy/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/policies/operatingpolicy/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/operatingpolicy/<path:object_id>/history/
    GET  draft                      login login door  door  door  door  door  door  door  door  go    go    go
/admin/policies/operatingpolicy/<path:object_id>/delete/
    GET  draft                      login login door  door  door  door  door  door  door  door  403   403   403
    POST draft                      login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/operatingpolicy/<path:object_id>/change/
    GET  draft                      login login door  door  door  door  door  door  door  door  200   200   200
    GET  reported                   login login door  door  door  door  door  door  door  door  200   200   200
    GET  in_force                   login login door  door  door  door  door  door  door  door  200   200   200
    POST draft                      login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/operatingpolicy/<path:object_id>/
    GET  draft                      login login door  door  door  door  door  door  door  door  go    go    go
/admin/policies/guidelineversion/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/policies/guidelineversion/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/guidelineversion/<path:object_id>/history/
    GET  guideline                  login login door  door  door  door  door  door  door  door  200   200   200
/admin/policies/guidelineversion/<path:object_id>/delete/
    GET  guideline                  login login door  door  door  door  door  door  door  door  403   403   403
    POST guideline                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/guidelineversion/<path:object_id>/change/
    GET  guideline                  login login door  door  door  door  door  door  door  door  200   200   200
    POST guideline                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/policies/guidelineversion/<path:object_id>/
    GET  guideline                  login login door  door  door  door  door  door  door  door  go    go    go
/admin/shinshiro_sns/closure/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   403
    POST -                          login login door  door  door  door  door  door  door  door  200   200   403
/admin/shinshiro_sns/closure/add/
    GET  -                          login login door  door  door  door  door  door  door  door  200   403   403
    POST -                          login login door  door  door  door  door  door  door  door  go*   403   403
/admin/shinshiro_sns/closure/<path:object_id>/history/
    GET  shutdown                   login login door  door  door  door  door  door  door  door  200   200   403
/admin/shinshiro_sns/closure/<path:object_id>/delete/
    GET  shutdown                   login login door  door  door  door  door  door  door  door  403   403   403
    POST shutdown                   login login door  door  door  door  door  door  door  door  403   403   403
/admin/shinshiro_sns/closure/<path:object_id>/change/
    GET  shutdown                   login login door  door  door  door  door  door  door  door  200   200   403
    POST shutdown                   login login door  door  door  door  door  door  door  door  go*   403   403
/admin/shinshiro_sns/closure/<path:object_id>/
    GET  shutdown                   login login door  door  door  door  door  door  door  door  go    go    go
/admin/shinshiro_sns/outgoingmail/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  go*   200   go*
/admin/shinshiro_sns/outgoingmail/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/shinshiro_sns/outgoingmail/<path:object_id>/history/
    GET  mail                       login login door  door  door  door  door  door  door  door  200   200   200
/admin/shinshiro_sns/outgoingmail/<path:object_id>/delete/
    GET  mail                       login login door  door  door  door  door  door  door  door  403   403   403
    POST mail                       login login door  door  door  door  door  door  door  door  403   403   403
/admin/shinshiro_sns/outgoingmail/<path:object_id>/change/
    GET  mail                       login login door  door  door  door  door  door  door  door  200   200   200
    POST mail                       login login door  door  door  door  door  door  door  door  403   403   403
/admin/shinshiro_sns/outgoingmail/<path:object_id>/
    GET  mail                       login login door  door  door  door  door  door  door  door  go    go    go
/admin/publication/publisher/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  200   200   200
/admin/publication/publisher/add/
    GET  -                          login login door  door  door  door  door  door  door  door  403   403   403
    POST -                          login login door  door  door  door  door  door  door  door  403   403   403
/admin/publication/publisher/<path:object_id>/history/
    GET  publisher                  login login door  door  door  door  door  door  door  door  200   200   200
/admin/publication/publisher/<path:object_id>/delete/
    GET  publisher                  login login door  door  door  door  door  door  door  door  403   403   403
    POST publisher                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/publication/publisher/<path:object_id>/change/
    GET  publisher                  login login door  door  door  door  door  door  door  door  200   200   200
    POST publisher                  login login door  door  door  door  door  door  door  door  403   403   403
/admin/publication/publisher/<path:object_id>/
    GET  publisher                  login login door  door  door  door  door  door  door  door  go    go    go
/admin/<app_label>/
    GET  staff                      door  door  door  door  door  door  door  door  door  door  200   200   200
    GET  policies                   door  door  door  door  door  door  door  door  door  door  200   200   200
    GET  publication                door  door  door  door  door  door  door  door  door  door  200   200   200
    GET  shinshiro_sns              door  door  door  door  door  door  door  door  door  door  200   200   200
/admin/<url>
    GET  nothing                    door  door  door  door  door  door  door  door  door  door  404   404   404

# The whole city at a glance
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/admin/overview/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
    POST -                          login login door  door  door  door  door  door  door  door  405   405   405
/admin/overview/duties/<slug:name>/
    GET  finish                     login login door  door  door  door  door  door  door  door  200   200   200
    GET  nothing                    login login door  door  door  door  door  door  door  door  404   404   404
/admin/overview/questions/<slug:name>/
    GET  not_linked_back            login login door  door  door  door  door  door  door  door  200   200   200
    GET  nothing                    login login door  door  door  door  door  door  door  door  404   404   404
/admin/overview/clauses/
    GET  -                          login login door  door  door  door  door  door  door  door  200   200   200
"""
