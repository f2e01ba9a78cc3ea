"""The first campaign file: what `init` asks, offers, checks and keeps."""
