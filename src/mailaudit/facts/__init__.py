"""What the world says about a campaign: gathered once, concurrently, and never judged."""
