"""Cycle counts: planned, counted blind, counted again, decided by somebody else."""
