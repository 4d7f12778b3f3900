"""Documents that come back as they were uploaded."""

import base64
import io
import zipfile

from pytest_bdd import parsers, then

from features.acts.act import VIEWS
from features.scene import Scene, told

__all__: list[str] = []


@then(parsers.re(r"«(?P<name>[^»]+)» скачивает те же байты"))
def _same_bytes(scene: Scene, name: str) -> None:
    """The document that was uploaded last."""
    outcome = scene.see(scene.cast[name], VIEWS["документ"])
    assert outcome.accepted, told(outcome)
    assert outcome.data["content"] == scene.last.payload["content"]
    scene.asserted.accepted = True


@then(parsers.re(r"в архиве «(?P<name>[^»]+)» файлы: (?P<files>.+)"))
def _archived(scene: Scene, name: str, files: str) -> None:
    """Names in order, after commas."""
    outcome = scene.see(scene.cast[name], VIEWS["архив документов"])
    assert outcome.accepted, told(outcome)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(outcome.data["content"]))) as archive:
        assert archive.namelist() == files.split(", "), archive.namelist()
    scene.asserted.accepted = True
