"""The jobs of the RQ driver; the worker imports them."""
import os

from rq import get_current_job


def work():
    return "done"


def fail():
    raise ValueError("as asked")


def hold():
    # Until it is told, or the worker that forked this process is gone.
    worker = os.getppid()
    while os.getppid() == worker and not get_current_job().connection.blpop("release", 1):
        pass
