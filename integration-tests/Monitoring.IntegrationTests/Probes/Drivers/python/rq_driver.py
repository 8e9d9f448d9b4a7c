"""rq_driver.py PORT: queues of RQ, and what RQ itself reports of them. rq_driver.py PORT worker: a worker."""
import os
import subprocess
import sys
from datetime import timedelta, timezone

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.suspension import is_suspended, suspend

import rq_jobs
from driver import serve, until

port = int(sys.argv[1])
connection = Redis(host="127.0.0.1", port=port)
queues = {name: Queue(name, connection=connection) for name in ("mail", "reports")}
workers = []


def start_worker():
    # A worker forks for each job, which a process that reads commands should not.
    workers.append(subprocess.Popen(
        [sys.executable, __file__, str(port), "worker"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def prepare():
    mail = queues["mail"]
    start_worker()
    done = [mail.enqueue(rq_jobs.work) for _ in range(3)]
    failed = [mail.enqueue(rq_jobs.fail) for _ in range(2)]
    until(lambda: all(job.get_status(refresh=True) == "finished" for job in done) and all(job.get_status(refresh=True) == "failed" for job in failed), "the jobs are done")
    held = mail.enqueue(rq_jobs.hold)
    until(lambda: held.get_status(refresh=True) == "started" and held.id in mail.started_job_registry, "the worker is held")
    for _ in range(4):
        mail.enqueue(rq_jobs.work)
    for _ in range(3):
        mail.enqueue_in(timedelta(hours=1), rq_jobs.work)
    for _ in range(2):
        queues["reports"].enqueue(rq_jobs.work)


def report():
    def of(queue):
        ids = queue.job_ids
        oldest = Job.fetch(ids[0], connection=connection).enqueued_at if ids else None
        return {
            "waiting": queue.count,
            "running": queue.started_job_registry.count,
            "delayed": queue.scheduled_job_registry.count,
            "failed": queue.failed_job_registry.count,
            "workers": Worker.count(queue=queue),
            "oldest": oldest.replace(tzinfo=timezone.utc).timestamp() * 1000 if oldest else None,
        }

    known = Worker.all(connection=connection)
    return {
        "queues": {name: of(queue) for name, queue in queues.items()},
        "workers": len(known),
        "busy": sum(worker.get_state() == "busy" for worker in known),
        "suspended": bool(is_suspended(connection)),
    }


def pause():
    suspend(connection)


def run():
    serve({"prepare": prepare, "report": report, "pause": pause})
    for worker in workers:
        worker.kill()
        worker.wait()


if len(sys.argv) > 2:
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    Worker([queues["mail"]], connection=connection).work()
else:
    run()
