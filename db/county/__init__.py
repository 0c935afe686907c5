"""The county's side of the link (design §3): a small service in front of PostgreSQL."""
