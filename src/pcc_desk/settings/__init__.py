"""The settings file: what a shop decides once. It holds no secret and nothing about patients."""

from pcc_desk.settings.file import SettingsMissing, SettingsWrong, is_practice, load_settings, save_settings
from pcc_desk.settings.model import PosSettings, Settings, ShopSettings, StateSystemSettings
from pcc_desk.settings.values import known_zone, safe_address

__all__ = [
    "PosSettings",
    "Settings",
    "SettingsMissing",
    "SettingsWrong",
    "ShopSettings",
    "StateSystemSettings",
    "is_practice",
    "known_zone",
    "load_settings",
    "safe_address",
    "save_settings",
]
