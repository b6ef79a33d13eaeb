"""The portal beside rival implementations of one workload: ``bench/run.py --rivals FOLDER``."""
