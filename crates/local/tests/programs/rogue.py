"""An MCP server on standard input and output that does, when told to, what servers should not."""

import json
import os
import signal
import sys
import time

how = sys.argv[1] if len(sys.argv) > 1 else "well"
shared = {}


def say(message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def text(said):
    return {"content": [{"type": "text", "text": said}]}


def fork_away(depth=2):
    """A process of a session of its own, whose parent is gone, and that ends for nothing but SIGKILL."""
    if os.fork() > 0:
        return
    os.setsid()
    if depth > 1:
        fork_away(depth - 1)
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    while True:
        time.sleep(60)


def begin():
    if how == "dies":
        print("the key is missing: set ROGUE_KEY", file=sys.stderr)
        print("I was told " + os.environ.get("ROGUE_KEY", "nothing"), file=sys.stderr)
        sys.exit(3)
    if how == "hangs":
        print("waiting for nothing", file=sys.stderr, flush=True)
        time.sleep(3600)
    if how == "banner":
        print("Welcome to the rogue server!\n", flush=True)
    while how == "prose":
        print("All work and no play makes Jack a dull boy.", flush=True)
    while how == "endless":
        sys.stdout.write("x" * 65536)
    if how == "closes":
        os.close(1)
        time.sleep(3600)
    if how in ("forks", "stubborn"):
        fork_away()
        fork_away()
    if how == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def call(id, name, arguments, meta):
    if name == "echo":
        return say({"id": id, "result": text(arguments.get("text", ""))})
    if name == "big":
        return say({"id": id, "result": text("x" * arguments["bytes"])})
    if name == "env":
        return say({"id": id, "result": text(json.dumps(dict(os.environ)))})
    if name == "where":
        fds = sorted(os.listdir("/proc/self/fd"))
        status = open("/proc/self/status").read()
        return say({"id": id, "result": text(json.dumps({"cwd": os.getcwd(), "fds": fds, "status": status}))})
    if name == "progress":
        for at in range(arguments["steps"]):
            told = {"progressToken": meta["progressToken"], "progress": at + 1}
            say({"method": "notifications/progress", "params": told})
        return say({"id": id, "result": text("done")})
    if name == "ask":
        shared["asked"] = id
        return say({"id": "ask-1", "method": "roots/list"})
    if name == "wait":
        shared["waits"] = id
        return None
    if name == "cancelled":
        return say({"id": id, "result": text(json.dumps(shared.get("cancelled")))})
    if name == "flood":
        for at in range(arguments["messages"]):
            say({"method": "notifications/message", "params": {"level": "info", "data": "y" * 1000, "at": at}})
        return say({"id": id, "result": text("flooded")})
    if name == "complain":
        for at in range(arguments["lines"]):
            print(f"line {at} " + "z" * 100, file=sys.stderr)
        return say({"id": id, "result": text("complained")})
    if name == "leak":
        said = "the key is " + os.environ["ROGUE_KEY"]
        coded = said.encode(arguments.get("coding", "utf-8")) + b"\n"
        os.write(2, coded)
        if "coding" in arguments:
            os.write(1, coded)
        return say({"id": id, "result": text(said)})
    if name == "die":
        print("I cannot go on", file=sys.stderr, flush=True)
        os._exit(7)
    if name == "notify":
        return say({"method": "notifications/tools/list_changed"})
    return say({"id": id, "error": {"code": -32602, "message": "unknown tool"}})


def serve():
    for line in sys.stdin:
        message = json.loads(line)
        id, method = message.get("id"), message.get("method")
        params = message.get("params", {})
        meta = params.get("_meta", {})
        if method == "initialize" and how == "refuses":
            say({"id": id, "error": {"code": -32602, "message": "no such version"}})
        elif method == "initialize":
            version = params.get("protocolVersion", "2025-11-25")
            say({"id": id, "result": {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "rogue", "version": "1"}}})
        elif method == "server/discover" and how == "older":
            sys.exit("the first request must be initialize")
        elif method == "server/discover" and how == "modern":
            say({"id": id, "result": {"supportedVersions": ["2026-07-28"], "capabilities": {}}})
        elif method == "subscriptions/listen":
            about = {"io.modelcontextprotocol/subscriptionId": id}
            say({"method": "notifications/subscriptions/acknowledged", "params": {"_meta": about}})
            say({"method": "notifications/tools/list_changed", "params": {"_meta": about}})
        elif method == "tools/call":
            call(id, params["name"], params.get("arguments", {}), meta)
        elif method == "notifications/cancelled":
            shared["cancelled"] = params["requestId"]
            if shared.get("waits") == params["requestId"]:
                shared["waits"] = None
        elif method is None and id == "ask-1":
            say({"id": shared["asked"], "result": text(json.dumps(message.get("result")))})
        elif method == "ping":
            say({"id": id, "result": {}})
        elif id is not None and method is not None:
            say({"id": id, "error": {"code": -32601, "message": "Method not found"}})
    if how == "stubborn":
        time.sleep(3600)


begin()
serve()
