"""DNS messages as octets: questions, answers, and one exchange with the servers."""
