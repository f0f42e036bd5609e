"""What changes people, their access and their cohorts."""
