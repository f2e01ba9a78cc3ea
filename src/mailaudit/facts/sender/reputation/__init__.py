"""What blocklists say of the sender."""
