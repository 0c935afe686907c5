"""Tool rental at the counter (004 annex 4; spec §3)."""
