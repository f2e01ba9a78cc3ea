"""The one resolver: live servers, zone files or a recording, behind a single-flight cache."""
