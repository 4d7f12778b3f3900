"""What people have ready before they turn to support."""

from pytest_bdd import given, parsers, when

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []


@given(parsers.re(r"у «(?P<name>[^»]+)» снимок экрана и журнал сбоя"))
def _with_files(scene: Scene, name: str) -> None:
    """Uploaded."""
    for phrase in ("загружает снимок экрана", "загружает журнал сбоя"):
        done(scene, scene.cast[name], phrase)


@given(parsers.re(r"«(?P<name>[^»]+)» обратил(?:ся|ась) в поддержку"))
@when(parsers.re(r"«(?P<name>[^»]+)» обратил(?:ся|ась) в поддержку"))
def _asked(scene: Scene, name: str) -> None:
    """With everything that a request bears."""
    _with_files(scene, name)
    done(scene, scene.cast[name], "обращается в поддержку")
