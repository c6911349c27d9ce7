"""Addresses of the pages of incidents."""

from django.urls import path

from evenfall.incidents.logic.states import Act
from evenfall.incidents.views import (
    acting,
    declaring,
    exporting,
    hearing,
    life,
    listing,
    one,
    promises,
    roles,
    suspects,
    tasks,
    timeline,
    updates,
)
from evenfall.incidents.views import runbooks as runbook_views

app_name = "incidents"
_ONE = "incidents/<int:incident_id>/"

urlpatterns = [
    path("incidents/", listing.incident_list, name="list"),
    path("promises/", promises.board, name="promises"),
    path("hearing/", hearing.hearing, name="hearing"),
    path("hearing/add/", hearing.add, name="add_listener"),
    path("hearing/approval/", hearing.approval, name="approval"),
    path("hearing/<int:listener_id>/remove/", hearing.remove, name="remove_listener"),
    path("reports/promises/", promises.report, name="promise_report"),
    path("incidents/new/", declaring.declare, name="declare"),
    path("incidents/similar/", declaring.similar, name="similar"),
    path("pages/<int:page_id>/chain.json", exporting.page_chain, name="page_chain"),
    path(_ONE, one.incident, name="incident"),
    path(f"{_ONE}runbooks/missing/", runbook_views.miss, name="miss_runbook"),
    path(f"{_ONE}runbooks/<slug:runbook>/", runbook_views.runbook, name="runbook"),
    path(f"{_ONE}runbooks/<slug:runbook>/tick/", runbook_views.tick, name="tick"),
    path(f"{_ONE}runbooks/<slug:runbook>/use/", runbook_views.use, name="use_runbook"),
    path(f"{_ONE}parts/<slug:name>/", one.part, name="part"),
    path(f"{_ONE}acknowledge/", acting.acknowledge, name="acknowledge"),
    path(f"{_ONE}on-it/", acting.mobilise, name="mobilise"),
    path(f"{_ONE}resolve/", acting.resolve, name="resolve"),
    path(f"{_ONE}reopen/", acting.reopen, name="reopen"),
    path(f"{_ONE}join/", declaring.join, name="join"),
    path(f"{_ONE}merge/", acting.merge, name="merge"),
    *(
        path(f"{_ONE}{act.value}/", life.step, {"act": act}, name=act.value)
        for act in (Act.INVESTIGATE, Act.FIX, Act.MONITOR, Act.REVIEW, Act.CLOSE)
    ),
    path(f"{_ONE}pause/", life.pause, name="pause"),
    path(f"{_ONE}decline/", life.decline, name="decline"),
    path(f"{_ONE}times/", life.times, name="times"),
    path(f"{_ONE}recurrence/", life.recurrence, name="recurrence"),
    path(f"{_ONE}privacy/", acting.set_privacy, name="privacy"),
    path(f"{_ONE}insiders/", acting.add_insiders, name="insiders"),
    path(f"{_ONE}severity/", acting.set_severity, name="severity"),
    path(f"{_ONE}title/", acting.rename, name="rename"),
    path(f"{_ONE}not-actionable/", acting.mark_not_actionable, name="not_actionable"),
    path(f"{_ONE}notes/", timeline.notes, name="notes"),
    path(f"{_ONE}notes/<int:note_id>/correct/", timeline.correct, name="correct_note"),
    path(f"{_ONE}notes/<int:note_id>/strike/", timeline.strike, name="strike_note"),
    path(f"{_ONE}entries/<slug:entry>/", timeline.one, name="entry"),
    path(f"{_ONE}entries/<slug:entry>/pin/", timeline.pin, name="pin"),
    path(f"{_ONE}entries/<slug:entry>/remark/", timeline.remark, name="remark"),
    path(f"{_ONE}images/<int:image_id>/", timeline.image, name="image"),
    path(f"{_ONE}roles/", roles.give, name="roles"),
    path(f"{_ONE}roles/leave/", roles.leave, name="leave_role"),
    path(f"{_ONE}roles/<slug:crew_role>/", roles.hand_over, name="hand_over"),
    path(f"{_ONE}handovers/<int:handover_id>/", roles.handover, name="handover"),
    path(f"{_ONE}handovers/<int:handover_id>/read/", roles.read, name="read_handover"),
    path(f"{_ONE}updates/", updates.updates, name="updates"),
    path(f"{_ONE}promises/<slug:audience>/", updates.name_next, name="name_next"),
    path(f"{_ONE}proposed/<int:proposed_id>/approve/", updates.approve, name="approve_proposed"),
    path(
        f"{_ONE}proposed/<int:proposed_id>/send-back/",
        updates.send_back,
        name="send_back_proposed",
    ),
    path(f"{_ONE}long/", updates.long, name="long"),
    path(f"{_ONE}tasks/", tasks.add, name="tasks"),
    path(f"{_ONE}tasks/<int:task_id>/", tasks.one, name="task"),
    path(f"{_ONE}tasks/<int:task_id>/take/", tasks.take, name="take_task"),
    path(f"{_ONE}tasks/<int:task_id>/done/", tasks.finish, name="finish_task"),
    path(f"{_ONE}tasks/<int:task_id>/drop/", tasks.drop, name="drop_task"),
    path(f"{_ONE}tasks/<int:task_id>/reopen/", tasks.reopen, name="reopen_task"),
    path(f"{_ONE}tasks/<int:task_id>/move/", tasks.move, name="move_task"),
    path(f"{_ONE}suspects/", suspects.judge, name="suspects"),
    path(f"{_ONE}page/", acting.page_more, name="page_more"),
]
