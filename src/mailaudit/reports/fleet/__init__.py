"""Several campaigns in one report: a row for each, and what changed since an earlier one."""
