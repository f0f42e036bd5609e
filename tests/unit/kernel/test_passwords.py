"""What a password costs outside the tests, which make it cheap for themselves (`tests/builders.py`)."""

import subprocess
import sys

from argon2 import PasswordHasher, extract_parameters


def test_a_hash_costs_what_the_library_advises() -> None:
    code = "from lms.kernel import passwords; print(passwords.hashed('kunci-rumah-biru'))"
    hashed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert hashed.startswith("$argon2id$")
    parameters = extract_parameters(hashed)
    assert parameters == extract_parameters(PasswordHasher().hash("kunci-rumah-biru"))
    assert (parameters.memory_cost, parameters.time_cost) >= (65_536, 3)
