"""Languages: the report is made in English, and what a person reads is said in the reader's language where it is printed.

A sentence is read back into its message and its values (`message`), looked up in the gettext catalogue of a language
(`catalogue`), and said with the values of that language (`speech`). English is the key and needs nothing of this.
"""
