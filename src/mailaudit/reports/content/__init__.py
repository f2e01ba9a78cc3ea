"""What every format says: ranking, headline, figures and words."""
