"""How much of a number a list may show."""


def nip(value: str | None) -> str:
    """Mask the middle of a NIP: `1990••••••••••001`; a dash for none."""
    return f"{value[:4]}{'•' * (len(value) - 7)}{value[-3:]}" if value and len(value) > 7 else "–"
