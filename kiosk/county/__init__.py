"""The county link as staff and visitors meet it: how it stands, conflicts, rights, bans, people known elsewhere."""
