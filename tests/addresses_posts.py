"""Who gets what at the addresses of posts, clause 4: read as `addresses.py` says."""

TABLE = """
# Posts, and the check of a draft
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/posts/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/posts/new/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   403   403
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/posts/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   200   200   403
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account             login login 404   200   200   200   200   200   200   404   200   200   403
    POST official                   login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/posts/new/
    GET  preparing                  login login 404   200   200   200   404   404   404   404   403   403   403
    GET  official                   login login 404   200   200   200   404   404   404   404   403   403   403
    GET  shared_account             login login 404   200   200   200   403   403   403   404   403   403   403
    POST official                   login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST shared_account             login login 404   go*   go*   go*   403   403   403   404   403   403   403
/desk/accounts/<int:pk>/posts/check/
    GET  official                   login login 405   405   405   405   405   405   405   405   405   405   405
    POST official                   login login 404   200*  200*  200*  404   404   404   404   403   403   403
    POST shared_account             login login 404   200*  200*  200*  403   403   403   404   403   403   403
/desk/accounts/<int:pk>/posts/copies/<int:copy>/discard/
    GET  official/copy              login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/copy              login login 404   go*   404   404   404   404   404   404   404   404   404
    POST preparing/copy             login login 404   404   404   404   404   404   404   404   404   404   404
/desk/accounts/<int:pk>/posts/<int:post>/
    GET  official/p_draft           login login 404   200   200   200   404   404   404   404   200   200   404
    GET  official/p_posted          login login 404   200   200   200   404   404   404   404   200   200   404
    GET  shared_account/p_shared    login login 404   200   200   200   200   200   200   404   200   200   404
    GET  official/p_shared          login login 404   404   404   404   404   404   404   404   404   404   404
    POST official/p_draft           login login 405   405   405   405   405   405   405   405   405   405   405
/desk/accounts/<int:pk>/posts/<int:post>/edit/
    GET  official/p_draft           login login 404   200   200   200   404   404   404   404   403   403   404
    GET  official/p_checked         login login 404   go    go    go    404   404   404   404   403   403   404
    GET  shared_account/p_shared    login login 404   go    go    go    403   403   403   404   403   403   404
    POST official/p_draft           login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_checked         login login 404   409*  409*  409*  404   404   404   404   403   403   404
    POST approving/p_returned       login login 404   go*   go*   go*   404   404   404   404   403   403   404
/desk/accounts/<int:pk>/posts/<int:post>/steps/<slug:name>/
    GET  official/p_draft/ready     login login 404   go    go    go    404   404   404   404   403   403   404
    GET  approving/p_awaiting/approve login login 404 200   200   200   404   404   404   404   403   403   404
    GET  official/p_checked/post    login login 404   200   200   200   404   404   404   404   403   403   404
    GET  official/p_draft/approve   login login 404   409   409   409   404   404   404   404   403   403   404
    GET  official/p_draft/nothing   login login 404   404   404   404   404   404   404   404   404   404   404
    POST official/p_draft/ready     login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST back/p_returned_then/ready  login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_drafted/ask    login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_returned/ask   login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_awaiting/recall login login 404  go*   409   409   404   404   404   404   403   403   404
    POST approving/p_awaiting/approve login login 404 409   go*   go*   404   404   404   404   403   403   404
    POST approving/p_awaiting/return login login 404  409   go*   go*   404   404   404   404   403   403   404
    POST official/p_checked/rewrite login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_approved/rewrite login login 404 go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_checked/post    login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_approved/post  login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_posted/amend    login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_draft/drop      login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_returned/drop  login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_awaiting/drop  login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_checked/drop    login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST approving/p_approved/drop  login login 404   go*   go*   go*   404   404   404   404   403   403   404
    POST official/p_posted/drop     login login 404   409   409   409   404   404   404   404   403   403   404
    POST shared_account/p_shared/post login login 404 go*   go*   go*   403   403   403   404   403   403   404
    POST official/p_draft/nothing   login login 404   404   404   404   404   404   404   404   404   404   404
/desk/accounts/<int:pk>/posts/keys/
    GET  official                   login login 404   200   200   200   404   404   404   404   200   200   403
    GET  shared_account             login login 404   200   200   200   403   403   403   404   200   200   403
    POST official                   login login 404   403   200*  403   404   404   404   404   403   403   403
/desk/accounts/<int:pk>/posts/keys/<int:key>/revoke/
    GET  official/key               login login 405   405   405   405   405   405   405   405   405   405   405
    POST official/key               login login 404   go*   go*   go*   404   404   404   404   403   403   403
    POST shared_account/key         login login 404   404   404   404   403   403   403   404   403   403   403

# What a head supervises, and what he asks
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/supervision/
    GET  -                          login login 403   go    go    go    go    go    go    go    200   200   403
/desk/supervision/<int:pk>/
    GET  tourism                    login login 404   200   200   200   404   404   404   404   200   200   404
/desk/supervision/<int:pk>/prompt/
    GET  tourism                    login login 404   403   403   403   404   404   404   404   go    403   404
    POST tourism                    login login 404   403   403   403   404   404   404   404   go    403   404
/desk/supervision/<int:pk>/<int:year>/<int:month>/
    GET  tourism/2020/1             login login 404   200   200   200   404   404   404   404   200   200   404
    GET  tourism/2020/13            login login 404   404   404   404   404   404   404   404   404   404   404
    POST tourism/2020/1             login login 404   403   422   422   404   404   404   404   403   403   404
/desk/supervision/<int:pk>/<int:year>/<int:month>/review/
    GET  tourism/2020/1             login login 405   405   405   405   405   405   405   405   405   405   405
    POST tourism/2020/1             login login 404   403   404   403   404   404   404   404   403   403   404
/desk/supervision/<int:pk>/<int:year>/<int:month>/remarks/
    GET  tourism/2020/1             login login 405   405   405   405   405   405   405   405   405   405   405
    POST tourism/2020/1             login login 404   403   404   404   404   404   404   404   403   403   404
/desk/accounts/<int:pk>/supervision/
    GET  official                   login login 404   go    go    go    404   404   404   404   go    go    403
/desk/accounts/<int:pk>/posts/<int:post>/inquiries/add/
    GET  official/p_posted          login login 404   403   200   200   404   404   404   404   403   403   404
    POST official/p_posted          login login 404   403   go*   go*   404   404   404   404   403   403   404
/desk/inquiries/<int:pk>/
    GET  inquiry                    login login 404   200   200   200   404   404   404   404   200   200   404
    POST inquiry                    login login 404   go*   403   go*   404   404   404   404   403   403   404
/desk/inquiries/<int:pk>/withdraw/
    GET  inquiry                    login login 404   403   200   200   404   404   404   404   403   403   404
    POST inquiry                    login login 404   403   go*   go*   404   404   404   404   403   403   404

# For posting tools, by a key of the account: no session opens it
/api/posts/check/
    GET  -                          405   405   405   405   405   405   405   405   405   405   405   405   405
    POST -                          401   401   401   401   401   401   401   401   401   401   401   401   401

# Declared emergencies
#   request                         none  inact stran offic head  deput p.off p.hea p.dep forei pr    audit admin
/desk/emergencies/
    GET  -                          login login 403   200   200   200   200   200   200   200   200   200   403
    POST -                          login login 405   405   405   405   405   405   405   405   405   405   405
/desk/emergencies/new/
    GET  -                          login login 403   403   200   200   403   200   200   403   200   403   403
    POST -                          login login 403   403   go*   go*   403   422   422   403   go*   403   403
/desk/emergencies/<int:pk>/
    GET  emergency                  login login 403   200   200   200   200   200   200   200   200   200   403
    POST emergency                  login login 405   405   405   405   405   405   405   405   405   405   405
/desk/emergencies/<int:pk>/end/
    GET  emergency                  login login 403   403   200   200   403   403   403   403   200   403   403
    POST emergency                  login login 403   403   go*   go*   403   403   403   403   go*   403   403
    POST the_citys                  login login 403   403   403   403   403   403   403   403   go*   403   403
/desk/emergencies/<int:pk>/review/
    GET  emergency_for_head         login login 405   405   405   405   405   405   405   405   405   405   405
    POST emergency                  login login 403   403   409   403   403   403   403   403   403   403   403
    POST emergency_for_head         login login 403   403   go*   403   403   403   403   403   403   403   403
"""
