"""What the sender plans: campaign.yml becomes a `Campaign` that knows the line of every key."""
