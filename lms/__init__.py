"""Pandu, the learning platform for Indonesia's social companions; `lms/README.md` is the map."""
