"""Who answers a DNS question: live servers, zone files, a recording, a draft laid over the world, or nobody."""
