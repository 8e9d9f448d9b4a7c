"""What every driver says: a line in is a command, a line out is its answer in JSON. The end of the input ends it."""
import json
import sys
import time
import traceback


def serve(commands):
    for line in sys.stdin:
        try:
            answer = commands[line.strip()]() or {}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


def until(condition, what):
    patience = time.monotonic() + 60
    while not condition():
        if time.monotonic() > patience:
            raise TimeoutError(f"waited in vain until {what}")
        time.sleep(0.02)
