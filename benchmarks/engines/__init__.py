"""Inference for one incident, beside other engines. Each stands in a process, and a file, of its own."""
