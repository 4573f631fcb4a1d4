"""The data that ships with the desk: rules, the practice shop."""

from pathlib import Path


def data_folder() -> Path:
    """Return the folder of the data that ships with the desk: inside the wheel, or beside `src` in a checkout."""
    shipped = Path(__file__).parent / "_data"
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "data"
