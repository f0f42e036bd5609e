import pytest

from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient


@pytest.fixture
def cleo(client: PageClient, cast: Cast) -> PageClient:
    """The companion of the cast, signed in."""
    client.sign_in("cleo@contoh.example", PASSWORD)
    return client
