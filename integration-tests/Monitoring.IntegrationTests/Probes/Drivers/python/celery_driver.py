"""celery_driver.py PORT: queues of Celery, and what Celery and kombu themselves report of them."""
import os
import subprocess
import sys

os.environ["BROKER"] = f"redis://127.0.0.1:{sys.argv[1]}/0"
os.chdir(os.path.dirname(os.path.abspath(__file__)))

import celery_app  # noqa: E402
from driver import serve, until  # noqa: E402

app = celery_app.app
workers = []


def inspect(what):
    # One worker is to answer.
    answer = getattr(app.control.inspect(timeout=5, limit=1), what)() or {}
    return [task for tasks in answer.values() for task in tasks]


def prepare():
    workers.append(subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "-Q", "mail", "-c", "1", "--without-gossip", "--without-mingle", "-l", "ERROR"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    done = [celery_app.work.apply_async(queue="mail") for _ in range(3)]
    failed = [celery_app.fail.apply_async(queue="mail") for _ in range(2)]
    until(lambda: all(result.state == "SUCCESS" for result in done) and all(result.state == "FAILURE" for result in failed), "the tasks are done")

    # Two whose time has not come are with the worker, which waits for it; so is the one it is at.
    for _ in range(2):
        celery_app.work.apply_async(queue="mail", countdown=3600)
    until(lambda: len(inspect("scheduled")) == 2, "the delayed tasks are with the worker")
    celery_app.hold.apply_async(queue="mail")
    until(lambda: len(inspect("active")) == 1, "the worker is held")
    for priority in (0, 0, 0, 0, 3, 6, 9):
        celery_app.work.apply_async(queue="mail", priority=priority)
    for _ in range(2):
        celery_app.work.apply_async(queue="reports")


def report():
    def waiting(queue):
        with app.connection_for_read() as connection:
            return connection.default_channel.queue_declare(queue, passive=True).message_count

    return {
        "mail": waiting("mail"),
        "reports": waiting("reports"),
        "unacked": len(inspect("active")) + len(inspect("reserved")) + len(inspect("scheduled")),
    }


serve({"prepare": prepare, "report": report})
for worker in workers:
    worker.terminate()
    try:
        worker.wait(10)
    except subprocess.TimeoutExpired:
        worker.kill()
