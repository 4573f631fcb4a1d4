"""Which places there are, and who may be in them."""

from pcc_desk.desk.rights import Right

PLACES = ("Today", "Queue", "Allotment", "Chart", "Reconcile")
"""In the order in which a visit goes through them. The outbox stands beside them only while somebody is there."""

OPEN_TO = {
    "Today": Right.CHECK_MORNING,
    "Queue": Right.SEE_QUEUE,
    "Allotment": Right.SEE_ALLOTMENT,
    "Chart": Right.OPEN_CHART,
    "Reconcile": Right.RECONCILE,
    "Outbox": Right.SEE_POSTS,
    "Audit": Right.AUDIT,
    "Staff": Right.STAFF,
}
"""The right that one needs to be in a place."""
