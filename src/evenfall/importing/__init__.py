"""Moving in: schedules, policies and rules out of the exports of other tools.

Words: an *export* is what somebody fetched from the other tool and gave us as one file. A
*translator*, one for each tool, makes a *draft* of it: people, rotas and policies in our words,
with *findings* about whatever has no equal here. A *run* writes the draft. An *origin* remembers
which thing of ours came from which thing of theirs.

Invariants:
- Nothing is written before somebody has seen the report of the dry run.
- A run is one transaction, and running the same export again changes nothing.
- What a draft cannot say is a finding, never a silence.
"""
