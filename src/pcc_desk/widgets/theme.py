"""How the desk looks: two calm themes. Colours are chosen to be told apart by most eyes, and never stand alone."""

from textual.theme import Theme

DARK = Theme(
    name="pcc-dark",
    dark=True,
    primary="#5aa9e6",
    secondary="#7f9fb8",
    accent="#e3b04b",
    foreground="#d7dce2",
    background="#12161b",
    surface="#171c22",
    panel="#1e252d",
    success="#5fb49c",
    warning="#e3b04b",
    error="#f28482",
    variables={
        "block-cursor-background": "#2c5a80",
        "block-cursor-foreground": "#ffffff",
        "surface-lighten-1": "#242c35",
        "text-muted": "#93a1ae",
        "text-primary": "#8cc4f0",
        "text-accent": "#e3b04b",
        "text-success": "#7cc9b2",
        "text-warning": "#edc165",
        "text-error": "#ff9d9a",
    },
)

LIGHT = Theme(
    name="pcc-light",
    dark=False,
    primary="#1d5f91",
    secondary="#52687a",
    accent="#8a5a00",
    foreground="#1b2127",
    background="#f6f7f8",
    surface="#eef0f2",
    panel="#e3e7eb",
    success="#1f6b57",
    warning="#7a5000",
    error="#a32020",
    variables={
        "block-cursor-background": "#1d5f91",
        "block-cursor-foreground": "#ffffff",
        "surface-lighten-1": "#d5dce3",
        "text-muted": "#53606c",
        "text-primary": "#174d76",
        "text-accent": "#7a5000",
        "text-success": "#1a5c4a",
        "text-warning": "#6f4900",
        "text-error": "#981b1b",
    },
)

THEMES = (DARK, LIGHT)
