"""The parts of an address that are the consultation's own."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class RefConverter(StringConverter):
    """A section's or a provision's reference: any characters but those that no text can hold."""

    regex = r"[^/\x00]+"


register_converter(RefConverter, "ref")
