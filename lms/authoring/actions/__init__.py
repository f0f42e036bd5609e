"""What changes content: drafts, publications, images, packs."""
