"""The county's web pages: the console of its staff, and the page where an employer confirms a slip (spec §5, S9).

Plain pages rendered here; no script, nothing loaded from elsewhere. What a browser sends is never trusted.
"""
