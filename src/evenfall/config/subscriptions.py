"""The whole choreography on a page: which fact makes which domain react.

Facts travel up the stack only. Events of one reactor are handled in the order of the journal.
"""

from evenfall.alerting import reactions as alerting
from evenfall.chat import reactions as chat
from evenfall.foresight import reactions as foresight
from evenfall.identity.events import UserJoined
from evenfall.incidents import reactions as incidents
from evenfall.incidents.events import IncidentResolved, RecurrenceLinked
from evenfall.insights import reactions as insights
from evenfall.notifications import reactions as notifications
from evenfall.notifications.events import ContactMethodBroken, NoticeFailed
from evenfall.oncall import reactions as oncall
from evenfall.oncall.events import DutyPassed
from evenfall.paging import reactions as paging
from evenfall.paging.events import (
    PageAcknowledged,
    PageMobilised,
    PageResolved,
    PageStepTaken,
    PageStopped,
)
from evenfall.patterns import reactions as patterns
from evenfall.platform.events import Subscription
from evenfall.postmortems import reactions as postmortems
from evenfall.postmortems.events import PostmortemMoved, PublicationSaved
from evenfall.rollouts import reactions as rollouts
from evenfall.statuspages import reactions as statuspages
from evenfall.triage import reactions as triage

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    # alerts open, join and resolve incidents; a new incident starts a page. Not in the lane of
    # intake: in a storm the first pages leave while the last alerts are still decoded
    Subscription(
        reactor="incidents.alerts",
        events=incidents.ALERT_EVENTS,
        handler=incidents.follow_alerts,
        lane="paging",
    ),
    # a runbook that was started for an alert ended, or the alert did: people, or nobody
    Subscription(
        reactor="alerting.repairs",
        events=alerting.REPAIR_EVENTS,
        handler=alerting.follow_repairs,
        lane="paging",
    ),
    # a service needs another one now, or no longer: alerts wait for other problems
    Subscription(
        reactor="alerting.graph",
        events=alerting.GRAPH_EVENTS,
        handler=alerting.follow_graph,
        lane="slow",
        rest_s=0.5,
    ),
    # a version failed by itself: an incident, or a line in the one that is open
    Subscription(
        reactor="rollouts.failures",
        events=rollouts.FAILURES,
        handler=rollouts.follow_failures,
        lane="rollouts",
    ),
    # a version on its way: what the budget loses meanwhile is charged to it
    Subscription(
        reactor="rollouts.budgets",
        events=rollouts.SPANS,
        handler=rollouts.follow_spans,
        lane="slow",
        rest_s=1.0,
    ),
    # rules, policies or rotas changed: does everybody still reach somebody?
    Subscription(
        reactor="foresight.looks",
        events=foresight.CHANGES,
        handler=foresight.look_again,
        lane="slow",
        rest_s=1.0,
    ),
    # every change of an incident is shown in the rooms that want it
    Subscription(
        reactor="chat.posts",
        events=chat.INCIDENT_EVENTS,
        handler=chat.follow_incidents,
        lane="chat",
        rest_s=0.5,
    ),
    # a critical incident ended: its post-mortem is there as a draft, while people remember
    Subscription(
        reactor="postmortems.drafts",
        events=(IncidentResolved,),
        handler=postmortems.draft_after_resolution,
        lane="slow",
        rest_s=1.0,
    ),
    # an incident came back: what was done after the first one did not hold
    Subscription(
        reactor="postmortems.recurrences",
        events=(RecurrenceLinked,),
        handler=postmortems.reopen_after_recurrence,
        lane="slow",
        rest_s=1.0,
    ),
    # a page moved, or its incident ended: written down for the noise audit, when there is time
    Subscription(
        reactor="insights.pages",
        events=insights.PAGE_EVENTS,
        handler=insights.follow_pages,
        lane="slow",
        rest_s=2.0,
    ),
    Subscription(
        reactor="insights.incidents",
        events=insights.INCIDENT_EVENTS,
        handler=insights.follow_incidents,
        lane="slow",
        rest_s=2.0,
    ),
    # what people answer to a page moves its incident
    Subscription(
        reactor="incidents.pages",
        events=incidents.PAGE_EVENTS,
        handler=incidents.follow_pages,
        lane="paging",
    ),
    # whoever is called for a private incident may see it, sooner than a telephone rings
    Subscription(
        reactor="incidents.insiders",
        events=(PageStepTaken,),
        handler=incidents.follow_calls,
        lane="paging",
        rest_s=0.25,
    ),
    # an incident is so bad that more people are called than its policy leads to
    Subscription(
        reactor="incidents.invitations",
        events=incidents.LIFE_EVENTS,
        handler=incidents.invite_by_severity,
        lane="paging",
        rest_s=0.25,
    ),
    # whoever wants to know that it began or ended, or what its updates say, is told
    Subscription(
        reactor="incidents.hearing",
        events=incidents.HEARING_EVENTS,
        handler=incidents.tell_by_severity,
        lane="slow",
        rest_s=0.5,
    ),
    # an incident is over, or came back: roles end, somebody commands again
    Subscription(
        reactor="incidents.crew",
        events=incidents.CREW_EVENTS,
        handler=incidents.follow_endings,
        lane="slow",
        rest_s=0.5,
    ),
    # an incident begins, gets worse or ends: what people were promised to hear follows
    Subscription(
        reactor="incidents.promises",
        events=incidents.TURN_EVENTS,
        handler=incidents.follow_turns,
        lane="slow",
        rest_s=0.5,
    ),
    # what an incident tells the public goes onto its posts, what posts say keeps its promises
    Subscription(
        reactor="statuspages.updates",
        events=statuspages.TOLD_EVENTS,
        handler=statuspages.follow_updates,
        lane="slow",
        rest_s=0.5,
    ),
    # an incident begins, gets worse or ends: a first post for readers waits for a person, or not
    Subscription(
        reactor="statuspages.prepared",
        events=statuspages.LIFE_EVENTS,
        handler=statuspages.follow_lives,
        lane="slow",
        rest_s=0.5,
    ),
    # what an incident taught is public, or not any more: posts about it show the way there
    Subscription(
        reactor="statuspages.lessons",
        events=(PostmortemMoved, PublicationSaved),
        handler=statuspages.show_lessons,
        lane="slow",
        rest_s=1.0,
    ),
    # the schedule changed: whoever is away is replaced
    Subscription(
        reactor="oncall.standing_in",
        events=oncall.STAND_IN_EVENTS,
        handler=oncall.stand_in_where_absent,
        lane="paging",
    ),
    # the pager was taken, or somebody fell ill: unanswered pages follow
    Subscription(
        reactor="paging.took_over",
        events=(DutyPassed,),
        handler=paging.page_those_who_took_over,
        lane="paging",
    ),
    # whoever is paged too often, or in the night before a day of duty: the lieutenant is asked
    Subscription(
        reactor="paging.relief",
        events=(PageStepTaken,),
        handler=paging.offer_relief,
        lane="slow",
        rest_s=1.0,
    ),
    # a page is in good hands: it goes from the screens of all devices
    Subscription(
        reactor="paging.screens",
        events=(PageAcknowledged, PageMobilised, PageResolved, PageStopped),
        handler=paging.close_screens,
        lane="slow",
        rest_s=0.5,
    ),
    # nobody could be reached this way: the page goes on at once
    Subscription(
        reactor="paging.failures",
        events=(NoticeFailed,),
        handler=paging.go_on_after_failures,
        lane="paging",
    ),
    # a shift moved or is somebody else's now: the requests about it follow, or end
    Subscription(
        reactor="oncall.requests",
        events=oncall.SCHEDULE_EVENTS,
        handler=oncall.follow_requests,
        lane="slow",
        rest_s=1.0,
    ),
    # an address was refused for good: its owner is asked to mend it
    Subscription(
        reactor="notifications.repairs",
        events=(ContactMethodBroken,),
        handler=notifications.ask_for_repair,
        lane="slow",
    ),
    # a newcomer whose address is proved is paged there, without doing anything
    Subscription(
        reactor="notifications.newcomers",
        events=(UserJoined,),
        handler=notifications.reach_newcomers,
        lane="slow",
    ),
    # the schedule changed: what people are told of their shifts is planned again
    Subscription(
        reactor="oncall.shift_notices",
        events=oncall.SCHEDULE_EVENTS,
        handler=oncall.plan_notices_again,
        lane="slow",
        rest_s=1.0,
    ),
    # an alert that asks for a ticket is put into the queue of its team
    Subscription(
        reactor="triage.alerts",
        events=triage.ALERT_EVENTS,
        handler=triage.follow_alerts,
        lane="slow",
        rest_s=1.0,
    ),
    # tickets that came before there was any team go to the first one
    Subscription(
        reactor="triage.strays",
        events=triage.TEAMS_MADE,
        handler=triage.take_in_strays,
        lane="slow",
        rest_s=1.0,
    ),
    # who answers a critical incident has nothing else in work
    Subscription(
        reactor="triage.lane",
        events=triage.MORE_RESPONDERS,
        handler=triage.clear_the_lane,
        lane="slow",
        rest_s=1.0,
    ),
    # what became an incident says when this is over
    Subscription(
        reactor="triage.incidents",
        events=triage.INCIDENT_ENDS,
        handler=triage.follow_incidents,
        lane="slow",
        rest_s=1.0,
    ),
    # an incident is new, or something that it is compared by is another: was it seen before?
    Subscription(
        reactor="patterns.comparisons",
        events=patterns.CHANGES,
        handler=patterns.compare_incidents,
        lane="slow",
        rest_s=1.0,
    ),
    # the item of a live pattern counts more in the queue of the review
    Subscription(
        reactor="patterns.items",
        events=patterns.LIVES,
        handler=patterns.mark_items,
        lane="slow",
        rest_s=1.0,
    ),
    # whoever links a recurrence says that both are one problem
    Subscription(
        reactor="patterns.recurrences",
        events=patterns.LINKS,
        handler=patterns.follow_links,
        lane="slow",
        rest_s=1.0,
    ),
)
