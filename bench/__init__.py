"""Measures the gateway on real services with demo data: `python -m bench`, or `make bench`. See docs/benchmarks.md."""
