"""Codes of GS1: check digits, SSCCs, GTINs (GS1 General Specifications §7.9)."""

GTIN_LENGTHS = (8, 12, 13, 14)


def check_digit(body: str) -> int:
    """Return the check digit of GS1: every second digit, from the last on, counts three times."""
    digits = body.encode()  # of which 0 is 48
    tripled, plain = digits[::-2], digits[-2::-2]
    return -(3 * (sum(tripled) - 48 * len(tripled)) + sum(plain) - 48 * len(plain)) % 10


def is_right(code: str) -> bool:
    """Return whether ``code`` is digits of which the last checks the others."""
    return code.isascii() and code.isdigit() and str(check_digit(code[:-1])) == code[-1]


def is_sscc(code: str) -> bool:
    """Return whether ``code`` is a Serial Shipping Container Code with the right check digit."""
    return len(code) == 18 and is_right(code)


def is_gtin(code: str) -> bool:
    """Return whether ``code`` is a Global Trade Item Number with the right check digit."""
    return len(code) in GTIN_LENGTHS and is_right(code)


def sscc(company_prefix: str, serial: int) -> str:
    """Return the 18 digits of a Serial Shipping Container Code.

    Extension digit 3, GS1 company prefix, serial number, check digit (GS1 General
    Specifications §7.9.1). Raises ValueError once the serials of a prefix are used up.
    """
    digits = 16 - len(company_prefix)
    body = f"3{company_prefix}{serial:0{digits}d}"
    if len(body) != 17:
        raise ValueError("The serial numbers of this GS1 company prefix are used up.")
    return f"{body}{check_digit(body)}"
