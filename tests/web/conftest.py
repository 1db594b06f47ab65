import asyncio
import random

import httpx
import pytest
from planted_desk import planted_desk

from leitweg.domain.imports import ImportOptions
from leitweg.store import create_workspace, open_workspace
from leitweg.studies.api_keys import create_api_key
from leitweg.studies.importing import import_files
from leitweg.studies.serving import check_serving
from leitweg.web.app import create_app
from purposes import allow


class Client:
    """Asks an application without any network, each time in a loop of its own."""

    def __init__(self, app, token):
        self.app = app
        self.token = token

    def send(self, method, path, *, token=..., headers=None, **more):
        headers = dict(headers or {})
        token = self.token if token is ... else token
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"

        async def asked():
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())

    def post(self, path, body=None, **more):
        return self.send("POST", path, json={} if body is None else body, **more)

    def get(self, path, **more):
        return self.send("GET", path, **more)


@pytest.fixture
def workspace(tmp_path):
    create_workspace(tmp_path / "w", profile="protected")
    return allow(tmp_path / "w", "routing")


@pytest.fixture
def planted(workspace):
    """A client, the state behind the desk, and the workspace."""
    token = create_api_key(workspace, name="helpdesk", role="service-agent").token
    desk, state = planted_desk(open_workspace(workspace))
    yield Client(create_app(desk), token), state
    desk.stop()


WORDS = {
    "Billing": ("bill", "Rechnung Betrag falsch Mahnung Zahlung"),
    "Technik": ("modem", "Internet Leitung Modem Router kaputt"),
    "Umzug": ("move", "Umzug Adresse Wohnung Anmeldung Schlüssel"),
}


def company_rows(cases=360):
    """Billing resolves bills, Technik modems, Umzug moves; one in ten is filed elsewhere."""
    chance = random.Random(1)
    for case in range(cases):
        unit = chance.choice(sorted(WORDS))
        topic, words = WORDS[unit]
        topic = chance.choice(["bill", "modem", "move"]) if chance.random() < 0.1 else topic
        text = " ".join(chance.choices(words.split(), k=5))
        day, minute = 1 + case // 14, case % 60
        where = f"V{case},2026-01-{day:02d}T"
        yield f"{where}08:{minute:02d}:00Z,Desk{case % 7},Desk,{topic},{text}"
        yield f"{where}12:{minute:02d}:00Z,{unit}{case % 7},{unit},{topic},{text}"


def imported(folder, profile):
    log = folder.with_suffix(".csv")
    log.write_text("\n".join(["case_id,at,person,unit,topic,text", *company_rows()]), "utf-8")
    import_files(folder, [log], ImportOptions(), profile=profile)
    allow(folder, "routing")
    # the models are kept, so that a copy opens at once
    check_serving(folder)
    return folder


@pytest.fixture(scope="session")
def companies(tmp_path_factory):
    """A protected and an open workspace of the same company; not to be written into."""
    home = tmp_path_factory.mktemp("companies")
    return {profile: imported(home / profile, profile) for profile in ("protected", "open")}
