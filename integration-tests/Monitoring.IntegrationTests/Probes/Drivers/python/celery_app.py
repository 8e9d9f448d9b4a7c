"""The application of the Celery driver; the worker imports it."""
import os

from celery import Celery
from redis import Redis

app = Celery("probes", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)


@app.task
def work():
    return "done"


@app.task
def fail():
    raise ValueError("as asked")


@app.task
def hold():
    Redis.from_url(os.environ["BROKER"]).blpop("release", 120)
