# A server that is a program: it says where and with what it runs, and does what it is told.
import hashlib
import json
import os
import subprocess
import sys


def called(name, arguments):
    if name == "look":
        # What is secret is covered on its way out.
        digest = hashlib.sha256(os.environ.get("API_KEY", "").encode()).hexdigest()
        said = {"env": dict(os.environ), "args": sys.argv[1:], "cwd": os.getcwd(), "pid": os.getpid()}
        return {"digest": digest, **said}
    if name == "complain":
        print(arguments["text"], file=sys.stderr, flush=True)
        return {}
    if name == "run":
        done = subprocess.run(arguments["words"], capture_output=True, text=True, timeout=60)
        return {"stdout": done.stdout, "stderr": done.stderr}
    if name == "fill":
        # As on a disk that is full.
        try:
            with open("/dev/full", "w") as disk:
                disk.write("x")
        except OSError as error:
            print(f"I cannot save: {error}", file=sys.stderr, flush=True)
            os._exit(4)
    if name == "leave":
        # A helper that is nobody's child, in a session of its own.
        helper = subprocess.Popen(["sh", "-c", "setsid sleep 600 >&- 2>&- <&- & echo $!"], stdout=subprocess.PIPE, text=True)
        return {"pid": int(helper.stdout.readline())}
    if name == "die":
        print("I cannot go on", file=sys.stderr, flush=True)
        os._exit(3)
    raise KeyError(name)


TOOLS = [
    {"name": name, "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": name == "look"}}
    for name in ("look", "complain", "run", "fill", "leave", "die")
]


def result(message):
    method, params = message["method"], message.get("params") or {}
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "stdio", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        said = called(params["name"], params.get("arguments") or {})
        return {"content": [{"type": "text", "text": json.dumps(said)}]}
    return {}


if "STARTS" in os.environ:
    with open(os.environ["STARTS"], "a") as starts:
        starts.write(f"{os.getpid()}\n")


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message and "method" in message:
        answer = {"jsonrpc": "2.0", "id": message["id"]}
        if message["method"] == "server/discover":
            answer["error"] = {"code": -32601, "message": "Method not found"}
        else:
            answer["result"] = result(message)
        print(json.dumps(answer), flush=True)
