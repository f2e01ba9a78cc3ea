"""Any list format becomes rows."""
