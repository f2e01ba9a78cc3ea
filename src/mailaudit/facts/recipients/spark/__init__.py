"""Lists that lie in Apache Spark, observed where they lie."""
