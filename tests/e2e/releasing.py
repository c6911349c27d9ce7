"""A release on its way, with gates that pass, fail and do not know; and what stands around it."""

from datetime import timedelta

from tests.e2e.evening import Evening

SERVICE, SLUG = "Image Resizer", "image-resizer"


def pages_of_releases(evening: Evening) -> list[str]:
    """The addresses of single things; they are made once."""
    api = evening.api
    found = api.get("/releases", service=SLUG)["items"]
    release = found[0]["id"] if found else _made(evening)
    train = api.get(f"/releases/{release}")["train_id"]
    return [
        f"/releases/{release}/",
        f"/releases/{release}/edit/",
        f"/releases/trains/{train}/",
        f"/releases/trains/{train}/edit/",
        f"/services/{SLUG}/stages/",
        f"/services/{SLUG}/stages/1/",
    ]


def _made(evening: Evening) -> int:
    api, now = evening.api, evening.installation.now()
    tomorrow = (now + timedelta(days=1)).isoformat()
    gates = ["budget", "quality", "checklist", "approvals", "rollback", "incident"]
    checklist = [{"key": "read", "text": "Somebody read the notes"}]
    rules = {"gates": gates, "quality": [{"name": "unit"}], "checklist": checklist}
    way = [{"name": "PROD", "environment": "PROD", "rules": rules}]
    api.put(f"/services/{SLUG}/stages", stages=way)
    made = api.post(
        "/releases", service=SLUG, version="3.1", notes="# Smaller\n\nPictures are smaller."
    )
    number, passage = made["id"], made["passages"][0]["id"]
    api.post("/quality", service=SLUG, version="3.1", name="lint", is_good=True)
    train = {"name": "Week 1", "departs_at": tomorrow, "release_ids": [number]}
    api.post("/release-trains", **train)
    api.put(f"/passages/{passage}/downtime", starts_at=tomorrow, minutes=5)
    api.post(
        f"/passages/{passage}/exceptions",
        kind="business",
        gates=["checklist"],
        reason="The fair begins",
        expires_at=tomorrow,
        review_on=tomorrow[:10],
    )
    reach = {"service_id": evening.services[SERVICE], "environments": ["PROD"]}
    hours = [{"day": day, "starts": 540, "ends": 960} for day in range(5)]
    api.post("/deploy-windows", name="Office", time_zone="Europe/Berlin", hours=hours, **reach)
    later = (now + timedelta(days=3)).isoformat()
    api.post("/freezes", reason="The fair", starts_at=tomorrow, ends_at=later, **reach)
    return int(number)
