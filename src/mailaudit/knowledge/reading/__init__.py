"""Knowledge files become typed entries: YAML or its compiled form, a user's file merged into ours."""
