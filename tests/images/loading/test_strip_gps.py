import pytest

from imagetoprompt.images.loading.exif import strip_gps


def test_places_in_elements_are_left_out() -> None:
    xmp = (
        "<a><exif:GPSLatitude>48,12.5N</exif:GPSLatitude><photoshop:City>Linz</photoshop:City></a>"
    )

    assert strip_gps(xmp) == "<a></a>"


def test_places_in_attributes_are_left_out() -> None:
    xmp = '<rdf:Description exif:GPSLongitude="14,17E" photoshop:Credit="Made with Google AI"/>'

    assert strip_gps(xmp) == '<rdf:Description  photoshop:Credit="Made with Google AI"/>'


def test_places_inside_a_structure_are_left_out() -> None:
    xmp = "<x:LocationShown><rdf:li><x:City>Linz</x:City></rdf:li></x:LocationShown>"

    assert "Linz" not in strip_gps(xmp)


def test_everything_else_stays() -> None:
    xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>a cat</dc:title></x:xmpmeta>'

    assert strip_gps(xmp) == xmp


@pytest.mark.parametrize("text", ["<" * 200_000, "a" * 200_000, "<a " * 80_000, 'a="' * 80_000])
def test_long_runs_are_searched_once(text: str) -> None:
    assert strip_gps(text) == text
