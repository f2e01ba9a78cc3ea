"""What stands in every language as it is: keys, hosts, records, commands and results."""

import re

KEY = re.compile(r"[a-z_]+:")
# A list of keys or of names, which are typed as they stand.
KEYS = re.compile(r"[a-z_.-]+(?:, [a-z_.-]+)+(?: (?:and|or) [a-z_.-]+)?")
# Hosts in a row, some of which look like a number.
HOSTS = re.compile(r"(?=.*[^\W\d])[\w-]+\.[\w.-]+(?:(?:, | and )[\w-]+\.[\w.-]+)+")
# Records and YAML, which are pasted as they stand, and the words of protocols.
PASTED = re.compile(
    r"v=\w|(?:[a-z_][\w.]*: )?(?:\{.*\}$|\[(?:[\"{]|\S+[,\]]))|\w+=\S*; ?|"
    r"\S+ \d+ IN [A-Z]+ |mailaudit [a-z]+(?: --?[\w-]+(?: \S+)?)*$|\S+ = \S+$"
)
# A key, a file and its line, a host: what may stand before a colon.
PLACE = re.compile(r"[A-Z]{1,7}|[\w@/:…-]*[.:@/\[][\w.@/:\[\]…-]*")
# What stands in every language as it is.
CODE = re.compile(r"`[^`]*`|\"v=[^\"]*\"|\b[vp]=\w+; ?\w+=\S+")
RESULTS = frozenset("none pass fail softfail neutral permerror temperror quarantine reject".split())
