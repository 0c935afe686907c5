"""The device's side of the county link (design §3): wire format, push, pull, enrolment, schedule, USB."""
